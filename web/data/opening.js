/**
 * The training digits of a run's first steps, in a file of their own: a run of the recorded seed
 * begins with them, before all digits are here. Its format is told in web/make/record.py.
 *
 * @module
 */

import { download, LoadError } from '../wire/download.js';
import { unpack } from './shard.js';

/**
 * @param {string} base address of recording.json
 * @param {import('./recording.js').Opening} opening
 * @param {import('./index.js').DataIndex} index of the data set that they are of
 * @param {AbortSignal} signal
 * @returns {Promise<import('./shard.js').Shard & {places: Uint32Array<ArrayBuffer>}>} `places`: of each in the training split
 * @throws {LoadError}
 */
export async function fetchOpening(base, opening, index, signal) {
  const { file, count, unpacked } = opening;
  const area = index.rows * index.columns;
  if (unpacked !== count * (4 + 1 + area)) throw new LoadError('E-OPENING', `${file} is not of this data set`, 'The site has to be built again.');
  const bytes = await unpack(await download(new URL(file, base), opening, undefined, signal), unpacked, file);
  return {
    name: index.name,
    split: 'train',
    start: 0,
    count,
    total: index.splits.train.count,
    rows: index.rows,
    columns: index.columns,
    places: new Uint32Array(bytes.slice(0, 4 * count).buffer),
    labels: bytes.slice(4 * count, 5 * count),
    images: bytes.slice(5 * count),
  };
}
