// A job's server-sent events, over streams that may break. Not EventSource: it cannot send a key.
import { ApiError, fetchFrom } from './api.js';

/** Events of a stream: `{name, id, data}`. */
async function* parse(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop();
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
        if (fields.event) yield { name: fields.event, id: fields.id, data: JSON.parse(fields.data) };
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Follows a job to its end (`done` or `failed`), coming back with the last event's id whenever the stream breaks. */
export async function* follow(job, signal, onBreak = () => {}) {
  let last = '';
  for (let failures = 0; ; failures++) {
    try {
      const response = await fetchFrom(`/api/jobs/${job}/events`, { signal, headers: last ? { 'Last-Event-ID': last } : {} });
      for await (const event of parse(response.body)) {
        failures = 0;
        last = event.id ?? last;
        yield event;
        if (event.name === 'done' || event.name === 'failed') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      // What the server says for certain is not asked again.
      if (error instanceof ApiError && ![429, 502, 503, 504].includes(error.problem.status)) throw error;
    }

    onBreak();
    await new Promise((resolve) => { setTimeout(resolve, Math.min(1000 * 2 ** failures, 15000)); });
    if (signal.aborted) return;
  }
}
