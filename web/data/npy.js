/**
 * numpy's .npy, written: a head that tells type and shape, then the numbers as they are.
 * Source: numpy/lib/format.py, version 1.0.
 *
 * @module
 */

/**
 * @typedef {object} Numbers
 * @property {'|u1'|'<u4'|'<i8'|'<f4'} type
 * @property {number[]} shape
 * @property {Uint8Array|Uint32Array|Float32Array} values in C order; little-endian, as every browser has them
 */

/** @param {Numbers} array @returns {[head: Uint8Array<ArrayBuffer>, values: Uint8Array<ArrayBuffer>]} the file's two parts */
export function formatNpy(array) {
  const { values } = array;
  return [headOf(array), new Uint8Array(/** @type {ArrayBuffer} */ (values.buffer), values.byteOffset, values.byteLength)];
}

/** @param {Numbers} array */
function headOf({ type, shape }) {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padded = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11) + '\n';
  const head = new Uint8Array(10 + padded.length);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  head.set(new TextEncoder().encode(padded), 10);
  return head;
}
