/**
 * The shipped network's own answer to one digit, without Python, from the file in which our Python
 * keeps a trained network: its arrays, and beside them what network they belong to.
 *
 * @module
 */

import { download, downloadJSON, LoadError } from '../wire/download.js';
import { described, product } from './architecture.js';
import { forward, seen } from './forward.js';

/**
 * @typedef {object} Network
 * @property {import('./forward.js').LayerDescription[]} layers
 * @property {import('./forward.js').Arrays} arrays
 * @property {string} loss
 * @property {import('../python/protocol.js').RunConfig} config of the run that trained it, complete
 * @property {number[]} shape of one example
 */

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

/**
 * @param {Uint8Array} bytes a safetensors file with a network of ours
 * @param {string} name of the file
 * @returns {Network}
 * @throws {LoadError} naming the file, and the tensor
 */
export function readNetwork(bytes, name) {
  const refuse = (/** @type {string} */ why) => new LoadError('E-MODEL', `${name}${why}`, 'The file has to be made again.');
  const { length, told, tensors } = headOf(bytes, refuse);
  const { config, shape = SHAPE } = 'glassnet' in told ? JSON.parse(told.glassnet) : { config: JSON.parse(told.config) };
  const layers = described(config.layers, shape);
  /** @type {Network['arrays']} */
  const arrays = {};
  for (const layer of layers) {
    for (const [key, sizes] of Object.entries({ ...layer.parameters, ...layer.memory })) {
      const tensor = `${layer.name}.${key}`;
      const { dtype, data_offsets: [start, end] = [0, 0] } = tensors[tensor] ?? {};
      if (dtype !== 'F32' || end - start !== 4 * product(sizes)) throw refuse(`: ${tensor} is not ${sizes.join(' × ')} numbers of 32 bits`);
      arrays[tensor] = new Float32Array(bytes.slice(8 + length + start, 8 + length + end).buffer);
    }
  }
  return { layers, arrays, loss: config.loss, config, shape };
}

/** What stands before the numbers. @param {Uint8Array} bytes @param {(why: string) => LoadError} refuse @returns {{length: number, told: any, tensors: Record<string, any>}} */
function headOf(bytes, refuse) {
  const length = bytes.length > 8 ? Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)) : Infinity;
  if (length > bytes.length - 8) throw refuse(' is no safetensors file, or is cut off');
  try {
    const { __metadata__: told, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    if (told && ('glassnet' in told || 'config' in told)) return { length, told, tensors };
  } catch (error) {
    throw refuse(` is no safetensors file: ${/** @type {Error} */ (error).message}`);
  }
  throw refuse(' does not tell which network its arrays belong to');
}

/** @param {Network} network @param {Uint8Array} pixels 0..255 @returns {Float32Array} the outputs, one a class */
export function answer({ layers, arrays }, pixels) {
  return forward(layers, arrays, seen(pixels))[`${layers[layers.length - 1].name}.a`];
}
