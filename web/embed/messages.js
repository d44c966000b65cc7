/**
 * What a frame of ours and the page around it tell each other: plain objects, marked, and nothing in
 * them that could load anything. Whoever hears one looks first at who sent it.
 *
 *     frame → page   {glassnet: 1, tell: 'height', height}   {glassnet: 1, tell: 'status', status, words}
 *                    {glassnet: 1, tell: 'change', query}    {glassnet: 1, ask: 'room'}
 *                    {glassnet: 1, tell: 'answer', id, value or fault}
 *     page → frame   {glassnet: 1, tell: 'room', name}       {glassnet: 1, tell: 'set', query}
 *                    {glassnet: 1, tell: 'rights', sandbox}  {glassnet: 1, ask, id, detail}
 *
 * `ask` is the name of a method; it is put again until it is answered, under one `id`.
 *
 * @module
 */

/** @typedef {'idle'|'loading'|'ready'|'running'|'failed'} Status `ready`: what the reader presses is done at once */

/** Every status, for whoever checks one that comes from outside. */
export const STATUSES = /** @type {const} */ (['idle', 'loading', 'ready', 'running', 'failed']);

/** Characters of an address that are taken from outside. */
export const LONGEST = 2000;

/** @param {unknown} data @returns {any} the message; null if it is none of ours */
export function ours(data) {
  const message = /** @type {any} */ (data);
  return message && typeof message === 'object' && message.glassnet === 1 ? message : null;
}
