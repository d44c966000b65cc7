/**
 * What a visitor has changed in a network by hand: a list that is always applied to the network as it
 * was opened, so that taking one back is leaving it out.
 *
 * @module
 */

import { count, signed } from './words.js';

/**
 * @typedef {{kind: 'off', layer: number, unit: number}} Off
 * @typedef {{kind: 'set', array: string, at: number, value: number}} Assignment `at` counts in the flat array
 * @typedef {{kind: 'paint', array: string, at: number, values: Float32Array}} Paint `at`: where it begins
 * @typedef {Off|Assignment|Paint} Edit
 *
 * @typedef {object} Part of an array: the weights of one unit
 * @property {string} array `layers.0.weight`
 * @property {number} at where it begins in the flat array
 * @property {Float32Array} weights
 */

/** @param {Edit[]} edits @param {number} layer @param {number} unit */
export function isOff(edits, layer, unit) {
  return edits.some((edit) => edit.kind === 'off' && edit.layer === layer && edit.unit === unit);
}

/** @param {Edit[]} edits @param {number} layer @param {number} unit @returns {Edit[]} with it off, or on again */
export function switched(edits, layer, unit) {
  if (!isOff(edits, layer, unit)) return [...edits, { kind: 'off', layer, unit }];
  return edits.filter((edit) => !(edit.kind === 'off' && edit.layer === layer && edit.unit === unit));
}

/**
 * What becomes of a part, before anybody has computed with it. Edits name what a weight is, not by
 * how much it changes: so it does not matter whether they were applied before.
 *
 * @param {Part} part
 * @param {Edit[]} edits
 * @returns {Float32Array} a new one
 */
export function applied({ array, at, weights }, edits) {
  const now = weights.slice();
  for (const edit of edits) {
    if (edit.kind === 'off' || edit.array !== array) continue;
    const values = edit.kind === 'set' ? [edit.value] : edit.values;
    values.forEach((value, i) => {
      const to = edit.at + i - at;
      if (to >= 0 && to < now.length) now[to] = value;
    });
  }
  return now;
}

/**
 * @param {Edit} edit
 * @param {number} area weights of one unit: a row of its array
 * @param {number} columns of a unit's picture
 * @param {number} [touched] weights that a brush has changed
 * @returns {string} `Unit 13: the weight at row 5, column 12 is 0.50.`
 */
export function inWords(edit, area, columns, touched) {
  if (edit.kind === 'off') return `Layer ${edit.layer + 1}, unit ${edit.unit + 1}: off.`;
  const layer = Number(/layers\.(\d+)/.exec(edit.array)?.[1] ?? 0) + 1;
  const unit = Math.floor(edit.at / area) + 1;
  if (edit.kind === 'paint') return `Layer ${layer}, unit ${unit}: ${touched === undefined ? 'weights' : touched === 1 ? '1 weight' : `${count(touched)} weights`} brushed.`;
  const place = edit.at % area;
  return `Layer ${layer}, unit ${unit}: the weight at row ${Math.floor(place / columns) + 1}, column ${(place % columns) + 1} is ${signed(edit.value, 3)}.`;
}

/**
 * How many weights each edit of a brush has changed, from what was there before it.
 *
 * @param {Part} part as it was opened
 * @param {Edit[]} edits
 * @returns {(number|undefined)[]} one an edit; undefined where that cannot be said
 */
export function touched(part, edits) {
  return edits.map((edit, k) => {
    if (edit.kind !== 'paint' || edit.array !== part.array || edit.at !== part.at) return undefined;
    const before = applied(part, edits.slice(0, k));
    return edit.values.reduce((sum, value, i) => sum + Number(value !== before[i]), 0);
  });
}
