/**
 * numpy's .npz, written: a zip archive (stored, not compressed) of .npy files.
 * Sources: PKWARE's APPNOTE.TXT, 4.3.
 *
 * @module
 */

import { formatNpy } from './npy.js';

/** @typedef {import('./npy.js').Numbers & {name: string}} NumpyArray */

/** @param {NumpyArray[]} arrays @returns {Uint8Array<ArrayBuffer>[]} the file's parts, in order */
export function formatNpz(arrays) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const array of arrays) {
    const name = new TextEncoder().encode(`${array.name}.npy`);
    const [head, values] = formatNpy(array);
    const size = head.length + values.length;
    const sum = crc32(values, crc32(head));
    const fields = /** @type {const} */ ([20, 0, 0, 0, 0x21]); // version, flags, stored, time, 1980-01-01
    const local = record(30, 0x04034b50, [...fields], [sum, size, size], [name.length, 0]);
    const central = record(46, 0x02014b50, [20, ...fields], [sum, size, size], [name.length, 0, 0, 0, 0]);
    central.view.setUint32(42, offset, true);
    parts.push(local.bytes, name, head, values);
    directory.push(central.bytes, name);
    offset += local.bytes.length + name.length + size;
  }
  const length = directory.reduce((total, part) => total + part.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, arrays.length, true);
  end.setUint16(10, arrays.length, true);
  end.setUint32(12, length, true);
  end.setUint32(16, offset, true);
  return [...parts, ...directory, new Uint8Array(end.buffer)];
}

/** @param {number} length @param {number} magic @param {number[]} first uint16 @param {number[]} second uint32 @param {number[]} third uint16 */
function record(length, magic, first, second, third) {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, magic, true);
  let at = 4;
  for (const value of first) at = (view.setUint16(at, value, true), at + 2);
  for (const value of second) at = (view.setUint32(at, value, true), at + 4);
  for (const value of third) at = (view.setUint16(at, value, true), at + 2);
  return { view, bytes: new Uint8Array(view.buffer) };
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** @param {Uint8Array} bytes @param {number} [before] of the bytes that came before these @returns {number} */
export function crc32(bytes, before = 0) {
  let c = ~before;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return ~c >>> 0;
}
