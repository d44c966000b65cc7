/**
 * The shipped network's own answer to one digit, without Python, from the file in which our Python
 * keeps a trained network: its arrays, and beside them what network they belong to.
 *
 * @module
 */

import { download, downloadJSON, LoadError } from '../wire/download.js';
import { described } from './architecture.js';
import { forward, seen } from './forward.js';

/** @typedef {{layers: import('./forward.js').LayerDescription[], arrays: import('./forward.js').Arrays, loss: string}} Network */

/** Of MNIST's images: what a file's network is shown, if the file does not say it. */
const SHAPE = [28, 28];

/**
 * @param {string} base address that the file is beside
 * @param {{file: string, bytes: number, sha256: string}} entry a safetensors file, checked by its sha256
 * @param {AbortSignal} [signal]
 * @returns {Promise<Network>}
 * @throws {LoadError}
 */
export async function fetchNetwork(base, entry, signal) {
  return readNetwork(await download(new URL(entry.file, base), entry, undefined, signal), entry.file);
}

/**
 * The shipped network's file as it is.
 *
 * @param {string} model address of its index
 * @param {AbortSignal} [signal]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {LoadError}
 */
export async function fetchWeights(model, signal) {
  const { weights } = /** @type {any} */ (await downloadJSON(model, signal));
  return download(new URL(weights.file, model), weights, undefined, signal);
}

/** @param {Uint8Array} bytes a safetensors file with a network of ours @param {string} name of the file @returns {Network} */
export function readNetwork(bytes, name) {
  const length = bytes.length > 8 ? Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)) : Infinity;
  if (length > bytes.length - 8) throw new LoadError('E-MODEL', `${name} is no safetensors file, or is cut off`, 'The file has to be made again.');
  const { __metadata__: told, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  /** @type {Network['arrays']} */
  const arrays = {};
  for (const [key, { dtype, data_offsets: [start, end] }] of Object.entries(tensors)) {
    if (dtype !== 'F32') throw new LoadError('E-MODEL', `${name}: ${key} is ${dtype} instead of F32`, 'The site has to be built again.');
    arrays[key] = new Float32Array(bytes.slice(8 + length + start, 8 + length + end).buffer);
  }
  if (!told) throw new LoadError('E-MODEL', `${name} does not tell which network its arrays belong to`, 'Save the run’s weights again.');
  const { config, shape = SHAPE } = 'glassnet' in told ? JSON.parse(told.glassnet) : { config: JSON.parse(told.config) };
  return { layers: described(config.layers, shape), arrays, loss: config.loss };
}

/** @param {Network} network @param {Uint8Array} pixels 0..255 @returns {Float32Array} the outputs, one a class */
export function answer({ layers, arrays }, pixels) {
  return forward(layers, arrays, seen(pixels))[`${layers[layers.length - 1].name}.a`];
}
