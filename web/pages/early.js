/**
 * Starts the worker that a page will want first, and lets it get ready, before any other script is
 * there. The build writes this into each page; it acts where `<html data-python>` or
 * `<html data-wall>` says what the page is for. Somebody who has asked for little data gets no
 * Python unasked; who asks for another set than MNIST, nothing of that.
 */

import { EARLY } from '../wire/early.js';

/** Milliseconds in which it has to say hello; then it is started as anywhere else. */
const HELLO_MS = 10_000;

const { connection } = /** @type {Navigator & {connection?: {saveData?: boolean}}} */ (navigator);
const { dataset } = document.documentElement;
if (!(EARLY in globalThis)) {
  if ('python' in dataset && !connection?.saveData) start(__EARLY__.worker, { manifest: placeOf(__EARLY__.python) });
  if ('wall' in dataset && !new URLSearchParams(location.search).has('set')) start(__EARLY__.wall, { index: placeOf(__EARLY__.mnist) });
}

/** @param {SitePart} script @param {object} what it is to get ready with */
function start(script, what) {
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
        worker.onerror = (event) => void (worker.ended = event);
        if (data.news !== 'hello') worker.unheard.push(data);
      };
      worker.onerror = () => settle(false);
    });
    worker.postMessage({ tell: 'prepare', ...what });
    Object.assign(globalThis, { [EARLY]: { url, worker, greeted } });
  } catch {
    // A frame without an origin names no worker by its address: open-worker.js knows other ways.
  }
}

/** @param {SitePart} part @returns {string} as places.js has it: pages lie at the root */
function placeOf({ path, bytes, sha256 }) {
  return new URL(`${path}#bytes=${bytes}&sha256=${sha256}`, document.baseURI).href;
}
