/**
 * What comes by itself, and when.
 *
 * @module
 */

/** Whether Python does. Somebody who has asked for little data gets it only when they ask for that, too. @param {string} python `idle` or `intent` */
export function comesByItself(python) {
  const { connection } = /** @type {Navigator & {connection?: {saveData?: boolean}}} */ (navigator);
  return python === 'idle' && !connection?.saveData;
}

/** Acts when the page has nothing else to do, or after a while. @param {() => void} act */
export function whenIdle(act) {
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 2000 });
  else setTimeout(act, 200);
}
