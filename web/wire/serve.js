/**
 * The answering side of a wire: each request is answered or refused, with its number; a failure
 * answers the request that caused it, and the next one works. Handlers are set at once, before
 * anything is awaited, or a module worker would lose the messages that arrive meanwhile.
 *
 * @module
 */

import { hold } from './life.js';

/**
 * @typedef {import('./requests.js').Failure} Failure
 * @typedef {import('./requests.js').Endpoint} Endpoint
 *
 * @typedef {object} Service
 * @property {(request: any) => any} answer the value, or a promise of it; what it throws is the refusal
 * @property {(message: any) => void} [hear] what needs no answer; `message.tell` is its type
 * @property {(error: unknown) => Failure} describe an error in words
 */

/**
 * @param {Endpoint} endpoint
 * @param {Service} service
 * @returns {(news: string, what?: object, transfer?: Transferable[]) => void} tells the other side something unasked
 */
export function serve(endpoint, { answer, hear, describe }) {
  const life = hold();
  endpoint.onmessage = async ({ data }) => {
    if ('tell' in data) return void hear?.(data);
    const number = data.ask;
    if (data.type === 'ping') return void endpoint.postMessage({ answer: number, value: null });
    if (data.type === 'life') return void endpoint.postMessage({ answer: number, value: await life });
    try {
      const value = await answer(data);
      endpoint.postMessage({ answer: number, value }, buffersOf(value));
    } catch (error) {
      endpoint.postMessage({ refusal: number, failure: describe(error) });
    }
  };
  return (news, what = {}, transfer = buffersOf(what)) => endpoint.postMessage({ news, ...what }, transfer);
}

/**
 * The memory behind a message's arrays and pictures, to be moved rather than copied; each once.
 *
 * @param {unknown} value
 * @param {Set<Transferable>} [found]
 * @returns {Transferable[]}
 */
export function buffersOf(value, found = new Set()) {
  if (ArrayBuffer.isView(value)) found.add(/** @type {ArrayBuffer} */ (value.buffer));
  else if (value instanceof ArrayBuffer) found.add(value);
  else if (typeof ImageBitmap !== 'undefined' && value instanceof ImageBitmap) found.add(value);
  else if (value && typeof value === 'object') for (const part of Object.values(value)) buffersOf(part, found);
  return [...found];
}
