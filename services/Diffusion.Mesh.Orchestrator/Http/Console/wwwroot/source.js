// The picture to start from, and the mask on it.
import { $ } from './dom.js';
import { Brush } from './brush.js';
import { fitSize } from './settings.js';

let picture = null;
let brush = null;

export const source = () => picture;

/** The mask as a picture file; null where nothing is painted. */
export const mask = async () => brush?.mask() ?? null;

/** Starts from a picture, with a mask that was painted before or without. */
export async function setSource(blob, size = true, painted = null) {
  const image = new Image();
  image.alt = 'The picture to start from';
  image.src = URL.createObjectURL(blob);
  try {
    await image.decode();
  } catch {
    $('source-error').textContent = 'This browser cannot read the file as a picture.';
    return;
  }
  $('source-error').textContent = '';
  picture = blob;
  if (size) fitSize(image.naturalWidth, image.naturalHeight);
  brush = new Brush(image, $('brush-bar'));
  if (painted) await brush.load(painted);
  // Small pictures are shown larger: a brush needs room.
  $('canvas').style.width = `${Math.max(image.naturalWidth, 288)}px`;
  $('canvas').replaceChildren(image, brush.canvas);
  $('drop').hidden = true;
  $('source-set').hidden = false;
}

export function removeSource() {
  picture = brush = null;
  $('source').value = '';
  $('canvas').replaceChildren();
  $('drop').hidden = false;
  $('source-set').hidden = true;
}

$('source').onchange = () => { if ($('source').files[0]) setSource($('source').files[0]); };
$('source-remove').onclick = () => {
  removeSource();
  $('source').focus();
};
for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  $('drop').addEventListener(name, (event) => {
    event.preventDefault();
    $('drop').classList.toggle('over', name === 'dragenter' || name === 'dragover');
    if (name === 'drop' && event.dataTransfer.files[0]) setSource(event.dataTransfer.files[0]);
  });
}
const tellStrength = () => { $('strength-value').textContent = Number($('strength').value).toFixed(2); };
$('strength').oninput = tellStrength;
tellStrength();
