/**
 * A figure in a frame is asked by the page around it. It may do what a reader's hand could do, and
 * say what a reader sees; nothing in a question can load code, or anything of another origin.
 *
 * @module
 */

import { describe, inspect, ready, toBlob } from './methods.js';

/** @typedef {HTMLElement & Record<string, any>} Figure */

/** By name what is done. @type {Record<string, (figure: Figure, detail: unknown) => unknown>} */
const DONE = {
  load: () => {},
  inspect,
  describe,
  toBlob: async (figure, detail) => {
    if (isOwn(figure)) throw new Error('it shows what the reader has opened, which is for no page to have');
    const blob = await toBlob(figure, plain(detail));
    return { bytes: await blob.arrayBuffer(), type: blob.type };
  },
};
/** What is done by the figure's method of that name. */
const PRESSED = ['play', 'pause', 'step', 'reset'];
/** How many questions are remembered, for they are put again until they are answered. */
const REMEMBERED = 200;

/** @type {Set<string>} */
const heard = new Set();

/**
 * @param {Figure} figure
 * @param {any} question a message whose sender has been looked at
 * @param {(answer: object, transfer?: Transferable[]) => void} tell
 */
export async function answer(figure, { ask, id, detail }, tell) {
  if (typeof ask !== 'string' || typeof id !== 'string' || id.length > 80 || heard.has(id)) return;
  heard.add(id);
  if (heard.size > REMEMBERED) heard.delete([...heard][0]);
  try {
    await ready(figure);
    tell({ tell: 'answer', id, value: await done(figure, ask, detail) });
  } catch (error) {
    tell({ tell: 'answer', id, fault: /** @type {Error} */ (error).message });
  }
}

/** @param {Figure} figure @param {string} ask @param {unknown} detail */
function done(figure, ask, detail) {
  if (Object.hasOwn(DONE, ask)) return DONE[ask](figure, detail);
  if (PRESSED.includes(ask) && typeof figure[ask] === 'function') return void figure[ask]();
  throw new Error(`<${figure.localName}> has no ${ask.slice(0, 20)}()`);
}

/** @param {any} detail @returns {{type?: string, part?: string, scale?: number}} */
function plain(detail) {
  const { type, part, scale } = detail ?? {};
  return { ...(type === undefined ? {} : { type: String(type).slice(0, 40) }), ...(part === undefined ? {} : { part: String(part).slice(0, 40) }), ...(scale === undefined ? {} : { scale: Number(scale) }) };
}

/** Whether it shows files or runs that only this reader has. @param {Figure} figure */
function isOwn({ settings, training, collection }) {
  const says = new URLSearchParams(settings?.toQuery() ?? '');
  const kept = [says.get('model'), says.get('open'), says.get('network')].some((one) => one === 'run' || one === 'file');
  return kept || Boolean(training?.opened || collection?.opened);
}
