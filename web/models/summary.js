/**
 * An array in a few numbers: least, most, mean, zeros, and how its values are spread.
 *
 * @module
 */

import { count, precise } from './words.js';

/** Bars of a histogram. */
const BARS = 41;

/**
 * @typedef {object} Summary of the numbers of an array, NaN and infinite ones apart
 * @property {number} count of all
 * @property {number} min
 * @property {number} max
 * @property {number} mean
 * @property {number} zeros
 * @property {number} nan
 * @property {number} infinite
 * @property {Uint32Array} bars how many numbers are in each part from least to most
 */

/** @param {Float32Array} values @returns {Summary} */
export function summaryOf(values) {
  let [min, max, sum, zeros, nan, infinite] = [Infinity, -Infinity, 0, 0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) nan += 1;
    else if (!Number.isFinite(value)) infinite += 1;
    else {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      if (value === 0) zeros += 1;
    }
  }
  const bars = new Uint32Array(BARS);
  for (const value of values) {
    if (Number.isFinite(value)) bars[max > min ? Math.min(BARS - 1, Math.floor(((value - min) / (max - min)) * BARS)) : 0] += 1;
  }
  return { count: values.length, min, max, mean: sum / (values.length - nan - infinite), zeros, nan, infinite, bars };
}

/** @param {Summary} summary @returns {string} `36 numbers from −0.42 to 0.98, mean 0.31; 12 are zero, none is NaN.` */
export function summaryInWords({ count: all, min, max, mean, zeros, nan, infinite }) {
  if (all === nan + infinite) return `${all ? 'None' : 'There is none'} of ${count(all)} numbers is finite: ${count(nan)} are NaN, ${count(infinite)} infinite.`;
  const many = (/** @type {number} */ number) => (number === 0 ? 'none is' : number === 1 ? '1 is' : number === all ? 'all are' : `${count(number)} are`);
  const range = min === max ? `${all === 1 ? 'One number' : `${count(all)} numbers`}: ${precise(min)}` : `${count(all)} numbers from ${precise(min)} to ${precise(max)}, mean ${precise(mean, 3)}`;
  return `${range}; ${many(zeros)} zero, ${many(nan)} NaN${infinite ? `, ${many(infinite)} infinite` : ''}.`;
}

/** The largest finite |value|, with which a colour is full; never 0. @param {Float32Array} values */
export function fullColour(values) {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most && Math.abs(value) < Infinity) most = Math.abs(value);
  return most || 1;
}
