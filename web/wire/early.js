/**
 * A worker that a page starts before any of its scripts is there (pages/early.js), so that Python
 * gets ready while they come. What it says until somebody listens is kept for them.
 *
 * @module
 */

/**
 * @typedef {Worker & {unheard?: any[], ended?: ErrorEvent}} Heard a worker, what it has said unheard, and that it ended
 *
 * @typedef {object} Early
 * @property {string} url of its script, as places.js has it
 * @property {Heard & {unheard: any[]}} worker
 * @property {Promise<boolean>} greeted whether it could be started
 */

/** Where the page's first script leaves it. */
export const EARLY = Symbol.for('glassnet: a worker started early');

/**
 * Hands over the worker of this script that was started early: once, for whoever needs another has
 * lost the first.
 *
 * @param {string} url
 * @returns {Early|null} null if there is none
 */
export function takeEarly(url) {
  const place = /** @type {{[EARLY]?: Early}} */ (globalThis);
  const early = place[EARLY];
  if (early?.url !== url) return null;
  delete place[EARLY];
  return early;
}
