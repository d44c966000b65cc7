/**
 * Which numbers of the picture belong to one of them: those that it was made from, through arrays
 * that are not drawn, and those that it feeds; of an image's number also its receptive field.
 *
 * @module
 */

import { feeds, madeFrom } from './cell.js';

/**
 * @typedef {import('./cell.js').Step} CellStep
 * @typedef {import('./stops.js').Step} Step
 * @typedef {{from: Map<string, Int32Array>, feeds: Map<string, Int32Array>}} Marks cells by array
 * @typedef {Map<string, Set<number>>} Found
 */

/** Arrays that stand between two that are drawn. */
const BETWEEN = /\.(z|s|ds|da|dx|xhat|winner|mean|var)$/;
/** More cells than that are not followed one by one. */
const MOST = 4000;

const NONE = /** @type {Marks} */ ({ from: new Map(), feeds: new Map() });

/** @param {Step|null} step @param {import('../data/network.js').Network|null} network @returns {CellStep|null} the step as its cells are looked up in it */
export function stepFor(step, network) {
  if (!step || !network) return null;
  const { layers, arrays, config } = network;
  return { quantities: step.named, parameters: arrays, layers, config: /** @type {any} */ (config) };
}

/** @param {CellStep|null} step @param {{name: string, at: number}|null} cell @returns {Marks} */
export function marksOf(step, cell) {
  if (!step || !cell) return NONE;
  const from = followed(step, cell, (quantity, at) => madeFrom(quantity, at, step, step.layers), fieldWanted(step, cell.name));
  const to = followed(step, cell, (quantity, at) => feeds(quantity, at, step, step.layers), false);
  return { from: asArrays(from), feeds: asArrays(to) };
}

/** Whether an array is an image's, so that its numbers see a part of the digit. @param {CellStep} step @param {string} name */
function fieldWanted({ layers }, name) {
  const found = /^layers\.(\d+)\.(a|z)$/.exec(name);
  return Boolean(found && layers[Number(found[1])].output.length === 3);
}

/**
 * @param {CellStep} step
 * @param {{name: string, at: number}} cell
 * @param {(quantity: any, at: number) => {name: string, at: Int32Array}[]} next
 * @param {boolean} field whether answers of earlier layers are followed as well, down to the digit
 * @returns {Found}
 */
function followed(step, cell, next, field) {
  /** @type {Found} */
  const found = new Map();
  /** @type {[string, number][]} */
  const waiting = [[cell.name, cell.at]];
  let steps = 0;
  for (let one = waiting.pop(); one && steps < MOST; one = waiting.pop()) {
    steps += 1;
    const [name, at] = one;
    const quantity = step.quantities.get(name) ?? { name };
    const parameter = name in step.parameters && name === cell.name; // its array after the step has the same name
    for (const cells of next(parameter ? { name } : quantity, at)) {
      const known = found.get(cells.name) ?? new Set();
      found.set(cells.name, known);
      const on = goesOn(step, cells.name, field);
      for (const i of cells.at) {
        if (known.has(i)) continue;
        known.add(i);
        if (on) waiting.push([cells.name, i]);
      }
    }
  }
  return found;
}

/** @param {CellStep} step @param {string} name @param {boolean} field */
function goesOn({ layers }, name, field) {
  if (BETWEEN.test(name)) return true;
  const found = /^layers\.(\d+)\.a$/.exec(name);
  return Boolean(found && (field || layers[Number(found[1])].kind === 'flatten'));
}

/** @param {Found} found @returns {Map<string, Int32Array>} */
function asArrays(found) {
  return new Map(Array.from(found, ([name, cells]) => [name, Int32Array.from(cells)]));
}
