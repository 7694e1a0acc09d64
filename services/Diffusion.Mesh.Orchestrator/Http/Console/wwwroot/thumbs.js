// The history as small pictures.
import { $, make } from './dom.js';

// Addresses of pictures in memory, given back with the next drawing.
let addresses = [];

function address(blob) {
  const url = URL.createObjectURL(blob);
  addresses.push(url);
  return url;
}

export function drawThumbs(entries, shown, { open, forget }) {
  const focused = document.activeElement?.closest('#thumbs') ? document.activeElement.dataset.focus : null;
  addresses.forEach((url) => URL.revokeObjectURL(url));
  addresses = [];
  $('history-empty').hidden = entries.length > 0;
  $('clear').hidden = entries.length === 0;
  $('thumbs').replaceChildren(...entries.map((entry) => {
    const name = entry.settings.prompt || 'without a prompt';
    const inside = entry.pictures[0]
      ? make('img', { alt: '', src: address(entry.pictures[0]) })
      : make('span', { className: 'state' }, { running: 'under way' }[entry.state] ?? entry.state);
    return make('li', {},
      make('button', {
        type: 'button', className: 'open', title: name, 'aria-label': `Show: ${name}, ${entry.state}`, 'aria-current': entry.id === shown, 'data-focus': `open-${entry.id}`,
        onclick: () => open(entry),
      }, inside),
      make('button', { type: 'button', className: 'forget', 'aria-label': `Forget: ${name}`, title: 'Forget', 'data-focus': `forget-${entry.id}`, onclick: () => forget(entry) }, '×'));
  }));
  if (focused) ($('thumbs').querySelector(`[data-focus="${focused}"]`) ?? $('thumbs').querySelector('button') ?? $('prompt')).focus();
}
