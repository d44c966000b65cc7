/**
 * Numbers and states in words: every figure says aloud what it shows, in the same way everywhere.
 *
 * @module
 */

import { indexOfLargest } from '../draw/bars.js';

const NARROW = '\u202f'; // between a number and its unit

/**
 * Not by `toLocaleString`: the first call has the browser load its tables of all languages, some
 * 15 ms just when the page has most to do.
 *
 * @param {number} value
 * @returns {string} `41,200`
 */
export function count(value) {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @param {number} share 0..1 @param {number} [digits] @returns {string} `94.1 %` */
export function percent(share, digits = 0) {
  return `${(100 * share).toFixed(digits)}${NARROW}%`;
}

/** @param {number} value 0..1 @returns {string} a whole percentage that never rounds to all or nothing */
function share(value) {
  if (value > 0 && value < 0.01) return `<1${NARROW}%`;
  if (value < 1 && value > 0.99) return `>99${NARROW}%`;
  return percent(value);
}

/** @param {number} bytes @returns {string} `9.2 MB` */
export function megabytes(bytes) {
  const size = bytes / 1e6;
  return `${size.toFixed(size < 9.95 ? 1 : 0)}${NARROW}MB`;
}

/** @param {number} seconds @returns {string} `1:04` or `2:03:10` */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** @param {number} value @param {number} [digits] @returns {string} with a real minus sign: `−0.42` */
export function signed(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** @param {number} value > 0 @returns {string} as short as it can be said: `1.5` */
export function short(value) {
  return String(Number(value.toPrecision(3)));
}

const POWERS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/**
 * Any number, to as many digits as count, with a real minus sign: `−0.02134`, `1.2·10⁻⁷`, `NaN`.
 *
 * @param {number} value
 * @param {number} [digits] that count
 */
export function precise(value, digits = 4) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : `${value < 0 ? '−' : ''}∞`;
  const [mantissa, exponent] = Math.abs(value).toExponential(digits - 1).split('e').map(Number);
  const sign = value < 0 && mantissa ? '−' : '';
  if (exponent >= -4 && exponent <= 6) return sign + Number(Math.abs(value).toPrecision(digits));
  const power = [...String(Math.abs(exponent))].map((digit) => POWERS[Number(digit)]).join('');
  return `${sign}${mantissa}·10${exponent < 0 ? '⁻' : ''}${power}`;
}

/**
 * @param {ArrayLike<number>} outputs one a class
 * @param {string[]} classes
 * @returns {string} `reads this as 7 (93 %), then 9 (4 %)`
 */
export function reading(outputs, classes) {
  const first = indexOfLargest(outputs);
  const others = Array.from(outputs, (value, i) => (i === first ? -Infinity : value));
  const second = indexOfLargest(others);
  // Outputs that are no shares, as of a last layer without an activation, are told as they are.
  const shares = outputs[first] <= 1 && Math.min(...Array.from(outputs)) >= 0;
  const say = (/** @type {number} */ i) => `${classes[i]} (${shares ? share(outputs[i]) : signed(outputs[i])})`;
  return `reads this as ${say(first)}, then ${say(second)}`;
}

/**
 * Which classes there are, for the end of a sentence.
 *
 * @param {number[]} counts of each class
 * @param {string[]} names
 * @returns {string} `4s and 9s`, `all classes but 3s and 7s`, `all classes`
 */
export function classesIn(counts, names) {
  const plural = (/** @type {number} */ label) => (names[label].length === 1 ? `${names[label]}s` : names[label]);
  const list = (/** @type {number[]} */ labels) => new Intl.ListFormat('en').format(labels.map(plural));
  const there = counts.flatMap((number, label) => (number ? [label] : []));
  const missing = counts.flatMap((number, label) => (number ? [] : [label]));
  if (!missing.length) return 'all classes';
  return there.length <= missing.length ? list(there) : `all classes but ${list(missing)}`;
}

/** What some kinds of layers are called here. @type {Record<string, string>} */
const KINDS = { conv2d: 'convolution', max_pool2d: 'max pool', average_pool2d: 'average pool', batch_norm: 'batch norm' };

/** @param {string} kind of layer @returns {string} */
export function kindOf(kind) {
  return KINDS[kind] ?? kind.replaceAll('_', ' ');
}

/**
 * What a network is made of: `784 → 36 → 10 · sigmoid`; or, if not all of its layers are dense,
 * `28×28 → 24×24×8 convolution → 12×12×8 max pool → 10 dense · relu, softmax`.
 *
 * @param {{layers: import('../python/protocol.js').LayerDescription[], shape: number[]}} network
 */
export function architecture({ layers, shape }) {
  const plain = layers.every(({ kind }) => kind === 'dense');
  const size = (/** @type {number[]} */ lengths) => lengths.join('×');
  const first = plain ? String(shape.reduce((all, length) => all * length, 1)) : size(shape);
  const sizes = layers.map(({ kind, input, output }) => {
    if (plain) return size(output);
    return size(input) === size(output) && kind !== 'dense' ? kindOf(kind) : `${size(output)} ${kindOf(kind)}`;
  });
  const activations = new Set(layers.map(({ activation }) => activation));
  if (activations.size > 1) activations.delete('identity');
  return `${[first, ...sizes].join(' → ')} · ${[...activations].join(', ')}`;
}
