/**
 * The range that a scale of colours spans. It has to hold still while training goes on, or every
 * tile would flicker with the largest weight: so it takes only round values, follows the 99th
 * percentile of |value|, and moves only when that leaves a wide band.
 *
 * @module
 */

const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8];
const BINS = 512;

/**
 * The range to draw with next.
 *
 * @param {Float32Array} values
 * @param {number} held the range drawn with so far; 0 if there is none
 * @returns {number} `held` again unless it has become wrong; > 0
 */
export function holdRange(values, held) {
  const top = percentile99(values);
  if (held > 0 && top <= held && top > 0.4 * held) return held;
  return roundUp(top) || held || 1;
}

/** @param {number} value @returns {number} the next round number that is not smaller; 0 of 0 */
export function roundUp(value) {
  if (!(value > 0) || !Number.isFinite(value)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = ROUND.find((round) => value <= round * power * (1 + 1e-6));
  return (factor ?? 10) * power;
}

/** @param {Float32Array} values @returns {number} 99 % of |value| are at most this, to 1 part in 512 */
export function percentile99(values) {
  const max = largest(values);
  if (max === 0) return 0;
  const bins = new Uint32Array(BINS);
  for (const value of values) bins[Math.min(BINS - 1, Math.floor((Math.abs(value) / max) * BINS))] += 1;
  let rest = 0.01 * values.length;
  let bin = BINS;
  while (bin > 1 && (rest -= bins[bin - 1]) >= 0) bin -= 1;
  return (bin / BINS) * max;
}

/** @param {Float32Array} values @returns {number} the largest finite |value| */
function largest(values) {
  let max = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > max && size < Infinity) max = size;
  }
  return max;
}

/**
 * Where a logarithmic axis may begin: uPlot counts up from there in steps of its first digit, and
 * never comes to an end from a number that has more than one.
 *
 * @param {number} value > 0
 * @returns {number} the largest number of one digit that is not above it
 */
export function oneDigit(value) {
  const exponent = Math.floor(Math.log10(value));
  const digit = Math.min(9, Math.max(1, Math.floor(value / 10 ** exponent)));
  return Number(`${digit}e${exponent}`);
}
