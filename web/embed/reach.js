/**
 * Lets a page's author call a figure's methods, whether it is an element or in a frame. A frame is
 * asked by messages: what it does with them, it decides (figures/asked/asked.js).
 *
 * @module
 */

import { ours } from './messages.js';

/**
 * @typedef {(what: string, detail: unknown) => Promise<any>} Ask
 *
 * @typedef {object} Figure what `reach` gives; each settles when it is done
 * @property {() => Promise<void>} load
 * @property {() => Promise<void>} play
 * @property {() => Promise<void>} pause
 * @property {() => Promise<void>} step
 * @property {() => Promise<void>} reset
 * @property {(what: object) => Promise<void>} inspect
 * @property {(options?: object) => Promise<Blob>} toBlob
 * @property {() => Promise<string>} describe
 */

/** How often a frame is asked that may not hear yet, milliseconds; and for how long. */
const [AGAIN_MS, PATIENCE_MS] = [400, 30_000];
const METHODS = /** @type {const} */ (['load', 'play', 'pause', 'step', 'reset', 'inspect', 'toBlob', 'describe']);
/** What a picture may be. */
const PICTURES = ['image/png', 'image/svg+xml'];

/** Who asks a `<figure>`'s frame; scripts of several sites share this. @type {WeakMap<Element, Ask>} */
export const OWNERS = (/** @type {any} */ (globalThis)[Symbol.for('glassnet: owners')] ??= new WeakMap());

let asked = 0;

/**
 * @param {() => Window|null} find the frame's window, once it has one
 * @param {string} what
 * @param {unknown} detail
 * @returns {Promise<any>} rejected with what the frame says, or when it says nothing
 */
export function ask(find, what, detail) {
  const id = `${what} ${(asked += 1)} ${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  return new Promise((resolve, reject) => {
    const end = () => (clearInterval(again), clearTimeout(late), removeEventListener('message', hear));
    const hear = (/** @type {MessageEvent} */ { data, source }) => {
      const message = source && source === find() ? ours(data) : null;
      if (message?.tell !== 'answer' || message.id !== id) return;
      end();
      if (typeof message.fault === 'string') reject(new Error(message.fault));
      else resolve(what === 'toBlob' ? asBlob(message.value) : what === 'describe' ? String(message.value ?? '') : undefined);
    };
    const post = () => find()?.postMessage({ glassnet: 1, ask: what, id, detail }, '*'); // of what the author wants, nothing is secret
    const again = setInterval(post, AGAIN_MS); // it takes each question once
    const late = setTimeout(() => (end(), reject(new Error(`the frame does not answer ${what}(): it has not come, or is of an older version`))), PATIENCE_MS);
    addEventListener('message', hear);
    post();
  });
}

/** @param {any} value */
function asBlob(value) {
  const { bytes, type } = value ?? {};
  if (!(bytes instanceof ArrayBuffer) || !PICTURES.includes(type)) throw new Error('the frame did not answer with a picture');
  return new Blob([bytes], { type });
}

/**
 * A figure's methods, of whatever kind it is.
 *
 * @param {Element} element `<glass-…>`, `<figure data-glassnet>`, or an `<iframe>` of `frame.html`
 * @param {(element: HTMLElement) => Promise<any>} live brings an element of ours to life
 * @returns {Figure}
 */
export function reachOf(element, live) {
  const call = async (/** @type {string} */ method, /** @type {unknown} */ detail) => {
    if (element instanceof HTMLIFrameElement) return ask(() => element.contentWindow, method, detail);
    if (element.localName.startsWith('glass-')) return callOn(await live(/** @type {HTMLElement} */ (element)), method, detail);
    const owner = OWNERS.get(element);
    if (!owner) throw new Error(`<${element.localName}> is no figure of glassnet's, or not yet in the document`);
    return owner(method, detail);
  };
  return /** @type {any} */ (Object.fromEntries(METHODS.map((method) => [method, (/** @type {unknown} */ detail) => call(method, detail)])));
}

/** @param {any} element @param {string} method @param {unknown} detail */
async function callOn(element, method, detail) {
  await element.load();
  if (method === 'load') return;
  if (typeof element[method] !== 'function') throw new Error(`<${element.localName}> has no ${method}()`);
  return element[method](detail);
}
