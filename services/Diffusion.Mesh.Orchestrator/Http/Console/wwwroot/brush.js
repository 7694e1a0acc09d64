// A mask painted over a picture: with a mouse, a finger, a pen, or the keyboard.
import { make } from './dom.js';

const longest = 1024;

export class Brush {
  #context;
  #erasing = false;
  #painted = false;
  #last = null;
  #cursor = null;
  #size;
  #tools;

  /** @param image a picture that is loaded; @param bar where the brush's controls go. */
  constructor(image, bar) {
    const scale = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight));
    this.canvas = make('canvas', {
      width: Math.max(1, Math.round(image.naturalWidth * scale)), height: Math.max(1, Math.round(image.naturalHeight * scale)), tabIndex: 0, role: 'application',
      'aria-label': 'Mask. Arrow keys move the brush, with Shift further; Space paints; E changes between brush and eraser; square brackets change its size; Delete clears.',
    });
    this.#context = this.canvas.getContext('2d');
    this.#size = make('input', { type: 'range', min: 2, max: 60, value: 18 });
    const tool = (name, erasing) => make('button', { type: 'button', 'aria-pressed': !erasing, onclick: () => this.#erase(erasing) }, name);
    this.#tools = [tool('Paint', false), tool('Erase', true)];
    bar.replaceChildren(...this.#tools, make('button', { type: 'button', onclick: () => this.clear() }, 'Clear'), make('label', {}, 'Size', this.#size));
    this.#listen();
  }

  /** The mask as a PNG, white where it is painted; null where nothing is. */
  async mask() {
    if (!this.#painted) return null;
    const { width, height } = this.canvas;
    const copy = make('canvas', { width, height });
    const context = copy.getContext('2d');
    const pixels = this.#context.getImageData(0, 0, width, height);
    let any = false;
    for (let i = 0; i < pixels.data.length; i += 4) {
      const white = pixels.data[i + 3] >= 64;
      any ||= white;
      pixels.data.set(white ? [255, 255, 255, 255] : [0, 0, 0, 255], i);
    }
    context.putImageData(pixels, 0, 0);
    return any ? new Promise((resolve) => { copy.toBlob(resolve, 'image/png'); }) : null;
  }

  /** A mask as `mask` made it. */
  async load(blob) {
    const bitmap = await createImageBitmap(blob);
    const { width, height } = this.canvas;
    this.#context.drawImage(bitmap, 0, 0, width, height);
    const pixels = this.#context.getImageData(0, 0, width, height);
    for (let i = 0; i < pixels.data.length; i += 4) pixels.data.set(pixels.data[i] >= 128 ? [124, 58, 237, 255] : [0, 0, 0, 0], i);
    this.#context.putImageData(pixels, 0, 0);
    this.#painted = true;
  }

  clear() {
    this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.#painted = false;
  }

  #erase(erasing) {
    this.#erasing = erasing;
    this.#tools.forEach((tool, i) => tool.setAttribute('aria-pressed', (i === 1) === erasing));
  }

  // The size is a share of the shorter side.
  get #radius() { return (Number(this.#size.value) / 200) * Math.min(this.canvas.width, this.canvas.height); }

  #stroke(from, to) {
    const context = this.#context;
    context.globalCompositeOperation = this.#erasing ? 'destination-out' : 'source-over';
    context.strokeStyle = '#7c3aed';
    context.lineCap = 'round';
    context.lineWidth = 2 * this.#radius;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x + 0.01, to.y);
    context.stroke();
    this.#painted = true;
  }

  #point(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * this.canvas.width, y: ((event.clientY - box.top) / box.height) * this.canvas.height };
  }

  #listen() {
    const { canvas } = this;
    canvas.style.opacity = 0.66;
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#last = this.#point(event);
      this.#stroke(this.#last, this.#last);
    };
    canvas.onpointermove = (event) => {
      if (!this.#last) return;
      const point = this.#point(event);
      this.#stroke(this.#last, point);
      this.#last = point;
    };
    canvas.onpointerup = canvas.onpointercancel = () => { this.#last = null; };
    canvas.onkeydown = (event) => this.#key(event);
    canvas.onfocus = () => { if (canvas.matches(':focus-visible')) this.#moveCursor(0, 0); };
    canvas.onblur = () => { this.#cursor?.remove(); };
  }

  #key(event) {
    const far = Math.max(1, this.#radius * (event.shiftKey ? 2 : 0.5));
    const size = (by) => { this.#size.value = Number(this.#size.value) + by; this.#moveCursor(0, 0); };
    const keys = {
      ArrowLeft: () => this.#moveCursor(-far, 0), ArrowRight: () => this.#moveCursor(far, 0), ArrowUp: () => this.#moveCursor(0, -far), ArrowDown: () => this.#moveCursor(0, far),
      ' ': () => this.#stroke(this.#at, this.#at), e: () => this.#erase(!this.#erasing), '[': () => size(-4), ']': () => size(4), Delete: () => this.clear(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  #at = null;

  // Where the keyboard's brush is, as a ring over the picture.
  #moveCursor(dx, dy) {
    const { width, height } = this.canvas;
    this.#at ??= { x: width / 2, y: height / 2 };
    this.#at = { x: Math.min(width, Math.max(0, this.#at.x + dx)), y: Math.min(height, Math.max(0, this.#at.y + dy)) };
    this.#cursor ??= make('span', { className: 'cursor', 'aria-hidden': 'true' });
    const share = (value, of) => `${(100 * value) / of}%`;
    Object.assign(this.#cursor.style, {
      left: share(this.#at.x - this.#radius, width), top: share(this.#at.y - this.#radius, height), width: share(2 * this.#radius, width), height: share(2 * this.#radius, height),
    });
    this.canvas.after(this.#cursor);
  }
}
