/**
 * What each array of a step is made from: for every kind of layer, which cells of which arrays go into
 * a cell, and, read the other way, which cells it goes into. No numbers, only places.
 *
 * @module
 */

import { product } from '../data/architecture.js';
import { windowOf } from './window.js';

/**
 * @typedef {import('../python/protocol.js').LayerDescription} LayerDescription
 * @typedef {{name: string, phase?: string}} Which a quantity of a step; a parameter as it was before has no phase
 *
 * @typedef {object} Link
 * @property {string} name of an array that this one is made from
 * @property {(at: number) => Int32Array} from the cells there that go into a cell here
 * @property {(at: number) => Int32Array} to the cells here that a cell there goes into
 *
 * @typedef {(at: number) => Int32Array} Cells
 * @typedef {Omit<Link, 'name'>} Way
 */

/** @param {number} start @param {number} count @param {number} [by] @returns {Int32Array} */
function range(start, count, by = 1) {
  return Int32Array.from({ length: count }, (_, i) => start + i * by);
}

/** @param {number} at */
const one = (at) => Int32Array.of(at);
/** Cell by cell. @type {Way} */
const same = { from: one, to: one };

/** Every cell of so many goes into each of so many. @param {number} there @param {number} here @returns {Way} */
const all = (there, here) => ({ from: () => range(0, there), to: () => range(0, here) });

/** Here (units,), there (units, width): a row each. @param {number} width @returns {Way} */
const row = (width) => ({ from: (at) => range(at * width, width), to: (at) => one(Math.floor(at / width)) });

/** Here (width,), there (height, width): a column each. @param {number} height @param {number} width @returns {Way} */
const column = (height, width) => ({ from: (at) => range(at, height, width), to: (at) => one(at % width) });

/** Read the other way. @param {Way} way @returns {Way} */
const turned = ({ from, to }) => ({ from: to, to: from });

/** Cells that have one place of the last axis in common, of so many. @param {number} width @param {number} size @returns {Way} */
function alike(width, size) {
  const cells = (/** @type {number} */ at) => range(at % width, size / width, width);
  return { from: cells, to: cells };
}

/** Cells of one row of so many. @param {number} width @returns {Way} */
function together(width) {
  const cells = (/** @type {number} */ at) => range(at - (at % width), width);
  return { from: cells, to: cells };
}

/** @param {string} name @param {Way} way @returns {Link} */
const link = (name, way) => ({ name, ...way });

/** @param {number} number of a layer @returns {string} the array that it is given */
export function inputOf(number) {
  return number ? `layers.${number - 1}.a` : 'x';
}

/** @param {LayerDescription[]} layers @param {string} loss @returns {boolean} whether the loss knows δ of the last layer at once */
export function fused(layers, loss) {
  const last = layers[layers.length - 1].activation;
  return (loss === 'cross_entropy' && last === 'softmax') || (loss === 'binary_cross_entropy' && last === 'sigmoid');
}

/** Activations whose derivative is told by a, and those that need no number at all; others need z. */
const BY_ANSWER = ['sigmoid', 'tanh', 'softmax'];

/** @param {string} activation @returns {'a'|'z'|null} what f′ is told by */
export function derivativeBy(activation) {
  if (activation === 'identity') return null;
  return BY_ANSWER.includes(activation) ? 'a' : 'z';
}

/**
 * @param {Which} quantity
 * @param {LayerDescription[]} layers
 * @param {{loss: string, optimizer: {type: string}}} config
 * @returns {Link[]} none of what is only put in, and of kinds of layers that are not known here
 */
export function linksOf({ name, phase }, layers, config) {
  if (name === 'loss') return ofLoss(layers, config.loss);
  const found = /^(optimizer\.)?layers\.(\d+)\.(.+)$/.exec(name);
  if (!found) return [];
  const [, remembered, number, part] = found;
  const layer = layers[Number(number)];
  if (!layer) return [];
  if (remembered) return [link(`${name.slice('optimizer.'.length, name.lastIndexOf('.'))}.gradient`, same)];
  if (part in layer.parameters) return phase === 'update' ? updated(name, config.optimizer.type) : [];
  const { [layer.kind]: kind } = KINDS;
  return kind?.(layer, Number(number), part, phase === 'loss', layers) ?? [];
}

/** @param {LayerDescription[]} layers @param {string} loss */
function ofLoss(layers, loss) {
  const last = layers.length - 1;
  const n = product(layers[last].output);
  const names = [`layers.${last}.a`, 'y', ...(fused(layers, loss) ? [sumBefore(layers[last], last)] : [])];
  return names.map((name) => link(name, all(n, 1)));
}

/** What a layer puts through its activation. @param {LayerDescription} layer @param {number} number */
export function sumBefore({ kind }, number) {
  return kind === 'activation' ? inputOf(number) : `layers.${number}.z`;
}

