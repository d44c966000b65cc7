/**
 * When what has just changed can be seen. Where nothing is painted (in a hidden tab; in a frame that is
 * scrolled out of sight, of which no event tells) some time has passed.
 *
 * @module
 */

const UNSEEN_MS = 100;

/** @returns {Promise<void>} */
export function painted() {
  return new Promise((done) => {
    const timer = setTimeout(done, UNSEEN_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(done);
    });
  });
}
