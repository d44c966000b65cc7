/**
 * A task of its own for what an element shows first. Reading a page's scripts is one task; drawing
 * its figures in the same would keep a tap waiting for both. And on other people's pages, where
 * glassnet.js says so, an element waits until it is near the screen, or touched.
 *
 * @module
 */

/** @param {HTMLElement & {hasUpdated: boolean}} element @returns {Promise<void>} at once, unless it has shown nothing yet */
export async function firstTask(element) {
  if (element.hasUpdated) return;
  await new Promise((resolve) => setTimeout(resolve));
  await /** @type {any} */ (globalThis)[Symbol.for('glassnet: waits')]?.until(element);
}
