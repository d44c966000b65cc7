/**
 * The shipped network's own answer to one digit, without Python, from the weights that our Python
 * trained and saved.
 *
 * @module
 */

import { download, LoadError } from '../wire/download.js';
import { forward, seen } from './forward.js';

/** @typedef {{weight: Float32Array, bias: Float32Array, units: number, inputs: number}} Layer */

/**
 * @param {string} base address that the file is beside
 * @param {{file: string, bytes: number, sha256: string}} entry a safetensors file, checked by its sha256
 * @param {AbortSignal} [signal]
 * @returns {Promise<Layer[]>}
 */
export async function fetchLayers(base, entry, signal) {
  const bytes = await download(new URL(entry.file, base), entry, undefined, signal);
  const view = new DataView(bytes.buffer);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  /** @param {string} name */
  const tensor = (name) => {
    const { dtype, shape, data_offsets: offsets } = header[name];
    if (dtype !== 'F32') throw new LoadError('E-MODEL', `${entry.file}: ${name} is ${dtype} instead of F32`, 'The site has to be built again.');
    const values = new Float32Array(bytes.slice(8 + length + offsets[0], 8 + length + offsets[1]).buffer);
    return { values, shape: /** @type {number[]} */ (shape) };
  };
  const layers = [];
  for (let i = 0; header[`layers.${i}.weight`]; i++) {
    const weight = tensor(`layers.${i}.weight`);
    layers.push({ weight: weight.values, bias: tensor(`layers.${i}.bias`).values, units: weight.shape[0], inputs: weight.shape[1] });
  }
  return layers;
}

/** @param {Layer[]} layers @param {Uint8Array} pixels 0..255 @returns {Float32Array} the outputs, 0..1, one a class */
export function answer(layers, pixels) {
  const activations = forward(layers, seen(pixels));
  return activations[activations.length - 1];
}