/** @param {string} name @param {string} rule of an optimiser */
function updated(name, rule) {
  const [v, r] = [`optimizer.${name}.velocity`, `optimizer.${name}.square`];
  const by = { sgd: [], momentum: [v], nesterov: [v], rmsprop: [r], adam: [v, r], adamw: [v, r] }[rule] ?? [];
  const direct = ['sgd', 'nesterov', 'rmsprop'].includes(rule) ? [`${name}.gradient`] : [];
  return [name, ...direct, ...by].map((source) => link(source, same));
}

/** Of a dense layer or a convolution, and of an activation by itself. @param {LayerDescription} layer @param {number} number @param {string} part @param {boolean} first told by the loss itself @param {LayerDescription[]} layers */
function activated(layer, number, part, first, layers) {
  const { activation, output } = layer;
  const [own, whole] = [`layers.${number}.`, together(output[output.length - 1])];
  if (part === 'a') return [link(sumBefore(layer, number), activation === 'softmax' ? whole : same)];
  if (first || part === 'da') return backFrom(number, part, layers);
  if (part !== 'delta' && part !== 'dx') return [];
  const by = derivativeBy(activation);
  const told = by === 'z' ? sumBefore(layer, number) : `${own}a`;
  const way = activation === 'softmax' ? whole : same;
  return [link(`${own}da`, way), ...(by ? [link(told, way)] : [])];
}

/** ∂L/∂a, or δ, as the layer after tells it, or the loss. @param {number} number @param {string} part @param {LayerDescription[]} layers @returns {Link[]} */
function backFrom(number, part, layers) {
  if (number < layers.length - 1) return part === 'da' ? [link(`layers.${number + 1}.dx`, same)] : [];
  return [link(`layers.${number}.a`, same), link('y', same)];
}

/** @type {Record<string, (layer: LayerDescription, number: number, part: string, first: boolean, layers: LayerDescription[]) => Link[]>} */
const KINDS = {
  dense(layer, i, part, first, layers) {
    const [units, inputs] = layer.parameters.weight;
    const [x, own] = [inputOf(i), `layers.${i}.`];
    if (part === 'z') return [link(x, all(inputs, units)), link(`${own}weight`, row(inputs)), link(`${own}bias`, same)];
    if (part === 'dx') return [link(`${own}delta`, all(units, inputs)), link(`${own}weight`, column(units, inputs))];
    if (part === 'weight.gradient') return [link(`${own}delta`, turned(row(inputs))), link(x, turned(column(units, inputs)))];
    if (part === 'bias.gradient') return [link(`${own}delta`, same)];
    return activated(layer, i, part, first, layers);
  },
  conv2d: (layer, i, part, first, layers) => ofConvolution(layer, i, part) ?? activated(layer, i, part, first, layers),
  max_pool2d: (layer, i, part, _, layers) => ofPool(layer, i, part, true, layers),
  average_pool2d: (layer, i, part, _, layers) => ofPool(layer, i, part, false, layers),
  activation: (layer, i, part, first, layers) => activated(layer, i, part, first, layers),
  flatten: (_, i, part, __, layers) => ({ a: [link(inputOf(i), same)], dx: [link(`layers.${i}.da`, same)] })[part] ?? backFrom(i, part, layers),
  dropout(_, i, part, __, layers) {
    const mask = link(`layers.${i}.mask`, same);
    return { a: [link(inputOf(i), same), mask], dx: [link(`layers.${i}.da`, same), mask], mask: [] }[part] ?? backFrom(i, part, layers);
  },
  batch_norm(layer, i, part, _, layers) {
    const [channels, n, own] = [layer.output[layer.output.length - 1], product(layer.output), `layers.${i}.`];
    const [x, whole] = [inputOf(i), alike(channels, n)];
    const [gather, spread] = [column(n / channels, channels), turned(column(n / channels, channels))];
    /** @type {Record<string, Link[]>} */
    const parts = {
      mean: [link(x, gather)],
      var: [link(x, gather), link(`${own}mean`, same)],
      running_mean: [link(`${own}mean`, same)],
      running_var: [link(`${own}var`, same)],
      xhat: [link(x, same), link(`${own}mean`, spread), link(`${own}var`, spread)],
      a: [link(`${own}xhat`, same), link(`${own}gamma`, spread), link(`${own}beta`, spread)],
      dx: [link(`${own}da`, whole), link(`${own}xhat`, whole), link(`${own}gamma`, spread), link(`${own}var`, spread)],
      'gamma.gradient': [link(`${own}da`, gather), link(`${own}xhat`, gather)],
      'beta.gradient': [link(`${own}da`, gather)],
    };
    return parts[part] ?? backFrom(i, part, layers);
  },
};

