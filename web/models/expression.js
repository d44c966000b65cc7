/**
 * Arithmetic that is said while it is done: every operation here gives its result and, beside it, how
 * it is written with these numbers. So what a formula's line says and what it comes to are one thing.
 *
 * A part of the text that stands for a cell of an array carries the cell's key, `layers.0.z@12`.
 *
 * @module
 */

import { count, precise } from './words.js';

/** How closely an expression holds together: what has to be put in brackets inside of another. */
const [SUM, PRODUCT, ATOM] = [0, 1, 2];

/** So many products of a long sum are written down; the others are told as one number. */
const WRITTEN = 4;

/**
 * @typedef {{text: string, key?: string}} Part
 *
 * @typedef {object} Expression
 * @property {number} value what it comes to
 * @property {Part[]} parts how it is written
 * @property {number} binds `SUM`, `PRODUCT` or `ATOM`
 *
 * @typedef {object} Term one of a sum of products
 * @property {number} value the product
 * @property {[number, number]} factors
 * @property {[string|undefined, string|undefined]} keys of the two factors; a number of no cell has none
 * @property {number} group which partial sum it belongs to: the channel of a window
 */

/** @param {string} name of an array @param {number} at flat index @returns {string} */
export function keyOf(name, at) {
  return `${name}@${at}`;
}

/** @param {number} value @param {string} [key] of the cell whose number it is @returns {Expression} */
export function number(value, key) {
  const text = precise(value);
  return { value, parts: [key === undefined ? { text } : { text, key }], binds: text.includes('·') ? PRODUCT : ATOM };
}

/** @param {...Expression} terms @returns {Expression} */
export function plus(...terms) {
  const parts = terms.flatMap(({ parts: [first, ...rest] }, i) => {
    if (!i) return [first, ...rest];
    const negative = first.text.startsWith('−');
    return [{ text: negative ? ' − ' : ' + ' }, negative ? { ...first, text: first.text.slice(1) } : first, ...rest];
  });
  return { value: terms.reduce((sum, { value }) => sum + value, 0), parts, binds: terms.length > 1 ? SUM : (terms[0]?.binds ?? ATOM) };
}

/** @param {Expression} from @param {Expression} what @returns {Expression} */
export function minus(from, what) {
  return { value: from.value - what.value, parts: [...from.parts, { text: ' − ' }, ...inside(what, PRODUCT, true)], binds: SUM };
}

/** @param {...Expression} factors @returns {Expression} */
export function times(...factors) {
  const parts = factors.flatMap((factor, i) => [...(i ? [{ text: ' · ' }] : []), ...inside(factor, PRODUCT, i > 0)]);
  return { value: factors.reduce((product, { value }) => product * value, 1), parts, binds: PRODUCT };
}

/** @param {Expression} above @param {Expression} below @returns {Expression} */
export function over(above, below) {
  return { value: above.value / below.value, parts: [...inside(above, PRODUCT, false), { text: '/' }, ...inside(below, ATOM, true)], binds: PRODUCT };
}

/** @param {Expression} what @returns {Expression} */
export function negated(what) {
  return { value: -what.value, parts: [{ text: '−' }, ...inside(what, PRODUCT, true)], binds: PRODUCT };
}

/** @param {Expression} what @returns {Expression} */
export function squared(what) {
  return { value: what.value * what.value, parts: [...inside(what, ATOM, true), { text: '²' }], binds: PRODUCT };
}

/** What can be written before a bracket. @type {Record<string, (...values: number[]) => number>} */
const FUNCTIONS = { exp: Math.exp, ln: Math.log, tanh: Math.tanh, max: Math.max, '√': Math.sqrt };

/** @param {keyof typeof FUNCTIONS} name @param {...Expression} given @returns {Expression} */
export function called(name, ...given) {
  const list = given.flatMap(({ parts }, i) => (i ? [{ text: ', ' }, ...parts] : parts));
  return { value: FUNCTIONS[name](...given.map(({ value }) => value)), parts: [{ text: `${name}(` }, ...list, { text: ')' }], binds: ATOM };
}

/** 1[what > 0]: whether, as a number. @param {Expression} what @returns {Expression} */
export function positive(what) {
  return { value: what.value > 0 ? 1 : 0, parts: [{ text: '1[' }, ...what.parts, { text: ' > 0]' }], binds: ATOM };
}

/**
 * A sum of products, the largest first: the terms are told whole, and a long sum is written short.
 *
 * @param {Term[]} terms in any order; they come back sorted by |product|
 * @param {Expression[]} after what is added besides, as a bias
 * @returns {Expression}
 */
export function sumOfProducts(terms, after = []) {
  terms.sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  const shown = terms.slice(0, terms.length > WRITTEN + 1 ? WRITTEN : terms.length);
  const written = shown.map(({ factors, keys }) => times(number(factors[0], keys[0]), number(factors[1], keys[1])));
  const rest = terms.slice(shown.length).reduce((sum, { value }) => sum + value, 0);
  const others = number(rest);
  others.parts.push({ text: ` (${count(terms.length - shown.length)} more)` });
  return plus(...written, ...(shown.length < terms.length ? [others] : []), ...after);
}

/** The same of plain numbers. @param {Expression[]} all @returns {Expression} */
export function sum(all) {
  const sorted = [...all].sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  const shown = sorted.slice(0, all.length > WRITTEN + 1 ? WRITTEN : all.length);
  if (!all.length) return number(0);
  if (shown.length === all.length) return plus(...shown);
  const others = number(sorted.slice(shown.length).reduce((total, { value }) => total + value, 0));
  others.parts.push({ text: ` (${count(all.length - shown.length)} more)` });
  return plus(...shown, others);
}

/**
 * In brackets, if it would not hold together without; and a number with a minus sign, where that
 * would follow another sign.
 *
 * @param {Expression} what
 * @param {number} least it has to bind as closely as this
 * @param {boolean} follows whether something stands before it
 */
function inside({ parts, binds }, least, follows) {
  const open = binds < least || (follows && parts[0].text.startsWith('−'));
  return open ? [{ text: '(' }, ...parts, { text: ')' }] : parts;
}
