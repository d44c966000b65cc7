/**
 * Long work in a worker, with breaths in which it answers what it is asked meanwhile.
 *
 * @module
 */

/** Milliseconds of work between two breaths. */
const WORK_MS = 20;

/** @returns {() => Promise<void>|null} to be called often; to be awaited where it returns a promise */
export function breathing() {
  let since = performance.now();
  return () => {
    if (performance.now() - since < WORK_MS) return null;
    return new Promise((resolve) => {
      setTimeout(() => {
        since = performance.now();
        resolve();
      });
    });
  };
}
