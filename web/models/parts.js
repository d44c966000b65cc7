/**
 * What of each layer stands in the picture at a stop: its parameters, or what has come of them, and
 * its answers, or what is asked of them on the way back; each with the plan by which it is drawn.
 *
 * @module
 */

import { imagePlan, kernelsPlan, weightsPlan } from '../draw/plan.js';

/**
 * @typedef {import('../python/protocol.js').LayerDescription} LayerDescription
 * @typedef {import('../python/protocol.js').Quantity} Quantity
 * @typedef {import('../draw/plan.js').Plan} Plan
 *
 * @typedef {object} Part an array as it is drawn
 * @property {string} name of the array: a quantity's, or a parameter's
 * @property {'weights'|'values'} role
 * @property {Plan} plan
 * @property {Float32Array|null} values null while it has not been computed
 * @property {string} says in words
 * @property {'weight'|'gradient'|'change'|'activation'|'sum'|'delta'} scale which numbers share a range with it
 *
 * @typedef {object} Column a layer in the picture
 * @property {number} layer its number
 * @property {LayerDescription} description
 * @property {Part|null} weights
 * @property {Part|null} values
 */

/** @type {WeakMap<LayerDescription, {weights: Plan|null, values: Plan}>} */
const plans = new WeakMap();

/** A dense layer of no more units is one column of tiles, beside what it answers. */
const SLIM = 16;

/** Kinds that change nothing but the shape: they have no column of their own. */
const FOLDED = new Set(['flatten']);

/**
 * @param {LayerDescription[]} layers
 * @param {Record<string, Float32Array>} parameters as they were before the step
 * @param {Map<string, Quantity>} known the arrays that are there at the stop
 * @returns {Column[]} first to last
 */
export function columns(layers, parameters, known) {
  return layers.flatMap((description, layer) => {
    if (FOLDED.has(description.kind)) return [];
    const plan = plansOf(layers, layer);
    const weights = plan.weights && weightsOf(description.name, plan.weights, parameters, known);
    return { layer, description, weights, values: valuesOf(description, plan.values, known) };
  });
}

/** @param {LayerDescription[]} layers @param {number} number */
function plansOf(layers, number) {
  const layer = layers[number];
  const made = plans.get(layer);
  if (made) return made;
  const { weight } = layer.parameters;
  let before = number;
  while (before > 0 && ['flatten', 'dropout'].includes(layers[before - 1].kind)) before -= 1;
  const input = layers[before].input;
  const line = layer.output.length === 1 && layer.output[0] <= SLIM; // read downwards, as the outputs are
  const plan = { weights: !weight ? null : weight.length === 2 ? weightsPlan(weight[0], input) : kernelsPlan(weight), values: imagePlan(line ? [layer.output[0], 1] : layer.output) };
  plans.set(layer, plan);
  return plan;
}

/** @param {string} layer @param {Plan} plan @param {Record<string, Float32Array>} parameters @param {Map<string, Quantity>} known @returns {Part} */
function weightsOf(layer, plan, parameters, known) {
  const name = `${layer}.weight`;
  const [after, gradient] = [known.get(name), known.get(`${name}.gradient`)];
  const before = parameters[name] ?? null;
  if (after && before) return { name, role: 'weights', plan, values: changeOf(before, after.data), says: 'what the step has changed of the weights', scale: 'change' };
  if (gradient) return { name: `${name}.gradient`, role: 'weights', plan, values: gradient.data, says: 'gradient of the weights, ∂L/∂W', scale: 'gradient' };
  return { name, role: 'weights', plan, values: before, says: 'weights that come in', scale: 'weight' };
}

/** @type {WeakMap<Float32Array, {before: Float32Array, change: Float32Array}>} */
const changes = new WeakMap();

/** The same pair gives the same array: who draws it knows that nothing has changed. @param {Float32Array} before @param {Float32Array} after */
function changeOf(before, after) {
  const made = changes.get(after);
  if (made?.before === before) return made.change;
  const change = after.map((value, i) => value - before[i]);
  changes.set(after, { before, change });
  return change;
}

/** What each array is to a reader, the newest first. @type {[string, string, Part['scale']][]} */
const ANSWERS = [
  ['delta', 'delta δ: how the loss follows each sum', 'delta'],
  ['da', '∂L/∂a: what the next layer asks for', 'delta'],
  ['a', 'activations', 'activation'],
  ['z', 'weighted sums z', 'sum'],
];

/** What a layer's answers are, where it has no weights of its own. @type {Record<string, string>} */
const KINDS = {
  max_pool2d: 'the largest of each window',
  average_pool2d: 'the mean of each window',
  batch_norm: 'each channel brought to one scale',
  dropout: 'what dropout lets through',
};

/** @param {LayerDescription} layer @param {Plan} plan @param {Map<string, Quantity>} known @returns {Part} */
function valuesOf({ name, kind }, plan, known) {
  for (const [part, says, scale] of ANSWERS) {
    const quantity = known.get(`${name}.${part}`);
    if (quantity && quantity.data.length === plan.size) return { name: quantity.name, role: 'values', plan, values: quantity.data, says: part === 'a' ? (KINDS[kind] ?? says) : says, scale };
  }
  return { name: `${name}.a`, role: 'values', plan, values: null, says: 'not computed yet', scale: 'activation' };
}

/** @param {LayerDescription} layer @returns {number} how many units it has: of an image its channels */
export function unitsOf({ output }) {
  return output.length === 3 ? output[2] : output.reduce((all, length) => all * length, 1);
}

/** @param {string} name of an array @returns {number|null} the number of its layer */
export function layerOf(name) {
  const found = /layers\.(\d+)\./.exec(name);
  return found ? Number(found[1]) : null;
}

/**
 * Which unit of its layer a number belongs to.
 *
 * @param {string} name of the array
 * @param {number} at
 * @param {LayerDescription[]} layers
 * @returns {number} -1: none
 */
export function unitOf(name, at, layers) {
  const layer = layerOf(name);
  if (layer === null) return -1;
  const { parameters, output } = layers[layer];
  if (/\.weight(\.gradient)?$/.test(name) && parameters.weight) return Math.floor(at / parameters.weight.slice(1).reduce((all, length) => all * length, 1));
  if (/\.(ds|s|dx|x)$/.test(name)) return -1;
  return output.length === 3 ? at % output[2] : at;
}

/** @param {Column} column @returns {boolean} whether it is one of few units, which stand in one column */
export function isSlim({ weights, description: { kind, output } }) {
  return kind === 'dense' && weights !== null && output[0] <= SLIM;
}
