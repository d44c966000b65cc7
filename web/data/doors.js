/**
 * What the first page shows of the digits and of the shipped network: some points of the map of all
 * digits, and the test digits that are misread worst. Fetched, checked, unpacked.
 *
 * @module
 */

import { download, downloadJSON, LoadError } from '../wire/download.js';
import { unpack } from './shard.js';

/**
 * @typedef {object} Doors
 * @property {number} count of all digits
 * @property {Uint16Array} points x, y of each, 0..65535
 * @property {Uint8Array} labels of the points
 * @property {{rows: number, columns: number}} shape
 * @property {{index: number, label: number, read: number, pixels: Uint8Array}[]} worst test digits, the worst first
 * @property {number} accuracy of the network on the test digits
 */

/**
 * @param {string} url of the model's index
 * @param {AbortSignal} [signal]
 * @returns {Promise<Doors>}
 * @throws {LoadError}
 */
export async function fetchDoors(url, signal) {
  const { doors, accuracy } = /** @type {any} */ (await downloadJSON(url, signal));
  if (!doors) throw new LoadError('E-MODEL', 'model.json is not of this page’s version', 'The site has to be built again.');
  const packed = await download(new URL(doors.file, url), doors, undefined, signal);
  const bytes = await unpack(packed, doors.unpacked, doors.file);
  const area = doors.rows * doors.columns;
  const points = new Uint16Array(bytes.buffer, 0, 2 * doors.points);
  const labels = new Uint8Array(bytes.buffer, points.byteLength, doors.points);
  const pixels = new Uint8Array(bytes.buffer, points.byteLength + labels.byteLength);
  const worst = doors.worst.map((/** @type {any} */ one, /** @type {number} */ k) => ({ ...one, pixels: pixels.subarray(k * area, (k + 1) * area) }));
  return { count: doors.count, points, labels, shape: doors, worst, accuracy };
}
