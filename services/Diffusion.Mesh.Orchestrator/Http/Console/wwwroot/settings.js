// The form: what it offers for a model, what it asks for, and what was wrong with that.
import { base64, $, make } from './dom.js';

// Fields of requests and where the form has them; what is not here is told above the form.
const inputs = {
  'schedule.steps': 'steps', 'sampler.name': 'sampler', 'source.image': 'source', 'source.mask': 'source', source: 'source', 'previews.every': 'previews',
};
const names = ['prompt', 'negative_prompt', 'model', 'width', 'height', 'steps', 'guidance_scale', 'sampler', 'count', 'seed', 'strength', 'source'];

let offered = { models: [] };

export const model = () => offered.models.find((m) => m.info.name === $('model').value);

/** Offers the server's models. */
export function offer(answer) {
  offered = answer;
  $('model').replaceChildren(...answer.models.map((m) => make('option', { value: m.info.name }, m.info.name)));
  for (const id of ['width', 'height']) $(id).max = answer.max_side;
  $('steps').max = answer.max_steps;
  $('guidance_scale').max = answer.max_guidance_scale;
  $('count').max = answer.max_count;
  $('model').onchange = fit;
  fit();
}

/** The chosen model's own settings. */
export function fit() {
  const chosen = model();
  if (!chosen) return;
  for (const id of ['width', 'height']) {
    $(id).min = $(id).step = chosen.info.size_multiple;
    $(id).value = chosen.info[id];
  }
  $('steps').value = chosen.steps;
  $('guidance_scale').value = chosen.guidance_scale;
  $('sampler').replaceChildren(...chosen.samplers.map((name) => make('option', { value: name }, name === chosen.info.sampler ? `${name} (default)` : name)));
  $('sampler').value = chosen.info.sampler;
  $('source-part').hidden = !chosen.image_to_image && !chosen.inpainting;
}

/** The size that a picture of these sides can have. */
export function fitSize(width, height) {
  const multiple = model().info.size_multiple;
  const scale = Math.min(1, offered.max_side / Math.max(width, height), Math.sqrt(offered.max_pixels / (width * height)));
  const side = (length) => Math.max(multiple, Math.floor((length * scale) / multiple) * multiple);
  [$('width').value, $('height').value] = [side(width), side(height)];
}

/** What the form says, without pictures: as it is kept in the history. */
export function settings() {
  return Object.fromEntries([...names.filter((n) => n !== 'source'), 'previews'].map((id) => [id, $(id).value]));
}

/** Puts settings back into the form. */
export function restore(saved) {
  $('model').value = saved.model;
  fit();
  for (const [id, value] of Object.entries(saved)) $(id).value = value;
  $('strength').dispatchEvent(new Event('input'));
}

/** The request for settings, a source and a mask. */
export async function request(saved, source, mask) {
  const number = (text) => (text.trim() === '' ? null : Number(text));
  const body = {
    model: saved.model,
    prompt: saved.prompt,
    negative_prompt: saved.negative_prompt,
    width: number(saved.width),
    height: number(saved.height),
    count: number(saved.count),
    seed: saved.seed.trim() || null,
    guidance_scale: number(saved.guidance_scale),
    schedule: { steps: number(saved.steps) },
    sampler: { name: saved.sampler },
    previews: saved.previews ? { every: 1, full_decode: saved.previews === 'full' } : null,
  };
  if (source) {
    body.source = { image: await base64(source), resize: 'crop' };
    body.strength = number(saved.strength);
    if (mask) {
      body.source.mask = await base64(mask);
      body.composite = true;
    }
  }
  return body;
}

/** Shows what a server found wrong, each at its field; null: nothing. */
export function showProblem(problem) {
  for (const name of names) {
    $(`${name}-error`).textContent = '';
    $(name).removeAttribute('aria-invalid');
  }
  const others = [];
  for (const { field, description } of problem?.errors ?? []) {
    const name = inputs[field] ?? field;
    if (!names.includes(name)) {
      others.push(`${field}: ${description}`);
      continue;
    }
    $(`${name}-error`).textContent = [$(`${name}-error`).textContent, description].filter(Boolean).join(' ');
    $(name).setAttribute('aria-invalid', 'true');
  }
  if (problem && !problem.errors) others.push(problem.detail);
  $('form-error').textContent = others.join('\n');
  $('form-error').hidden = others.length === 0;
  document.querySelector('#form [aria-invalid="true"]')?.focus();
}
