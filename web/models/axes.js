/**
 * What the axes of an array are: batch, pixel, row, column, channel, hidden, class. Each has one name
 * and one hue, in formulas, words and pictures, and here is what makes of a shape these names.
 *
 * A `pixel` is a place of an image laid flat, its channels with it; `hidden` and `class` are units.
 * Units and channels are counted from 1, as everywhere on our pages; pixels, rows and columns from 0.
 *
 * @module
 */

import { kindOf } from './words.js';

/**
 * @typedef {import('../python/protocol.js').LayerDescription} LayerDescription
 * @typedef {{name: string, shape: number[]}} Shaped a quantity of a step, or a parameter
 */

/** The hue of each axis, in styles/tokens.css. @type {Record<string, string>} */
export const HUES = Object.fromEntries(['batch', 'pixel', 'row', 'column', 'channel', 'hidden', 'class'].map((axis) => [axis, `--axis-${axis}`]));

/** Kinds of layers that make each number of what is given to them another, and leave it in its place. */
const KEEPING = ['activation', 'dropout', 'batch_norm'];

/** Parts of a layer that are one number a channel, or a unit. */
const PER_CHANNEL = ['bias', 'gamma', 'beta', 'mean', 'var', 'running_mean', 'running_var'];

/**
 * @param {Shaped} quantity
 * @param {LayerDescription[]} layers
 * @returns {string[]} one name a length of its shape
 */
export function axesOf({ name, shape }, layers) {
  const [number, part] = partOf(name);
  const layer = layers[number];
  if (name === 'y') return fitting(['batch', 'class'], shape);
  if (name === 'x') return fitting(['batch', ...before(0, layers)], shape);
  if (!layer) return fitting([], shape);
  const [given, made] = [before(number, layers), after(number, layers)];
  const last = made[made.length - 1];
  if (PER_CHANNEL.includes(part)) return fitting([last], shape);
  if (part === 'weight') return fitting(shape.length === 4 ? [last, 'row', 'column', 'channel'] : [last, given.length === 1 ? given[0] : 'pixel'], shape);
  if (part === 's' || part === 'ds') return fitting(['pixel', 'pixel', 'channel'].slice(0, shape.length), shape);
  if (part === 'xhat') return fitting([layer.output.length > 1 ? 'pixel' : 'batch', last], shape);
  return fitting(['batch', ...(part === 'dx' ? given : made)], shape);
}

/** `layers.0.weight.gradient`, `optimizer.layers.0.weight.velocity` → 0, `weight`. @param {string} name @returns {[number, string]} */
function partOf(name) {
  const [, number = '-1', part = ''] = /(?:^|\.)layers\.(\d+)\.([^.]+)/.exec(name) ?? [];
  return [Number(number), part];
}

/** What a layer is given. @param {number} number @param {LayerDescription[]} layers @returns {string[]} */
function before(number, layers) {
  if (number > 0) return after(number - 1, layers);
  const shape = layers[0]?.input ?? [];
  return shape.length === 1 ? ['pixel'] : ['row', 'column', 'channel'].slice(0, shape.length);
}

/** What a layer makes. @param {number} number @param {LayerDescription[]} layers @returns {string[]} */
function after(number, layers) {
  const { kind, output } = layers[number];
  if (output.length > 1) return ['row', 'column', 'channel'].slice(0, output.length);
  if (layers.slice(number + 1).every((layer) => KEEPING.includes(layer.kind))) return ['class'];
  return kind === 'flatten' ? ['pixel'] : KEEPING.includes(kind) ? before(number, layers) : ['hidden'];
}

/** As many names as lengths, also where a layer of one's own keeps arrays of another shape. @param {string[]} names @param {number[]} shape */
function fitting(names, shape) {
  if (names.length === shape.length) return names;
  return shape.map((length, i) => (i === 0 && length === 1 && shape.length > 1 ? 'batch' : 'hidden'));
}

/** @param {number[]} shape @param {string[]} axes @returns {string} `1 batch × 36 hidden` */
export function shapeInWords(shape, axes) {
  return shape.map((length, i) => `${length} ${axes[i]}`).join(' × ') || 'one number';
}

/**
 * Which cell of an array, in words. A batch of one is not worth a word.
 *
 * @param {Shaped} quantity
 * @param {number} at flat index
 * @param {LayerDescription[]} layers
 * @param {string[]} classes
 * @returns {string} `hidden unit 12, pixel row 8 column 14`; of a single number nothing
 */
