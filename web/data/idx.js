/**
 * IDX, the format MNIST is published in, for bytes and for int32: two zero bytes, the type, the
 * number of dimensions, each dimension as a big-endian uint32, the values. Plain or gzip. A file is
 * read as a stream: the largest of EMNIST's is 550 MB, and never all of it is in memory.
 *
 * @module
 */

import { Bytes } from './bytes.js';

/**
 * @typedef {object} IDX a file whose header has been read, and agrees with its size
 * @property {string} name
 * @property {number[]} shape
 * @property {'uint8'|'int32'} type
 * @property {number} size bytes of values
 * @property {Uint8Array<ArrayBuffer>} head the header's bytes
 * @property {Bytes} rest the values' bytes, from the first
 */

const [BYTE, INT32] = [0x08, 0x0c];
const TYPES = /** @type {Record<string, string>} */ ({ 0x09: 'int8', 0x0b: 'int16', 0x0d: 'float32', 0x0e: 'float64' });
const MOST = 1032; // no deflate stream grows by more: https://zlib.net/zlib_tech.html
const SIZE = 2 ** 32; // a gzip file tells its unpacked size modulo this

/**
 * @param {Blob} file
 * @param {string} name for the error's text
 * @returns {Promise<IDX>}
 * @throws {Error} in words for the visitor
 */
export async function openIDX(file, name) {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = first === 0x1f && second === 0x8b;
  const told = packed ? await unpackedSize(file, name) : file.size;
  const rest = new Bytes(file, name, packed);
  const head = await header(rest, name);
  const [, , type, dimensions] = head;
  const view = new DataView(head.buffer);
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
  const size = shape.reduce((product, one) => product * one, type === INT32 ? 4 : 1);
  if (told !== (packed ? (head.length + size) % SIZE : head.length + size)) throw wrongLength(name, shape, size, told - head.length);
  return { name, shape, type: type === INT32 ? 'int32' : 'uint8', size, head, rest };
}

/**
 * The next values' bytes.
 *
 * @param {IDX} idx
 * @param {Uint8Array<ArrayBuffer>} into as many as it holds
 * @throws {Error} if the file has fewer
 */
export async function readValues({ name, shape, size, rest, head }, into) {
  const found = await rest.fill(into);
  if (found < into.length) throw wrongLength(name, shape, size, rest.taken - head.length);
}

/** To be called after the last value. @param {IDX} idx @throws {Error} if anything follows */
export async function endValues({ name, shape, size, rest, head }) {
  if (await rest.fill(new Uint8Array(1))) throw wrongLength(name, shape, size, rest.taken - head.length);
}

/**
 * All values of a file that is small, such as one of labels.
 *
 * @param {IDX} idx
 * @returns {Promise<{values: Uint8Array|Int32Array, unpacked: Uint8Array<ArrayBuffer>}>} and the whole file, unpacked
 * @throws {Error}
 */
export async function readAll(idx) {
  const { head, size, type } = idx;
  const unpacked = new Uint8Array(head.length + size);
  unpacked.set(head);
  await readValues(idx, unpacked.subarray(head.length));
  await endValues(idx);
  if (type === 'uint8') return { values: unpacked.subarray(head.length), unpacked };
  const view = new DataView(unpacked.buffer, head.length);
  return { values: Int32Array.from({ length: size / 4 }, (_, k) => view.getInt32(4 * k)), unpacked };
}

/** @param {Bytes} rest @param {string} name @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function header(rest, name) {
  const start = new Uint8Array(4);
  const found = await rest.fill(start);
  if (found < 4) throw new Error(`${name}: ${found} bytes are too few for an IDX file`);
  const [zero, null_, type, dimensions] = start;
  if (zero || null_) throw new Error(`${name}: not an IDX file: it starts with ${hex(start)}${mistake(start)}`);
  if (type !== BYTE && type !== INT32) {
    const other = TYPES[type] ?? `of type 0x${type.toString(16).padStart(2, '0')}`;
    throw new Error(`${name}: its values are ${other}; expected bytes (uint8)`);
  }
  if (dimensions < 1 || dimensions > 4) throw new Error(`${name}: its header says ${dimensions} dimensions; expected 3 (images) or 1 (labels)`);
  const head = new Uint8Array(4 + 4 * dimensions);
  head.set(start);
  if ((await rest.fill(head.subarray(4))) < 4 * dimensions) throw new Error(`${name}: truncated within its header`);
  return head;
}

/** The last four bytes of a gzip file tell its unpacked size, if they are its last. @param {Blob} file @param {string} name */
async function unpackedSize(file, name) {
  const told = file.size < 18 ? 0 : new DataView(await file.slice(-4).arrayBuffer()).getUint32(0, true);
  if (told > file.size * MOST) throw new Error(`${name}: truncated: the end of its gzip data is missing`);
  return told;
}

/** @param {string} name @param {number[]} shape @param {number} wanted bytes @param {number} found */
function wrongLength(name, shape, wanted, found) {
  const words = found < wanted ? 'truncated' : 'too long';
  return new Error(`${name}: ${words}: its header says ${shape.join(' × ')}, ${wanted.toLocaleString('en')} bytes; ${Math.max(0, found).toLocaleString('en')} follow`);
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** @param {Uint8Array} bytes */
function mistake(bytes) {
  if (bytes[0] === 0x3c) return ' (a web page was saved instead of the file)';
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return ' (a PNG picture)';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return ' (a zip archive: unpack it first)';
  return '';
}
