/**
 * What the package declares of an option, as a page's setting has it.
 *
 * @module
 */

/**
 * @param {Declared} declared of a number
 * @param {unknown} [value] the default, if the option does not declare one by itself
 * @returns {{kind: 'integer'|'number', default: number, min: number, max: number}}
 */
export function numberOf({ kind, low, high, default: own }, value = own) {
  return { kind: kind === 'integer' ? 'integer' : 'number', default: Number(value), min: Number(low), max: Number(high) };
}
