// The pictures of this browser, in IndexedDB: kept over reloads, the oldest forgotten first.

const most = 100;
let database;

function open() {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('diffusion-mesh', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('jobs', { keyPath: 'id' }).createIndex('created', 'created');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

async function run(mode, work) {
  const transaction = (await open()).transaction('jobs', mode);
  const request = work(transaction.objectStore('jobs'));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Keeps an entry: `{id, created, state, settings, facts, pictures, source, mask, note}`. */
export async function keep(entry) {
  await run('readwrite', (store) => store.put(entry));
  for (const old of (await all()).slice(most)) await forget(old.id);
}

/** All of them, the latest first. */
export const all = async () => (await run('readonly', (store) => store.index('created').getAll())).reverse();

export const forget = (id) => run('readwrite', (store) => store.delete(id));

export const clear = () => run('readwrite', (store) => store.clear());
