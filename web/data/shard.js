/**
 * One shard of a data set: fetched, checked, unpacked. Its bytes are the labels of its examples,
 * one byte each, then their pixels.
 *
 * @module
 */

import { download, LoadError } from '../wire/download.js';
import { release } from '../wire/release.js';

/**
 * @typedef {import('./index.js').DataIndex} DataIndex
 * @typedef {import('./index.js').SplitName} SplitName
 *
 * @typedef {object} Shard
 * @property {string} name of the data set
 * @property {SplitName} split
 * @property {number} start index of the first example in the split
 * @property {number} count
 * @property {number} total examples in the split
 * @property {number} rows
 * @property {number} columns
 * @property {Uint8Array<ArrayBuffer>} images (count, rows, columns), not a copy: its buffer holds more
 * @property {Uint8Array<ArrayBuffer>} labels (count,)
 */

/** Bytes that are unpacked at a time. */
const PIECE = 1 << 16;

/**
 * @param {URL|string} base the index's address
 * @param {DataIndex} index
 * @param {SplitName} split
 * @param {number} number which of the split's shards
 * @param {{signal?: AbortSignal, onBytes?: (bytes: number) => void, cache?: RequestCache, into?: ArrayBuffer}} [options]
 *   `into`: memory to be used again, if it is large enough
 * @returns {Promise<Shard>}
 * @throws {LoadError}
 */
export async function fetchShard(base, index, split, number, { signal, onBytes, cache, into } = {}) {
  const entry = index.splits[split].shards[number];
  const packed = await download(new URL(entry.file, base), entry, onBytes, signal, cache);
  const area = index.rows * index.columns;
  const bytes = await unpack(packed, entry.count * (1 + area), entry.file, into);
  release(packed);
  const labels = bytes.slice(0, entry.count);
  if (labels.some((label) => label >= index.classes.length)) {
    throw new LoadError('E-SHARD', `${entry.file} has a label that is no class of this data set`, 'The site has to be built again.');
  }
  return {
    name: index.name,
    split,
    start: entry.start,
    count: entry.count,
    total: index.splits[split].count,
    rows: index.rows,
    columns: index.columns,
    images: bytes.subarray(entry.count),
    labels,
  };
}

/**
 * @param {Uint8Array<ArrayBuffer>} packed gzip
 * @param {number} length of what it has to hold
 * @param {string} file for the error's text
 * @param {ArrayBuffer} [into] memory to be used again, if it is large enough
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {LoadError} before more than `length` bytes have been kept
 */
export async function unpack(packed, length, file, into) {
  const bytes = into && into.byteLength >= length ? new Uint8Array(into, 0, length) : new Uint8Array(length);
  let filled = 0;
  try {
    const reader = pieces(packed).pipeThrough(new DecompressionStream('gzip')).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (filled + value.length > length) {
        await reader.cancel();
        filled = Infinity;
        break;
      }
      bytes.set(value, filled);
      filled += value.length;
      release(value);
    }
  } catch (error) {
    throw new LoadError('E-GZIP', `${file} cannot be unpacked (${/** @type {Error} */ (error).message})`, 'The site has to be built again.');
  }
  if (filled === length) return bytes;
  const found = filled > length ? 'more' : filled.toLocaleString('en');
  throw new LoadError('E-SHARD', `${file} holds ${found} bytes instead of ${length.toLocaleString('en')}`, 'The site has to be built again.');
}

/** Bytes as a stream, without the copy of them all that a Blob would be. @param {Uint8Array<ArrayBuffer>} bytes @returns {ReadableStream<Uint8Array<ArrayBuffer>>} */
function pieces(bytes) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at + PIECE));
      at += PIECE;
    },
  });
}
