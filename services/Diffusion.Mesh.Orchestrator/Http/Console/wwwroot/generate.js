// Making a picture: from the form to the history.
import { ApiError, post, read, fetchFrom } from './api.js';
import { $, seconds } from './dom.js';
import { follow } from './events.js';
import * as history from './history.js';
import { offer, request, restore, settings, showProblem } from './settings.js';
import { mask, removeSource, setSource, source } from './source.js';
import { showEntry, showFrame, showPicture, tell, tellProgress } from './stage.js';
import { drawThumbs } from './thumbs.js';

let shown = null;
let watching = null;

/** Begins with what the server offers, and with what the last visit left. */
export async function beginGenerate() {
  $('form').onsubmit = (event) => {
    event.preventDefault();
    generate();
  };
  $('prompt').onkeydown = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) $('form').requestSubmit();
  };
  $('random').onclick = () => {
    $('seed').value = '';
    $('seed').focus();
  };
  $('clear').onclick = async () => {
    await history.clear();
    await drawHistory();
    $('prompt').focus();
  };
  const entries = await drawHistory();
  try {
    offer(await read('/api/models'));
  } catch (error) {
    showProblem(problemOf(error));
    return;
  }
  // A picture that was under way when the page was left.
  const running = entries.find((entry) => entry.state === 'running');
  if (running) await watch(running);
  else if (entries.length > 0) show(entries[0]);
}

async function generate() {
  if (watching) return;
  showProblem(null);
  $('generate').disabled = true;
  try {
    const chosen = settings();
    const [picture, painted] = [source(), await mask()];
    const job = await post('/api/jobs', await request(chosen, picture, painted));
    const entry = { id: job.id, created: Date.now(), state: 'running', settings: chosen, facts: {}, pictures: [], source: picture, mask: painted, note: '' };
    await history.keep(entry);
    await watch(entry);
  } catch (error) {
    showProblem(problemOf(error));
  } finally {
    $('generate').disabled = false;
  }
}

async function watch(entry) {
  watching = new AbortController();
  shown = entry.id;
  $('cancel').hidden = false;
  $('cancel').onclick = () => post(`/api/jobs/${entry.id}/cancel`).catch((error) => tell(error.message));
  $('generate').disabled = true;
  showFrame(entry);
  await drawHistory();
  try {
    for await (const event of follow(entry.id, watching.signal, () => tell('The connection broke; trying again.'))) await take(entry, event);
  } catch (error) {
    end(entry, 'failed', problemOf(error).detail);
  }
  watching = null;
  $('cancel').hidden = true;
  $('generate').disabled = false;
  await history.keep(entry);
  show(entry);
  await drawHistory();
}

async function take(entry, { name, data }) {
  if (name === 'queued') {
    entry.facts = { ...data };
  } else if (name === 'position') {
    tell(`Number ${data.queue_position} in the queue${data.estimated_time_left ? `, about ${seconds(data.estimated_time_left)} to go` : ''}.`);
  } else if (name === 'step') {
    tellProgress(data.completed, data.evaluations);
  } else if (name === 'preview') {
    showPicture(data.index, `data:image/${data.format};base64,${data.data}`, 'preview');
  } else if (name === 'picture') {
    const blob = await (await fetchFrom(data.url)).blob();
    entry.pictures[data.index] = blob;
    Object.assign(entry.facts, { width: data.width, height: data.height });
    showPicture(data.index, URL.createObjectURL(blob), 'final');
  } else if (name === 'done') {
    entry.facts = { ...entry.facts, ...data };
    end(entry, 'done', data.warnings.join(' '));
  } else if (name === 'failed') {
    end(entry, data.code === 'CANCELLED' ? 'cancelled' : 'failed', data.code === 'CANCELLED' ? '' : data.detail);
    showProblem(data.errors ? data : null);
  }
}

function end(entry, state, note) {
  [entry.state, entry.note] = [state, note];
  tell({ done: `Done in ${seconds(entry.facts.total_seconds ?? 0)}.`, cancelled: 'Cancelled.', failed: `It failed. ${note}` }[state]);
}

function show(entry) {
  shown = entry.id;
  showEntry(entry, {
    again: async () => {
      restore(entry.settings);
      $('seed').value = entry.facts.seed ?? entry.settings.seed;
      if (entry.source) await setSource(entry.source, false, entry.mask);
      else removeSource();
      $('prompt').focus();
      tell('The settings are in the form.');
    },
    useAsSource: async (blob) => {
      await setSource(blob);
      $('strength').focus();
      tell('The picture is the one to start from.');
    },
  });
}

async function drawHistory() {
  const entries = await history.all();
  drawThumbs(entries, shown, {
    open: (entry) => {
      // What is under way stays in sight.
      if (watching) return;
      show(entry);
      drawHistory();
    },
    forget: async (entry) => {
      await history.forget(entry.id);
      await drawHistory();
    },
  });
  return entries;
}

const problemOf = (error) => (error instanceof ApiError ? error.problem : { detail: `The server cannot be reached. ${error.message}` });
