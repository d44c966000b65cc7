/**
 * What goes wrong in the worker, as it crosses to the page.
 *
 * @module
 */

/** @typedef {import('./protocol.js').Failure} Failure */

/** What Python itself has refused. */
export class Unable extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What nobody foresaw. @param {any} error @returns {Failure} */
export function broken(error) {
  const { message = String(error) } = error ?? {};
  const python = typeof error?.type === 'string'; // a PythonError: its message is the whole traceback
  return {
    code: 'E-WORKER',
    message: `the worker failed: ${python ? message.trim().split('\n').pop() : message}`,
    advice: 'Try again.',
    ...(python ? { traceback: message } : {}),
    fatal: true,
  };
}
