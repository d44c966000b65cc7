/**
 * Frames that have nothing to share start one behind the other: on a page full of them, what all start
 * at once is slower for each, and for the page.
 *
 * @module
 */

const LOCK = 'glassnet: a worker starts';
/** Milliseconds that a start has to itself. */
const REST_MS = 4000;

/**
 * @template T
 * @param {() => Promise<T>} start
 * @returns {Promise<T>} what it gives; at once where there are no locks
 */
export function inTurn(start) {
  return new Promise((resolve, reject) => {
    const turn = async () => {
      await start().then(resolve, reject);
      await new Promise((done) => setTimeout(done, REST_MS));
    };
    const asked = globalThis.navigator?.locks?.request(LOCK, turn);
    if (!asked) void turn();
    else asked.catch(() => void turn()); // a frame without an origin has none
  });
}
