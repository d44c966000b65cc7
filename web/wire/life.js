/**
 * That a worker has ended, known at once. No event tells of it; but a lock is given back when the
 * worker that holds it is gone, whatever it was doing. So each worker holds one of its own, and the
 * page waits for it. Pages without an origin of their own have no locks, or others than their worker:
 * there only silence tells.
 *
 * @module
 */

/**
 * Holds a lock for as long as this worker lives.
 *
 * @returns {Promise<string|null>} the lock's name, once it is held; null if there are no locks
 */
export function hold() {
  const name = `glassnet ${Array.from(crypto.getRandomValues(new Uint32Array(4))).join('-')}`;
  return new Promise((resolve) => {
    const held = globalThis.navigator?.locks?.request(name, () => {
      resolve(name);
      return new Promise(() => {});
    });
    Promise.resolve(held).then(() => resolve(null), () => resolve(null)); // no locks here
  });
}

/**
 * @param {string} name of a worker's lock
 * @param {() => void} act when that worker has ended
 * @returns {() => void} waits no longer
 */
export function whenGone(name, act) {
  const waiting = new AbortController();
  const wait = async () => {
    // One that is free is not the worker's: of another origin than the page, it has other locks.
    if (await navigator.locks.request(name, { ifAvailable: true }, Boolean)) return;
    await navigator.locks.request(name, { signal: waiting.signal }, act);
  };
  wait().catch(() => {}); // it waits no longer
  return () => waiting.abort();
}
