/**
 * The network that the site ships, and what it makes of every digit: fetched, checked, unpacked.
 *
 * @module
 */

import { download, downloadJSON, LoadError } from '../wire/download.js';
import { unpack } from './shard.js';

/**
 * @typedef {Uint8Array|Float32Array|Int16Array} Column
 *
 * @typedef {object} Facts by id
 * @property {string} data the folder of the data set they are about
 * @property {number} accuracy of the network on the test digits
 * @property {number} epochs
 * @property {Record<string, Column>} columns `prediction`, `confidence`, `loss`, `ink`, `similarity`, `map` (two a digit)
 * @property {{layers: {units: number, activation: string}[]}} config
 * @property {{file: string, bytes: number, sha256: string}} weights
 */

const TYPES = /** @type {const} */ ({ uint8: Uint8Array, float32: Float32Array, int16: Int16Array });
const REBUILD = 'The site has to be built again.';

/**
 * @param {string} url of the model's index
 * @param {AbortSignal} [signal]
 * @param {RequestCache} [cache]
 * @returns {Promise<Facts>}
 * @throws {LoadError}
 */
export async function fetchFacts(url, signal, cache) {
  const model = /** @type {any} */ (await downloadJSON(url, signal, cache));
  const { facts } = model;
  if (model.version !== 1 || !facts) throw new LoadError('E-MODEL', 'model.json is not of this page’s version', REBUILD);
  const packed = await download(new URL(facts.file, url), facts, undefined, signal, cache);
  const bytes = await unpack(packed, facts.unpacked, facts.file);
  const count = facts.splits.reduce((/** @type {number} */ sum, /** @type {{count: number}} */ split) => sum + split.count, 0);
  /** @type {Record<string, Column>} */
  const columns = {};
  for (const { name, type, width, offset } of facts.columns) {
    const kind = TYPES[/** @type {keyof typeof TYPES} */ (type)];
    if (!kind || offset + count * width * kind.BYTES_PER_ELEMENT > bytes.length) {
      throw new LoadError('E-MODEL', `model.json describes a column ${name} that is not there`, REBUILD);
    }
    columns[name] = new kind(bytes.buffer, offset, count * width);
  }
  const { data, accuracy, epochs, config, weights } = model;
  return { data, accuracy, epochs, config, weights, columns };
}
