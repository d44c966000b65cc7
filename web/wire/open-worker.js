/**
 * Starting a worker wherever the page may be.
 *
 * @module
 */

import { download, expected } from './download.js';
import { takeEarly } from './early.js';

/** Milliseconds in which a worker has to say hello; a blocked one gives no other sign. */
const HELLO_MS = 10_000;
/** Milliseconds without a hello after which the next way is tried as well. */
const NEXT_MS = 3_000;

/**
 * Opens the module worker by a way that this place allows. In a sandboxed frame without an origin,
 * or for a script of another origin, a worker cannot be named by its address: there a tiny module
 * that imports it is started from a blob (Safari, Firefox) or a data address (Chromium). A refused
 * worker gives no reason, and sometimes no sign; so a way that is silent is left open while the next
 * is tried, and the first hello counts. What is wrong with the script itself a browser does not tell
 * either: it is fetched beside the start, and checked. One that the page has started before its
 * scripts (early.js) is taken up.
 *
 * @param {string} url with what the script is checked by behind `#` (see places.js)
 * @returns {Promise<import('./early.js').Heard|null>} null where no worker may be started
 * @throws {import('./download.js').LoadError} when the script does not come, or comes damaged
 */
export async function openWorker(url) {
  const stop = new AbortController();
  const [worker, sound] = [firstGreeting(url, stop.signal), script(url)];
  try {
    const [opened] = await Promise.all([worker, sound]);
    return opened;
  } catch (error) {
    stop.abort();
    void worker.then((late) => late?.terminate());
    throw error;
  }
}

/** Whether the script is there, and the one that was built. @param {string} url */
async function script(url) {
  if (new URL(url).hash) await download(url, expected(url));
}

/** @param {string} url @param {AbortSignal} stop @returns {Promise<import('./early.js').Heard|null>} */
async function firstGreeting(url, stop) {
  const shim = `import ${JSON.stringify(url)};`;
  const blob = URL.createObjectURL(new Blob([shim], { type: 'text/javascript' }));
  const ways = [takeEarly(url) ?? url, blob, `data:text/javascript,${encodeURIComponent(shim)}`];
  /** @type {Set<Worker>} */
  const trying = new Set();
  return new Promise((resolve) => {
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let next;
    const end = setTimeout(() => settle(null), HELLO_MS);
    stop.addEventListener('abort', () => settle(null));
    follow();

    function follow() {
      clearTimeout(next);
      const way = ways.shift();
      if (way) attempt(way);
      else if (!trying.size) settle(null);
    }

    /** @param {string|import('./early.js').Early} way an address, or a worker that is starting */
    function attempt(way) {
      next = setTimeout(follow, NEXT_MS);
      try {
        const begun = typeof way === 'string' ? null : way;
        /** @type {import('./early.js').Heard} */
        const worker = begun?.worker ?? new Worker(String(way), { type: 'module' });
        const fail = () => {
          trying.delete(worker);
          worker.terminate();
          follow();
        };
        trying.add(worker);
        if (begun) {
          void begun.greeted.then((started) => (started ? settle(worker) : fail()));
        } else {
          worker.onerror = fail;
          worker.onmessage = () => {
            worker.onerror = (event) => void (worker.ended = event); // until its owner listens
            settle(worker);
          };
        }
      } catch {
        follow(); // a worker of this address may not be named here
      }
    }

    /** @param {Worker|null} chosen */
    function settle(chosen) {
      clearTimeout(next);
      clearTimeout(end);
      ways.length = 0;
      URL.revokeObjectURL(blob);
      for (const worker of trying) if (worker !== chosen) worker.terminate();
      trying.clear();
      resolve(chosen);
    }
  });
}