export function cellName({ name, shape }, at, layers, classes) {
  const [number, part] = partOf(name);
  const unfolded = part === 's' || part === 'ds';
  return placeInWords(axesOf({ name, shape }, layers), shape, at, classes, (place, i) =>
    pixelIn(unfolded && i === 1 ? patchOf(layers[number]) : gridOf(name, number, part, i, layers), place, unfolded, i),
  );
}

/**
 * The same of an array of which nothing is known but its axes.
 *
 * @param {string[]} axes
 * @param {number[]} shape
 * @param {number} at flat index
 * @param {string[]} classes
 * @param {(place: number, axis: number) => string} [pixel] what to call a place of a `pixel` axis
 * @returns {string}
 */
export function placeInWords(axes, shape, at, classes, pixel = (place) => `pixel ${place}`) {
  const places = placesOf(shape, at);
  /** @type {string[]} */
  const words = [];
  for (let i = 0; i < axes.length; i++) {
    if (axes[i] === 'batch' && shape[i] === 1) continue;
    if (axes[i] === 'row' && axes[i + 1] === 'column') words.push(`row ${places[i]} column ${places[++i]}`);
    else words.push(axes[i] === 'pixel' ? pixel(places[i], i) : numbered(axes[i], places[i], classes));
  }
  return words.join(', ');
}

/** One place of an axis as short as can be, for a table's head. @param {string} axis @param {number} place @param {string[]} classes @returns {string} */
export function label(axis, place, classes) {
  if (axis === 'class') return classes[place] ?? String(place);
  return String(axis === 'hidden' || axis === 'channel' ? place + 1 : place);
}

/** @param {number[]} shape @param {number} at flat index @returns {number[]} its place along each axis */
export function placesOf(shape, at) {
  const places = shape.map(() => 0);
  for (let i = shape.length - 1, rest = at; i >= 0; i--) {
    places[i] = rest % shape[i];
    rest = Math.floor(rest / shape[i]);
  }
  return places;
}

/** @param {string} axis @param {number} place @param {string[]} classes */
function numbered(axis, place, classes) {
  if (axis === 'class') return `class ${classes[place] ?? place}`;
  return axis === 'hidden' ? `hidden unit ${place + 1}` : axis === 'batch' ? `example ${place}` : `${axis} ${place + 1}`;
}

/** @param {number[]} grid rows, columns and, if there are several, channels @param {number} place @param {boolean} unfolded @param {number} axis */
function pixelIn(grid, place, unfolded, axis) {
  const [, columns = 1, channels = 1] = grid;
  if (grid.length < 2) return `pixel ${place}`;
  const pixel = Math.floor(place / channels);
  const at = `row ${Math.floor(pixel / columns)} column ${pixel % columns}`;
  const what = !unfolded ? 'pixel' : axis ? 'sees there' : 'window at';
  return `${what} ${at}${channels > 1 ? ` channel ${(place % channels) + 1}` : ''}`;
}

/** What a window's place is one of. @param {LayerDescription|undefined} layer */
function patchOf(layer) {
  if (!layer) return [];
  const size = Number(layer.options.size);
  return [size, size, ...(kindOf(layer.kind) === 'convolution' ? layer.input.slice(2) : [])];
}

/** The image that lies flat along a `pixel` axis. @param {string} name @param {number} number of its layer @param {string} part @param {number} axis @param {LayerDescription[]} layers @returns {number[]} */
function gridOf(name, number, part, axis, layers) {
  const layer = layers[number];
  if (!layer) return name === 'x' ? (layers[0]?.input ?? []) : [];
  if (part === 's' || part === 'ds' || part === 'xhat') return layer.output.slice(0, 2);
  if (part === 'weight' && layer.kind === 'conv2d') return axis ? layer.parameters.weight.slice(1) : [];
  return imageBefore(part === 'weight' || part === 'dx' ? number - 1 : number, layers);
}

/** The last image at or before a layer's answer: what `flatten` laid flat. @param {number} number @param {LayerDescription[]} layers @returns {number[]} */
function imageBefore(number, layers) {
  for (let i = number; i >= 0; i--) {
    if (layers[i].output.length > 1) return layers[i].output;
    if (!['flatten', ...KEEPING].includes(layers[i].kind)) return [];
  }
  return layers[0]?.input ?? [];
}
