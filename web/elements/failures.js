/**
 * What is wrong, newest first, each thing once.
 *
 * @module
 */

/** @typedef {import('../worker/protocol.js').Failure} Failure */

/** @param {Failure[]} known @param {Failure} failure @returns {Failure[]} */
export function withFailure(known, failure) {
  const others = known.filter(({ code, message }) => code !== failure.code || message !== failure.message);
  return [failure, ...others];
}
