/**
 * When there is time for all digits: unpacking them takes the processor, and handing them over stands
 * in Python's line before whatever is asked next.
 *
 * @module
 */

import { effect } from '@preact/signals-core';

/** Milliseconds that a run may take to come, once Python is there. */
const LATE_MS = 500;
/** Milliseconds that Python's files take on a slow line. */
const SLOW_MS = 4_000;

/**
 * Until the run has been seen in Python, or does not come soon after Python has. Where Python's files
 * were long on the line, that is what all else waits for, and it is not left idle.
 *
 * @param {import('./interpreter.js').Interpreter} interpreter
 * @param {import('./run.js').Run<any>} run
 * @returns {Promise<void>}
 */
export async function leisure(interpreter, run) {
  const begin = performance.now();
  let end = () => {};
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let late;
  await new Promise((/** @type {(nothing: void) => void} */ resolve) => {
    end = effect(() => {
      const [phase, progress, frame] = [interpreter.phase.value, interpreter.progress.value, run.frame.value];
      if (phase === 'loading') {
        if (progress?.stage === 'interpreter' && performance.now() - begin > SLOW_MS) resolve();
      } else if (phase === 'ready' && !frame) late ??= setTimeout(resolve, LATE_MS);
      else resolve();
    });
  });
  clearTimeout(late);
  end();
}
