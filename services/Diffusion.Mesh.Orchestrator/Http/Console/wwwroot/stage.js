// Where a picture appears, and what is told of it.
import { $, facts, make, seconds } from './dom.js';

/** Says something to those who see and to those who listen. */
export function tell(text) {
  $('progress-text').textContent = text;
  $('status').textContent = text;
}

/** Shows how far it is; those who listen hear each quarter. */
export function tellProgress(completed, evaluations) {
  $('bar').max = evaluations;
  $('bar').value = completed;
  $('progress-text').textContent = `Step ${completed} of ${evaluations}`;
  const quarter = Math.floor((4 * completed) / evaluations);
  if (quarter !== Math.floor((4 * (completed - 1)) / evaluations)) $('status').textContent = `${25 * quarter} percent`;
}

/** Empty places for the pictures that are to come. */
export function showFrame(entry) {
  const { width, height, count, prompt } = entry.settings;
  $('frame').className = Number(count) > 1 ? 'frame many' : 'frame';
  $('frame').replaceChildren(...Array.from({ length: Number(count) || 1 }, (_, i) => {
    const blank = make('div', { className: 'blank' });
    blank.style.aspectRatio = `${width} / ${height}`;
    return make('figure', { 'data-index': i, 'data-alt': prompt || 'A picture without a prompt' }, blank);
  }));
  $('bar').removeAttribute('value');
  $('progress').hidden = false;
  $('result').hidden = true;
  tell('Waiting for its turn.');
  // On a phone it is below the form.
  $('frame').scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

/** A picture as it is so far (`preview`), or as it is (`final`). */
export function showPicture(index, url, kind) {
  const figure = $('frame').querySelector(`[data-index="${index}"]`);
  if (!figure) return;
  const image = figure.querySelector('img') ?? make('img', { alt: '' });
  const blank = figure.querySelector('.blank');
  if (blank) image.style.aspectRatio = blank.style.aspectRatio;
  image.alt = kind === 'preview' ? `Preview: ${figure.dataset.alt}` : figure.dataset.alt;
  image.className = kind;
  image.src = url;
  if (!image.isConnected) figure.replaceChildren(image);
}

/** An entry of the history with what can be done with it. */
export function showEntry(entry, { again, useAsSource }) {
  $('progress').hidden = true;
  const pictures = entry.pictures.filter(Boolean);
  $('frame').className = pictures.length > 1 ? 'frame many' : 'frame';
  const alt = entry.settings.prompt || 'A picture without a prompt';
  $('frame').replaceChildren(...(pictures.length > 0
    ? pictures.map((blob, i) => {
      const image = make('img', { className: 'final', alt, src: URL.createObjectURL(blob) });
      image.style.aspectRatio = `${entry.facts.width} / ${entry.facts.height}`;
      return make('figure', { 'data-index': i }, image);
    })
    : [make('p', { className: 'empty' }, { cancelled: 'This one was cancelled.', failed: `This one failed. ${entry.note}` }[entry.state] ?? 'No picture is here.')]));
  $('result').hidden = false;
  $('actions').replaceChildren(
    ...pictures.flatMap((blob, i) => {
      const which = pictures.length > 1 ? ` ${i + 1}` : '';
      return [
        make('a', { className: 'button', href: URL.createObjectURL(blob), download: `${entry.id}-${i}.${blob.type.split('/')[1]}` }, `Download${which}`),
        make('button', { type: 'button', onclick: () => useAsSource(blob) }, `Use${which} as source`),
      ];
    }),
    make('button', { type: 'button', onclick: again }, 'Use these settings again'));
  const { settings, facts: known } = entry;
  $('facts').replaceChildren(...facts([
    ['Prompt', settings.prompt, true],
    ['Negative prompt', settings.negative_prompt, true],
    ['Note', entry.state === 'done' ? entry.note : '', true],
    ['Model', known.model ?? settings.model],
    ['Size', known.width ? `${known.width} × ${known.height}` : `${settings.width} × ${settings.height}`],
    ['Seed', known.seed],
    ['Sampler', known.sampler],
    ['Steps', known.steps],
    ['Guidance', known.guidance_scale],
    ['Strength', entry.source ? settings.strength : ''],
    ['Time', known.total_seconds ? seconds(known.total_seconds) : ''],
    ['Made', new Date(entry.created).toLocaleString()],
  ]));
}
