/**
 * What the kernel tells of a network or a run (glassnet.notebook), as the elements take it. A model
 * may lack anything: then there is nothing to show of it.
 *
 * @module
 */

/**
 * @typedef {object} Model what a host of the anywidget kind hands over
 * @property {(name: string) => any} get
 * @property {(name: string, act: () => void) => void} on
 * @property {(name: string, act: () => void) => void} off
 *
 * @typedef {object} Progress
 * @property {'waiting'|'going'|'resting'|'ended'} state
 * @property {string} reason why it has ended
 * @property {number} step
 * @property {number} steps in all
 * @property {number} epoch completed
 * @property {number} epochs
 * @property {string} split that it is measured on
 * @property {string} data name of the data set
 *
 * @typedef {import('../../models/watched.js').Curve} Curve
 * @typedef {{losses: Curve, tested: Curve, accuracies: Curve}} Curves
 */

/** @param {unknown} value as it came: a view, or a buffer @returns {ArrayBuffer} a copy of its bytes, which begins where numbers may begin */
function bytes(value) {
  if (value instanceof ArrayBuffer) return value;
  if (!ArrayBuffer.isView(value)) return new ArrayBuffer(0);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice().buffer;
}

/** @param {Model} model @returns {import('../../python/client.js').Seen|null} the network at its example */
export function frameOf(model) {
  const [network, example, named] = [model.get('network'), model.get('example'), model.get('arrays')];
  if (!network || !example || !named) return null;
  /** @type {Record<string, {shape: number[], data: Float32Array}>} */
  const arrays = {};
  for (const [name, { shape, data }] of Object.entries(/** @type {Record<string, any>} */ (named))) arrays[name] = { shape, data: new Float32Array(bytes(data)) };
  const frame = { run: '', generation: 0, state: 'paused', step: model.get('progress')?.step ?? 0, label: example.label, arrays, description: { layers: network.layers } };
  return /** @type {any} */ (frame);
}

/** @param {Model} model what the network is shown, as an element of the pages is told of a digit */
export function lookOf(model) {
  const { name = '', label = null, pixels = null } = model.get('example') ?? {};
  return { split: /** @type {const} */ ('test'), index: 0, name, drawing: '', pixels: pixels && new Uint8Array(bytes(pixels)), label };
}

/** @param {Model} model the set that it is of, as far as pictures and names need it @returns {any} */
export function digitsOf(model) {
  const { rows = 28, columns = 28, classes = [] } = model.get('network') ?? {};
  return { rows, columns, classes, totals: { test: 1, train: 0 } };
}

/** @param {Model} model @returns {Curves} */
export function curvesOf(model) {
  const [losses, tested] = [columns(model.get('losses'), 2), columns(model.get('tested'), 3)];
  return {
    losses: { steps: losses[0], values: losses[1] },
    tested: { steps: tested[0], values: tested[1] },
    accuracies: { steps: tested[0], values: tested[2] },
  };
}

/** @param {unknown} value rows of float64 @param {number} count @returns {number[][]} its columns */
function columns(value, count) {
  const whole = bytes(value);
  const numbers = new Float64Array(whole, 0, Math.floor(whole.byteLength / 8));
  return Array.from({ length: count }, (_, column) => Array.from({ length: Math.floor(numbers.length / count) }, (_, row) => numbers[row * count + column]));
}
