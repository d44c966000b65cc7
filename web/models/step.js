/**
 * One training step on one example, with the network that took it: where the numbers of its cells are.
 *
 * @module
 */

import { keyOf, number } from './expression.js';

/**
 * @typedef {import('../python/protocol.js').Quantity} Quantity
 * @typedef {import('../python/protocol.js').LayerDescription} LayerDescription
 * @typedef {import('./expression.js').Expression} Expression
 *
 * @typedef {object} Step one training step on one example, and the network that took it
 * @property {Map<string, Quantity>} quantities by name; of two with one name (a gradient, and what weight decay makes of it) the later
 * @property {Record<string, Float32Array>} parameters as they were before
 * @property {LayerDescription[]} layers
 * @property {{loss: string, optimizer: {type: string, lr: number, [option: string]: unknown}}} config
 * @property {number} [rate] the learning rate, where a schedule has changed it
 *
 * @typedef {object} Opened softmax, number by number of a row
 * @property {number[]} logits
 * @property {number} most the largest, which is taken off each
 * @property {number[]} exponentials
 * @property {number} total of the exponentials
 * @property {number[]} shares
 *
 * @typedef {object} Besides what is found on the way to a cell's line, beside its text
 * @property {import('./expression.js').Term[]} terms of a sum of products, the largest first; else none
 * @property {{group: number, value: number}[]} groups partial sums, one a channel of a convolution's window; else none
 * @property {Opened|null} opened of a softmax
 *
 * @typedef {object} Place
 * @property {Step} step
 * @property {Besides} besides
 * @property {LayerDescription} layer
 * @property {number} i of the layer
 * @property {string} part of the layer: `z`, `weight.gradient`
 * @property {number} at
 * @property {string} own how the layer's arrays begin
 * @property {string} x what the layer is given
 */

/** The numbers that a name stands for among those that others are made from. @param {Step} step @param {string} name */
export function dataOf(step, name) {
  return step.parameters[name] ?? step.quantities.get(name)?.data;
}

/** A cell's number. @param {Step} step @param {string} name @param {number} at @returns {Expression} */
export function cell(step, name, at) {
  return number(dataOf(step, name)?.[at] ?? NaN, keyOf(name, at));
}
