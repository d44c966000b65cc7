/**
 * Sorting many numbers by their bits, which takes a few milliseconds where comparing takes dozens.
 *
 * @module
 */

const DIGITS = 1 << 16;

/**
 * Ids in the order of their keys; equal keys keep the order the ids had. NaN comes last.
 *
 * @param {Uint32Array} ids
 * @param {ArrayLike<number>} keys by id; taken as float32
 * @param {boolean} [descending]
 * @returns {Uint32Array} sorted copy
 */
export function sortBy(ids, keys, descending = false) {
  const floats = new Float32Array(ids.length);
  for (let i = 0; i < ids.length; i++) floats[i] = keys[ids[i]] + 0; // -0 becomes 0
  const bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < bits.length; i++) {
    // The bits of positive floats rise with them; those of negative ones fall.
    const rising = bits[i] >>> 31 ? ~bits[i] : bits[i] | 0x80000000;
    bits[i] = Number.isNaN(floats[i]) ? 0xffffffff : descending ? ~rising : rising;
  }
  const half = pass(ids, bits, 0);
  const sorted = pass(half.ids, half.bits, 16);
  return sorted.ids;
}

/** @param {Uint32Array} ids @param {Uint32Array} bits @param {number} shift */
function pass(ids, bits, shift) {
  const next = new Uint32Array(DIGITS + 1);
  for (let i = 0; i < bits.length; i++) next[((bits[i] >>> shift) & (DIGITS - 1)) + 1] += 1;
  for (let i = 1; i < next.length; i++) next[i] += next[i - 1];
  const [sortedIds, sortedBits] = [new Uint32Array(ids.length), new Uint32Array(ids.length)];
  for (let i = 0; i < bits.length; i++) {
    const to = next[(bits[i] >>> shift) & (DIGITS - 1)]++;
    sortedIds[to] = ids[i];
    sortedBits[to] = bits[i];
  }
  return { ids: sortedIds, bits: sortedBits };
}
