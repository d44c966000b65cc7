/**
 * What is wrong, newest first, each thing once.
 *
 * @module
 */

/** @typedef {import('../python/protocol.js').Failure} Failure */

/**
 * What was thrown, as a failure to tell of.
 *
 * @param {unknown} error a `Refused`, which brings one; with a code and advice, if it is a LoadError
 * @param {boolean} [fatal]
 * @returns {Failure}
 */
export function failureOf(error, fatal = false) {
  const { failure } = /** @type {{failure?: Failure}} */ (error);
  if (failure) return failure;
  const { code = 'E-PAGE', message, advice } = /** @type {import('../wire/download.js').LoadError} */ (error);
  return { code, message, advice, fatal };
}

/** @param {Failure[]} known @param {Failure} failure @returns {Failure[]} */
export function withFailure(known, failure) {
  const others = known.filter(({ code, message }) => code !== failure.code || message !== failure.message);
  return [failure, ...others];
}
