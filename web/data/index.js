/**
 * The index of a packed data set: which splits there are, in which shards, with which checksums.
 * It comes from the network, so nothing in it is believed before it has been looked at.
 *
 * @module
 */

import { LoadError, downloadJSON } from '../wire/download.js';

/**
 * @typedef {'train'|'test'} SplitName
 *
 * @typedef {object} ShardEntry
 * @property {string} file beside the index
 * @property {number} start index of its first example in the split
 * @property {number} count examples in it
 * @property {number} bytes of the file
 * @property {string} sha256 of the file
 *
 * @typedef {object} DataIndex
 * @property {number} version
 * @property {string} name such as `mnist`
 * @property {string} title as a reader should see it
 * @property {boolean} sample whether it is only a part of the data set it is named after
 * @property {string} source
 * @property {number} rows
 * @property {number} columns
 * @property {string[]} classes
 * @property {Record<SplitName, {count: number, shards: ShardEntry[]}>} splits
 */

const VERSION = 1;
const FILE = /^[\w-][\w.-]{0,99}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const MOST_EXAMPLES = 1_000_000;

/**
 * @param {URL|string} url
 * @param {AbortSignal} [signal]
 * @param {RequestCache} [cache]
 * @returns {Promise<DataIndex>}
 * @throws {LoadError}
 */
export async function fetchIndex(url, signal, cache) {
  const index = /** @type {DataIndex} */ (await downloadJSON(url, signal, cache));
  const fault = faultOf(index);
  if (!fault) return index;
  if (cache !== 'reload') return fetchIndex(url, signal, 'reload'); // the browser may have kept a bad one
  throw new LoadError(
    'E-INDEX',
    `the data set’s index (index.json) is not usable: ${fault}`,
    'Reload the page; if it stays, the site has to be built again.',
  );
}

/** @param {any} index @returns {string|null} what is wrong with it */
function faultOf(index) {
  if (index?.version !== VERSION) return `version ${JSON.stringify(index?.version)} instead of ${VERSION}`;
  for (const name of ['name', 'title', 'source']) {
    if (typeof index[name] !== 'string') return `${name} is not a text`;
  }
  if (!whole(index.rows, 1, 256) || !whole(index.columns, 1, 256)) return 'rows and columns are not sizes of a picture';
  if (!Array.isArray(index.classes) || index.classes.length < 2) return 'classes is not a list of names';
  for (const split of ['train', 'test']) {
    const fault = splitFault(index.splits?.[split]);
    if (fault) return `${split}: ${fault}`;
  }
  return null;
}

/** @param {any} split @returns {string|null} */
function splitFault(split) {
  if (!whole(split?.count, 1, MOST_EXAMPLES) || !Array.isArray(split.shards)) return 'no count or no shards';
  let start = 0;
  for (const shard of split.shards) {
    if (!FILE.test(shard?.file)) return 'a shard’s file name is not a plain name';
    if (shard.start !== start) return `${shard.file} starts at ${shard.start} instead of ${start}`;
    if (!whole(shard.count, 1, MOST_EXAMPLES)) return `${shard.file} has no count`;
    if (!whole(shard.bytes, 1, 2 ** 30)) return `${shard.file} has no size`;
    if (!SHA256.test(shard.sha256)) return `${shard.file} has no checksum`;
    start += shard.count;
  }
  return start === split.count ? null : `its shards hold ${start} examples instead of ${split.count}`;
}

/** @param {unknown} value @param {number} min @param {number} max */
function whole(value, min, max) {
  return Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
}
