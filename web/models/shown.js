/**
 * What of a network is drawn: which of its layers have pictures, which of these is looked at, and
 * so which arrays are needed for it. All others stay where they are.
 *
 * @module
 */

import { product } from '../data/architecture.js';

/**
 * @typedef {import('../python/protocol.js').LayerDescription} LayerDescription
 * @typedef {import('../python/protocol.js').Description} Description
 *
 * @typedef {object} Picture of a layer: one tile a unit
 * @property {'weights'|'maps'} kind the weights that come in; or what the layer makes of the digit
 * @property {number} layer its number
 * @property {number} units how many there are
 * @property {{rows: number, columns: number}} shape of a tile
 * @property {{rows: number, columns: number}|null} kernel of a convolution: its shape, channels beside each other
 */

/** Tiles drawn at most: more could not be told apart. */
export const MOST = 100;

/** @param {LayerDescription[]} layers @returns {Picture[]} of those layers that have one, first to last */
export function pictures(layers) {
  return layers.flatMap((_, layer) => picture(layers, layer) ?? []);
}

/** @param {LayerDescription[]} layers @param {number} layer @returns {Picture|null} */
function picture(layers, layer) {
  const { kind, output, parameters } = layers[layer];
  const { weight } = parameters;
  if (weight?.length === 2 && output.length === 1) {
    return { kind: 'weights', layer, units: output[0], shape: shapeOf(layers, layer), kernel: null };
  }
  if (kind !== 'conv2d' && !kind.endsWith('pool2d')) return null;
  const [rows, columns, units = 1] = output;
  return { kind: 'maps', layer, units, shape: { rows, columns }, kernel: weight ? kernelShape(weight) : null };
}

/** @param {Picture[]} all @param {number|null} wanted number of a layer @returns {Picture|null} its picture, or that of the first layer that learns */
export function pictureOf(all, wanted) {
  return all.find(({ layer }) => layer === wanted) ?? all.find(({ kind, kernel }) => kind === 'weights' || kernel) ?? all[0] ?? null;
}

/**
 * The last layer of which every unit sees every unit of another, if that other one is what is
 * looked at: its connections can be drawn.
 *
 * @param {LayerDescription[]} layers
 * @param {Picture|null} picture
 * @returns {{layer: number, senders: number}|null} numbers of the layer, and of the one whose answers it takes
 */
export function edgesAfter(layers, picture) {
  const layer = layers.findLastIndex(({ kind }) => kind === 'dense');
  if (picture?.kind !== 'weights' || layer <= picture.layer || layer !== layers.findLastIndex(({ parameters }) => 'weight' in parameters)) return null;
  const between = layers.slice(picture.layer + 1, layer);
  return between.every(({ kind }) => kind !== 'dense' && kind !== 'conv2d') ? { layer, senders: layer - 1 } : null;
}

/** @param {Description} description @param {number|null} wanted layer @returns {string[]} the arrays that a picture of it needs */
export function arraysFor({ layers }, wanted) {
  const picture = pictureOf(pictures(layers), wanted);
  const edges = edgesAfter(layers, picture);
  const names = new Set(['x', `layers.${layers.length - 1}.a`]);
  const own = (/** @type {number} */ layer) => Object.keys(layers[layer].parameters).forEach((key) => names.add(`layers.${layer}.${key}`));
  if (picture) {
    names.add(`layers.${picture.layer}.a`).add(answerBefore(picture.layer));
    own(picture.layer);
  }
  if (edges) {
    names.add(`layers.${edges.senders}.a`);
    own(edges.layer);
  }
  return [...names];
}

/** @param {number} layer @returns {string} the array that it is given */
export function answerBefore(layer) {
  return layer ? `layers.${layer - 1}.a` : 'x';
}

/**
 * How a row of weights is laid out: as the image it looks at, if that is one; else as a square that has room for it.
 *
 * @param {LayerDescription[]} layers
 * @param {number} number of the layer
 */
function shapeOf(layers, number) {
  let before = number;
  while (before > 0 && ['flatten', 'dropout'].includes(layers[before - 1].kind)) before -= 1;
  const [rows, columns = 0, channels = 1, ...more] = layers[before].input;
  if (columns && channels === 1 && !more.length) return { rows, columns };
  const side = Math.ceil(Math.sqrt(product(layers[number].input)));
  return { rows: side, columns: side };
}


/** @param {number[]} weight */
function kernelShape([, rows, columns, channels]) {
  const across = Math.ceil(Math.sqrt(channels));
  return { rows: rows * Math.ceil(channels / across), columns: columns * across };
}