/** What the window sees, laid into rows: (positions, places · channels). @param {LayerDescription} layer @returns {Way} from the image's cells */
function unfolded(layer) {
  const { area, channels, cellAt, seenFrom } = windowOf(layer);
  const width = area * channels;
  return {
    from(at) {
      const cell = cellAt(Math.floor(at / width), Math.floor((at % width) / channels));
      return cell < 0 ? new Int32Array(0) : one(cell + (at % channels));
    },
    to: (cell) => Int32Array.from(seenFrom(cell), ({ position, place }) => position * width + place * channels + (cell % channels)),
  };
}

/** @param {LayerDescription} layer @param {number} i @param {string} part @returns {Link[]|null} null: as every activated layer */
function ofConvolution(layer, i, part) {
  const { positions, area, channels, cells, cellAt, seenFrom } = windowOf(layer);
  const [filters, width] = [layer.output[2], area * channels];
  const [x, own] = [inputOf(i), `layers.${i}.`];
  const places = unfolded(layer);
  /** Every filter at every position; as many, position by position. @type {Way} */
  const positionsOf = turned(column(positions, filters)); // here (positions, filters), there (filters,)
  /** @type {Way} a position's filters, and all that the window sees there */
  const patch = {
    from: (at) => Int32Array.from(seenAt(Math.floor(at / filters))),
    to: (cell) => Int32Array.from(seenFrom(cell).flatMap(({ position }) => [...range(position * filters, filters)])),
  };
  function* seenAt(/** @type {number} */ position) {
    for (let place = 0; place < area; place++) {
      const cell = cellAt(position, place);
      if (cell >= 0) yield* range(cell, channels);
    }
  }
  /** Here (positions, filters), there (positions, width). @type {Way} */
  const rows = { from: (at) => range(Math.floor(at / filters) * width, width), to: (at) => range(Math.floor(at / width) * filters, filters) };
  /** Here (positions, filters), there (filters, width). @type {Way} */
  const kernel = { from: (at) => range((at % filters) * width, width), to: (at) => range(Math.floor(at / width), positions, filters) };
  if (part === 's') return [link(x, places)];
  if (part === 'z') return [link(x, patch), link(`${own}s`, rows), link(`${own}weight`, kernel), link(`${own}bias`, positionsOf)];
  /** Here (positions, width), there (filters, width). @type {Way} */
  const across = { from: (at) => range(at % width, filters, width), to: (at) => range(at % width, positions, width) };
  if (part === 'ds') return [link(`${own}delta`, turned(rows)), link(`${own}weight`, across)];
  /** Here the image's cells, there (filters, width). @type {Way} */
  const weights = {
    from: (cell) => Int32Array.from(seenFrom(cell).flatMap(({ place }) => [...range(place * channels + (cell % channels), filters, width)])),
    to: (at) => Int32Array.from(everywhere(at)),
  };
  function* everywhere(/** @type {number} */ at) {
    for (let position = 0; position < positions; position++) {
      const cell = cellAt(position, Math.floor((at % width) / channels));
      if (cell >= 0 && cell < cells) yield cell + (at % channels);
    }
  }
  if (part === 'dx') return [link(`${own}ds`, turned(places)), link(`${own}delta`, turned(patch)), link(`${own}weight`, weights)];
  if (part === 'weight.gradient') return [link(`${own}delta`, turned(kernel)), link(`${own}s`, turned(across)), link(x, turned(weights))];
  return part === 'bias.gradient' ? [link(`${own}delta`, turned(positionsOf))] : null;
}

/** @param {LayerDescription} layer @param {number} i @param {string} part @param {boolean} largest @param {LayerDescription[]} layers */
function ofPool(layer, i, part, largest, layers) {
  const { area, channels, cellAt, seenFrom } = windowOf(layer);
  const [x, own, places, width] = [inputOf(i), `layers.${i}.`, unfolded(layer), area * channels];
  /** Here (positions, channels), there (positions, places, channels). @type {Way} */
  const rows = {
    from: (at) => range(Math.floor(at / channels) * width + (at % channels), area, channels),
    to: (at) => one(Math.floor(at / width) * channels + (at % channels)),
  };
  /** Here (positions, channels), there the image's cells. @type {Way} */
  const patch = {
    from: (at) => Int32Array.from({ length: area }, (_, place) => cellAt(Math.floor(at / channels), place) + (at % channels)),
    to: (cell) => Int32Array.from(seenFrom(cell), ({ position }) => position * channels + (cell % channels)),
  };
  if (part === 's') return [link(x, places)];
  if (part === 'a') return [link(x, patch), link(`${own}s`, rows)];
  if (part === 'ds') return [link(`${own}da`, turned(rows)), ...(largest ? [link(`${own}s`, same)] : [])];
  if (part === 'dx') return [link(`${own}ds`, turned(places)), link(`${own}da`, turned(patch))];
  return backFrom(i, part, layers);
}
