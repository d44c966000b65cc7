/**
 * A task of its own for what an element shows first. Reading a page's scripts is one task; drawing
 * its figures in the same would keep a tap waiting for both.
 *
 * @module
 */

/** @param {{hasUpdated: boolean}} element @returns {Promise<void>} at once, unless it has shown nothing yet */
export async function firstTask({ hasUpdated }) {
  if (!hasUpdated) await new Promise((resolve) => setTimeout(resolve));
}
