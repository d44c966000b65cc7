/**
 * One cell of an array of a step: what exactly it was made from, what it goes into, and its formula
 * with its own numbers. Everything is taken from the step itself; nothing is computed that the step
 * has not computed, but to show that it comes to the same.
 *
 * @module
 */

import { KINDS } from './cell-layers.js';
import { firstDelta, ofLoss, updated } from './cell-loss.js';
import { keyOf } from './expression.js';
import { inputOf, linksOf } from './links.js';
import { cell, dataOf } from './step.js';
import { precise } from './words.js';

/**
 * @typedef {import('../python/protocol.js').Quantity} Quantity
 * @typedef {import('../python/protocol.js').LayerDescription} LayerDescription
 * @typedef {import('./expression.js').Expression} Expression
 * @typedef {import('./expression.js').Part} Part
 * @typedef {import('./step.js').Step} Step
 * @typedef {import('./step.js').Place} Place
 * @typedef {import('./step.js').Besides} Besides
 * @typedef {import('./step.js').Opened} Opened
 * @typedef {import('./expression.js').Term} Term
 *
 * @typedef {{name: string, at: Int32Array}} Cells some of an array: of a parameter as it was before the step, if it is named
 *
 * @typedef {object} Line a cell's formula with its own numbers
 * @property {Part[]} parts its text; `key` of a part: the cell whose number it is, `layers.0.weight@12`
 * @property {Term[]} terms of a sum of products, the largest first; else none
 * @property {{group: number, value: number}[]} groups partial sums, one a channel of a convolution's window; else none
 * @property {Opened|null} opened of a softmax
 * @property {number} value that stands in the array
 * @property {number|null} sum what the written numbers come to; null: nothing but the value is known here
 */

/** @param {Quantity} quantity @param {number} at flat index @param {Step} step @param {LayerDescription[]} layers @returns {Cells[]} */
export function madeFrom(quantity, at, step, layers) {
  const links = linksOf(quantity, layers, step.config).filter(({ name }) => dataOf(step, name));
  return links.map(({ name, from }) => ({ name, at: from(at) })).filter((cells) => cells.at.length);
}

/**
 * Forwards and backwards: all that a cell has gone into, in the order of the step.
 *
 * @param {{name: string, phase?: string}} quantity of the step; or a parameter as it was before: without a phase
 * @param {number} at
 * @param {Step} step
 * @param {LayerDescription[]} layers
 * @returns {Cells[]}
 */
export function feeds(quantity, at, step, layers) {
  if (quantity.phase === 'update' && quantity.name in step.parameters) return []; // the step has ended with it
  const found = [];
  for (const other of step.quantities.values()) {
    for (const { name, to } of linksOf(other, layers, step.config)) {
      const cells = name === quantity.name ? to(at) : null;
      if (cells?.length) found.push({ name: other.name, at: cells });
    }
  }
  return found;
}

/** @param {Quantity} quantity @param {number} at @param {Step} step @param {LayerDescription[]} layers @returns {Line} */
export function line(quantity, at, step, layers) {
  const value = quantity.data[at];
  /** @type {Pick<Line, 'terms'|'groups'|'opened'>} */
  let besides = { terms: [], groups: [], opened: null };
  let made = expressionOf(quantity, at, { ...step, layers }, besides);
  if (made && Number.isNaN(made.value) && !Number.isNaN(value)) {
    [made, besides] = [null, { terms: [], groups: [], opened: null }]; // of a way forward alone: what it is made from is not there
  }
  const told = { text: precise(value), key: keyOf(quantity.name, at) };
  const middle = made && made.parts.length > 1 ? [...made.parts, { text: ' = ' }] : [];
  const last = made?.parts.length === 1 ? made.parts[0] : told;
  return { parts: [{ text: quantity.symbol, key: told.key }, { text: ' = ' }, ...middle, last], ...besides, value, sum: made?.value ?? null };
}

/** What the numbers of a cell's line come to, by themselves; NaN where only its value is known. @param {Quantity} quantity @param {number} at @param {Step} step @param {LayerDescription[]} layers @returns {number} */
export function evaluate(quantity, at, step, layers) {
  return line(quantity, at, step, layers).sum ?? NaN;
}

/** @param {Quantity} quantity @param {number} at @param {Step} step @param {Besides} besides @returns {Expression|null} */
function expressionOf(quantity, at, step, besides) {
  if (quantity.name === 'loss') return ofLoss(step);
  const found = /^layers\.(\d+)\.(.+)$/.exec(quantity.name);
  const layer = found && step.layers[Number(found[1])];
  if (!found || !layer || !KINDS[layer.kind]) return null;
  const [i, part] = [Number(found[1]), found[2]];
  if (quantity.phase === 'update') return part in layer.parameters ? updated(quantity.name, at, step) : null;
  return of({ step, besides, layer, i, part, at, own: `layers.${i}.`, x: inputOf(i) }, quantity.phase);
}

/** @param {Place} place @param {string} phase @returns {Expression|null} */
function of(place, phase) {
  const { step, layer, i, part, at } = place;
  const last = i === step.layers.length - 1;
  if (part === 'da' && !last) return cell(step, `layers.${i + 1}.dx`, at);
  return phase === 'loss' ? firstDelta(place) : (KINDS[layer.kind](place) ?? null);
}

