/**
 * Starts the worker that holds Python, and lets it get ready, before any other script is there. The
 * build writes this into each page; it acts where `<html data-python>` says that the page will want
 * Python, unless its visitor has asked for little data.
 */

import { EARLY } from '../wire/early.js';

/** Milliseconds in which it has to say hello; then it is started as anywhere else. */
const HELLO_MS = 10_000;

const { connection } = /** @type {Navigator & {connection?: {saveData?: boolean}}} */ (navigator);
if ('python' in document.documentElement.dataset && !connection?.saveData && !(EARLY in globalThis)) start();

function start() {
  const { worker: script, python: manifest } = __EARLY__;
  const url = placeOf(script);
  try {
    const worker = /** @type {import('../wire/early.js').Early['worker']} */ (new Worker(url, { type: 'module' }));
    worker.unheard = [];
    const greeted = new Promise((resolve) => {
      const settle = (/** @type {boolean} */ started) => {
        resolve(started);
        if (!started) worker.terminate();
      };
      const patience = setTimeout(settle, HELLO_MS, false);
      worker.onmessage = ({ data }) => {
        clearTimeout(patience);
        settle(true);
        worker.onmessage = (event) => worker.unheard.push(event.data);
        if (data.news !== 'hello') worker.unheard.push(data);
      };
      worker.onerror = () => settle(false);
    });
    worker.postMessage({ tell: 'prepare', manifest: placeOf(manifest) });
    Object.assign(globalThis, { [EARLY]: { url, worker, greeted } });
  } catch {
    // A frame without an origin names no worker by its address: open-worker.js knows other ways.
  }
}

/** @param {SitePart} part @returns {string} as places.js has it: pages lie at the root */
function placeOf({ path, bytes, sha256 }) {
  return new URL(`${path}#bytes=${bytes}&sha256=${sha256}`, document.baseURI).href;
}
