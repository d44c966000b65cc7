/**
 * IDX, the format MNIST is published in, for bytes and for int32: two zero bytes, the type, the
 * number of dimensions, each dimension as a big-endian uint32, the values. Plain or gzip.
 *
 * @module
 */

import { unpack } from './shard.js';

/**
 * @typedef {object} IDX
 * @property {number[]} shape
 * @property {'uint8'|'int32'} type
 * @property {Uint8Array|Int32Array} values
 * @property {Uint8Array<ArrayBuffer>} unpacked the whole file
 */

const [BYTE, INT32] = [0x08, 0x0c];
const TYPES = /** @type {Record<number, string>} */ ({ 0x09: 'int8', 0x0b: 'int16', 0x0d: 'float32', 0x0e: 'float64' });

/**
 * @param {Uint8Array<ArrayBuffer>} file
 * @param {string} name for the error's text
 * @param {number} limit the most bytes that are unpacked
 * @returns {Promise<IDX>}
 * @throws {Error} in words for the visitor
 */
export async function parseIDX(file, name, limit) {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? await gunzip(file, name, limit) : file;
  if (bytes.length < 8) throw new Error(`${name}: ${bytes.length} bytes are too few for an IDX file`);
  if (bytes[0] !== 0 || bytes[1] !== 0) throw new Error(`${name}: not an IDX file: it starts with ${start(bytes)}${mistake(bytes)}`);
  const type = bytes[2];
  if (type !== BYTE && type !== INT32) {
    const found = TYPES[type] ?? `of type 0x${type.toString(16).padStart(2, '0')}`;
    throw new Error(`${name}: its values are ${found}; expected bytes (uint8)`);
  }
  const dimensions = bytes[3];
  if (dimensions < 1 || dimensions > 4) throw new Error(`${name}: its header says ${dimensions} dimensions; expected 3 (images) or 1 (labels)`);
  const head = 4 + 4 * dimensions;
  if (bytes.length < head) throw new Error(`${name}: truncated within its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
  const wanted = shape.reduce((product, size) => product * size, type === INT32 ? 4 : 1);
  const found = bytes.length - head;
  if (found !== wanted) {
    const words = found < wanted ? 'truncated' : 'too long';
    throw new Error(`${name}: ${words}: its header says ${shape.join(' × ')}, ${wanted.toLocaleString('en')} bytes; ${found.toLocaleString('en')} follow`);
  }
  if (type === BYTE) return { shape, type: 'uint8', values: bytes.subarray(head), unpacked: bytes };
  const values = Int32Array.from({ length: found / 4 }, (_, k) => view.getInt32(head + 4 * k));
  return { shape, type: 'int32', values, unpacked: bytes };
}

const MOST = 1032; // no deflate stream grows by more: https://zlib.net/zlib_tech.html

/** The last four bytes of a gzip file tell its unpacked size, if they are its last. @param {Uint8Array<ArrayBuffer>} file @param {string} name @param {number} limit */
async function gunzip(file, name, limit) {
  const size = file.length < 18 ? 0 : new DataView(file.buffer, file.byteOffset + file.length - 4).getUint32(0, true);
  if (size > file.length * MOST) throw new Error(`${name}: truncated: the end of its gzip data is missing`);
  if (size > limit) throw new Error(`${name}: truncated gzip data, or more than the limit of ${limit.toLocaleString('en')} bytes unpacked`);
  return unpack(file, size, name);
}

/** @param {Uint8Array} bytes */
function start(bytes) {
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** @param {Uint8Array} bytes */
function mistake(bytes) {
  if (bytes[0] === 0x3c) return ' (a web page was saved instead of the file)';
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return ' (a PNG picture)';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return ' (a zip archive: unpack it first)';
  return '';
}
