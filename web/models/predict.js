/**
 * Predict, then reveal: before some stops the visitor first says what comes, and is then shown what
 * came. A tally is kept.
 *
 * @module
 */

import { batch, signal } from '@preact/signals-core';
import { indexOfLargest } from '../draw/bars.js';
import { cellName } from './axes.js';
import { unitsOf } from './parts.js';

/**
 * @typedef {import('./inside.js').Inside} Inside
 *
 * @typedef {object} Question
 * @property {number} stop that the answer is at
 * @property {string} words
 * @property {string[]} choices
 * @property {number} right which of them
 * @property {string} told what came, in words
 */

/** Above it, an activation that never falls below 0 counts as on. */
const ON = 0.5;

export class Predict {
  /** What is asked just now. @type {import('@preact/signals-core').Signal<Question|null>} */
  asked = signal(/** @type {Question|null} */ (null));
  /** What came, after an answer. @type {import('@preact/signals-core').Signal<{right: boolean, told: string}|null>} */
  told = signal(/** @type {{right: boolean, told: string}|null} */ (null));
  tally = signal({ right: 0, of: 0 });
  #inside;

  /** @param {Inside} inside */
  constructor(inside) {
    this.#inside = inside;
  }

  /** Asks about a stop, if there is something to ask. @param {number} stop @param {string[]} classes @returns {boolean} whether one has to wait for an answer */
  holds(stop, classes) {
    this.told.value = null;
    this.asked.value = questionOf(this.#inside, stop, classes);
    return this.asked.value !== null;
  }

  /** @param {number} choice */
  answer(choice) {
    const question = this.asked.peek();
    if (!question) return;
    const right = choice === question.right;
    const { right: before, of } = this.tally.peek();
    batch(() => {
      this.tally.value = { right: before + Number(right), of: of + 1 };
      this.told.value = { right, told: question.told };
      this.asked.value = null;
    });
    this.#inside.go(question.stop);
  }
}

/** @param {Inside} inside @param {number} stop @param {string[]} classes @returns {Question|null} */
function questionOf(inside, stop, classes) {
  const [step, network, unit] = [inside.step.peek(), inside.network.peek(), inside.unit.peek()];
  const quantity = step?.quantities[stop];
  if (!step || !network || !quantity || quantity.layer === null) return null;
  const layer = network.layers[quantity.layer];
  const part = quantity.name.slice(layer.name.length + 1);
  if (part === 'a' && quantity.layer === network.layers.length - 1) {
    const right = indexOfLargest(quantity.data);
    return { stop, words: 'Which output will be the largest?', choices: classes, right, told: `It is ${classes[right]}.` };
  }
  if (part === 'a' && layer.kind === 'dense' && unit?.layer === quantity.layer) {
    const value = quantity.data[unit.unit];
    const on = value > (layer.activation === 'sigmoid' ? ON : 0);
    return { stop, words: `Will unit ${unit.unit + 1} of layer ${quantity.layer + 1} be on?`, choices: ['on', 'off'], right: on ? 0 : 1, told: `Its activation is ${value.toFixed(3)}.` };
  }
  const before = network.arrays[quantity.name];
  if (part === 'weight' && quantity.phase === 'update' && before) {
    const at = weightOf(quantity.data, before, unit?.layer === quantity.layer ? unit.unit : 0, unitsOf(layer));
    const change = quantity.data[at] - before[at];
    if (!change) return null;
    const name = cellName({ name: quantity.name, shape: layer.parameters.weight }, at, network.layers, classes);
    return { stop, words: `Will this weight rise or fall: ${name}?`, choices: ['rise', 'fall'], right: change > 0 ? 0 : 1, told: `It went from ${before[at].toFixed(4)} to ${quantity.data[at].toFixed(4)}.` };
  }
  return null;
}

/** The weight of a unit that changes most; if none does, of all. @param {Float32Array} after @param {Float32Array} before @param {number} unit @param {number} units */
function weightOf(after, before, unit, units) {
  const size = after.length / units;
  const most = (/** @type {number} */ from, /** @type {number} */ to) => {
    let at = from;
    for (let i = from; i < to; i++) if (Math.abs(after[i] - before[i]) > Math.abs(after[at] - before[at])) at = i;
    return at;
  };
  const own = most(unit * size, (unit + 1) * size);
  return after[own] === before[own] ? most(0, after.length) : own;
}
