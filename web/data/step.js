/**
 * The training step on one digit that was recorded when the site was built: fetched, checked,
 * unpacked. Its format is told in web/make/one_step.py.
 *
 * @module
 */

import { download, downloadJSON, LoadError } from '../wire/download.js';
import { product } from './architecture.js';
import { unpack } from './shard.js';

/**
 * @typedef {import('../python/protocol.js').Quantity} Quantity
 * @typedef {{split: 'train'|'test', index: number, label: number}} Digit
 */

const REBUILD = 'The site has to be built again.';
const PHASES = ['forward', 'loss', 'backward', 'update'];
const SPLITS = ['train', 'test'];

/**
 * @param {string} url of the step's index
 * @param {import('./network.js').Network} network whose step it is, as it was shipped
 * @param {AbortSignal} [signal]
 * @returns {Promise<{digit: Digit, quantities: Quantity[]}>}
 * @throws {LoadError} naming the file, and the field
 */
export async function fetchStep(url, network, signal) {
  const document = /** @type {any} */ (await downloadJSON(url, signal));
  const fault = faultOf(document);
  if (fault) throw refusal(fault);
  const { digit, numbers, quantities } = document;
  const bytes = await unpack(await download(new URL(numbers.file, url), numbers, undefined, signal), numbers.unpacked, numbers.file);
  return { digit, quantities: quantities.map((/** @type {any} */ row, /** @type {number} */ at) => quantityOf(row, `quantities[${at}]`, bytes, network)) };
}

/** @param {string} fault @returns {LoadError} */
function refusal(fault) {
  return new LoadError('E-STEP', `step.json: ${fault}`, REBUILD);
}

/** @param {any} document @returns {string|null} what is wrong with it as a whole */
function faultOf(document) {
  if (document?.version !== 1) return 'version is not this page’s';
  const { digit, numbers, quantities } = document;
  if (!SPLITS.includes(digit?.split) || !whole(digit.index) || !whole(digit.label)) return 'digit is not a split, an index and a label';
  if (typeof numbers?.file !== 'string' || !whole(numbers.unpacked)) return 'numbers does not name a file';
  return Array.isArray(quantities) && quantities.length ? null : 'quantities is not a list';
}

/**
 * @param {any} row
 * @param {string} field where it stands
 * @param {Uint8Array<ArrayBuffer>} bytes the numbers of them all
 * @param {import('./network.js').Network} network
 * @returns {Quantity}
 */
function quantityOf(row, field, bytes, network) {
  /** @param {string} key @param {boolean} right @param {string} wanted */
  const check = (key, right, wanted) => {
    if (!right) throw refusal(`${field}.${key} is not ${wanted}`);
  };
  const { numbers, ...told } = row ?? {};
  for (const key of ['name', 'symbol', 'formula']) check(key, typeof told[key] === 'string', 'a text');
  for (const key of ['tree', 'details', 'sources']) check(key, Array.isArray(told[key]), 'a list');
  check('phase', PHASES.includes(told.phase), `one of ${PHASES.join(', ')}`);
  check('layer', told.layer === null || (whole(told.layer) && told.layer < network.layers.length), 'a layer of the network');
  check('shape', Array.isArray(told.shape) && told.shape.every(whole), 'a list of sizes');
  const size = product(told.shape);
  const { offset, type, beyond } = numbers ?? {};
  check('numbers', whole(offset) && offset % 4 === 0 && offset + 4 * size <= bytes.length, `the place of ${size.toLocaleString('en')} numbers in the file`);
  if (type === 'float32') return { ...told, data: new Float32Array(bytes.buffer, offset, size).slice() };
  check('numbers.type', type === 'int32', 'float32 or int32');
  check('numbers.beyond', network.arrays[beyond]?.length === size, `an array of the network with ${size.toLocaleString('en')} numbers`);
  return { ...told, data: moved(network.arrays[beyond], new Int32Array(bytes.buffer, offset, size)) };
}

/** @param {Float32Array} before @param {Int32Array} by how much its bits grew, as whole numbers @returns {Float32Array} */
function moved(before, by) {
  const after = before.slice();
  const bits = new Int32Array(after.buffer);
  for (let i = 0; i < bits.length; i++) bits[i] += by[i]; // an overflow undoes itself
  return after;
}

/** @param {unknown} value */
function whole(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
