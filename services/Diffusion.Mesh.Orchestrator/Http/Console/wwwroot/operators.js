// The operators' tab: services, jobs of all tenants, and recent generations.
import { post, read } from './api.js';
import { $, make, seconds } from './dom.js';
import { drawWaterfall } from './waterfall.js';

const pause = 2000;
let stop = null;
let drawn = '';

export function showOperators() {
  hideOperators();
  stop = new AbortController();
  refresh(stop.signal);
}

export function hideOperators() {
  stop?.abort();
  stop = null;
}

$('trace').onchange = () => drawTrace();

async function refresh(signal) {
  while (!signal.aborted) {
    try {
      if (!document.hidden) {
        const [services, jobs, traces] = await Promise.all(['services', 'jobs', 'traces'].map((what) => read(`/api/operator/${what}`, signal)));
        drawServices(services);
        drawJobs(jobs);
        await drawTraces(traces.traces, new Set(jobs.jobs.map((entry) => entry.job.id)));
        fail('');
      }
    } catch (error) {
      if (signal.aborted) return;
      fail(error.message);
    }
    await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
}

function fail(text) {
  $('operators-error').hidden = !text;
  if ($('operators-error').textContent !== text) $('operators-error').textContent = text;
}

// Rows stay where they are as long as they say the same, so that neither focus nor a selection is lost.
function drawRows(body, rows) {
  const old = new Map([...body.children].map((row) => [row.dataset.key, row]));
  body.replaceChildren(...rows.map(({ key, said, cells }) => {
    const row = old.get(key) ?? make('tr', { 'data-key': key });
    if (row.dataset.said !== said) {
      const isFocused = row.contains(document.activeElement);
      row.dataset.said = said;
      row.replaceChildren(...cells());
      if (isFocused) row.querySelector('button')?.focus();
    }
    return row;
  }));
}

const cell = (content, className = '') => make('td', { className }, content ?? '');
const health = (state) => cell(make('span', { className: `health ${state}` }, state));
const meter = (used, most, what) => cell(make('div', { className: 'meter' },
  make('progress', { max: most || 1, value: used, 'aria-label': what }), `${used}${most ? ` of ${most}` : ''}`));

function drawServices({ orchestrators, workers, store }) {
  $('store').textContent = store === 'redis' ? 'Jobs are kept in Redis.' : 'Jobs are kept in this process.';
  drawRows($('services'), [
    ...orchestrators.map((o) => ({
      key: `orchestrator ${o.name}`,
      said: JSON.stringify(o),
      cells: () => [cell('orchestrator'), cell(o.name), health(o.health), meter(o.jobs, o.places, `Jobs of orchestrator ${o.name}`), cell('', 'number'), cell('', 'number'), cell(''),
        cell(o.version)],
    })),
    ...workers.map((w) => ({
      key: `${w.role} ${w.address}`,
      said: JSON.stringify(w),
      cells: () => [
        cell(w.role), make('td', { title: w.address }, w.name), health(w.health), meter(w.admitted, w.load?.capacity, `Calls of ${w.role} ${w.address}`), cell(w.load?.rows, 'number'),
        cell(w.load ? seconds(w.queued_seconds) : '', 'number'),
        make('td', { title: (w.load?.models ?? []).map((m) => `${m.name} ${m.revision}`).join('\n') }, (w.load?.models ?? []).map((m) => `${m.name} ${m.revision.slice(0, 8)}`).join(', ')),
        cell(w.load?.version)],
    })),
  ]);
}

function drawJobs({ queued, running, jobs }) {
  $('counts').textContent = `${running} running, ${queued} queued`;
  $('jobs-empty').hidden = jobs.length > 0;
  $('jobs-table').hidden = jobs.length === 0;
  drawRows($('jobs'), jobs.map((entry) => {
    const { job, tenant } = entry;
    const state = entry.cancel_requested ? 'ending' : job.state;
    const age = Math.max(0, (Date.now() - Date.parse(job.accepted_time)) / 1000);
    const cancel = () => make('button', {
      type: 'button', className: 'danger', 'aria-label': `Cancel job ${job.id}`,
      onclick: () => post(`/api/operator/jobs/${encodeURIComponent(tenant)}/${job.id}/cancel`).catch((error) => fail(error.message)),
    }, 'Cancel');
    return {
      key: job.id,
      said: JSON.stringify([entry, Math.floor(age)]),
      cells: () => [make('td', { className: 'id', title: job.id }, job.id.slice(0, 8)), cell(tenant), cell(state), cell(job.model),
        meter(job.completed, job.evaluations, `Model evaluations of job ${job.id}`), cell(entry.owner), cell(seconds(Math.floor(age)), 'number'), cell(entry.cancel_requested ? '' : cancel())],
    };
  }));
}

// Spans are there once they have ended: what is under way has no whole tree yet, and comes last.
async function drawTraces(all, active) {
  const traces = [...all.filter((t) => !active.has(t.job_id)), ...all.filter((t) => active.has(t.job_id))];
  $('traces-empty').hidden = traces.length > 0;
  const select = $('trace');
  select.parentElement.hidden = traces.length === 0;
  const said = JSON.stringify(traces.map((t) => [t.job_id, t.spans, active.has(t.job_id)]));
  if (said === select.dataset.said) return;
  // Whoever looks at the latest goes on doing so.
  const chosen = select.selectedIndex > 0 ? select.value : '';
  select.dataset.said = said;
  select.replaceChildren(...traces.map((t) => make('option', { value: t.job_id },
    `${new Date(t.start).toLocaleTimeString()} · ${t.job_id.slice(0, 8)} · ${t.tenant} · ${active.has(t.job_id) ? 'under way' : seconds(t.duration)}`)));
  if (traces.some((t) => t.job_id === chosen)) select.value = chosen;
  await drawTrace();
}

async function drawTrace() {
  const id = $('trace').value;
  if (!id) {
    $('waterfall').replaceChildren();
    return;
  }
  try {
    const { spans } = await read(`/api/operator/traces/${id}`);
    const said = `${id} ${spans.length}`;
    // Another may have been chosen meanwhile.
    if (id !== $('trace').value || said === drawn) return;
    drawn = said;
    drawWaterfall($('waterfall'), spans);
  } catch (error) {
    fail(error.message);
  }
}
