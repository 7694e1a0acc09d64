// Calls of the server's HTTP API (docs/http.md).
import { $ } from './dom.js';

const keyName = 'diffusion-mesh-key';

/** What the server answered in the place of a result: `problem` has `status`, `code`, `detail` and `errors`. */
export class ApiError extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

let asking = null;

// One question, however many calls wait for the answer.
function askForKey() {
  asking ??= new Promise((resolve, reject) => {
    const dialog = $('key-dialog');
    const refuse = () => reject(new ApiError({ status: 401, code: 'UNAUTHENTICATED', detail: 'This server wants an API key.' }));
    $('key-form').onsubmit = () => {
      sessionStorage.setItem(keyName, $('key').value.trim());
      $('key').value = '';
      resolve();
    };
    $('key-cancel').onclick = () => dialog.close();
    dialog.onclose = refuse;
    dialog.showModal();
  }).finally(() => { asking = null; });
  return asking;
}

/** A response that is good; asks for a key where one is wanted. */
export async function fetchFrom(path, options = {}) {
  for (;;) {
    const headers = { ...options.headers };
    const key = sessionStorage.getItem(keyName);
    if (key) headers.Authorization = `Bearer ${key}`;
    const response = await fetch(path, { ...options, headers });
    if (response.ok) return response;
    if (response.status === 401) {
      // Another call may have asked meanwhile.
      if (key === sessionStorage.getItem(keyName)) await askForKey();
      continue;
    }

    let problem = { status: response.status, code: '', detail: `The server answered ${response.status}.` };
    try {
      problem = await response.json();
    } catch { /* It was not the server itself that answered. */ }
    throw new ApiError(problem);
  }
}

export const read = async (path, signal) => (await fetchFrom(path, { signal })).json();

export async function post(path, body = {}) {
  const response = await fetchFrom(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return response.status === 204 ? null : response.json();
}
