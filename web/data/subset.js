/**
 * Some digits of a split as text for a link: the data set's name, the split's size, and the
 * digits' indices, as in `mnist.60000.eJxjYmJhBQAALgAS`. Each index is written as its distance
 * from the one before, less one, in base 128 with the low part first (LEB128); then zlib, whose
 * checksum tells a damaged link, and base64url (RFC 4648). Indices that are not rising cannot be
 * written so. A link may be from anywhere: nothing in it is believed.
 *
 * @module
 */

/**
 * @typedef {'train'|'test'} SplitName
 * @typedef {{train?: Uint32Array, test?: Uint32Array}} Subset rising indices; a split that is not named is whole
 * @typedef {{name: string, counts: Record<SplitName, number>}} Whole the data set that it is a part of
 */

const SPLITS = /** @type {const} */ (['train', 'test']);
/** No honest text is longer: two bytes an index, of which zlib and base64 make at most three. */
const CHARACTERS_EACH = 3;
const HEAD = 64;

/**
 * @param {Subset} subset
 * @param {Whole} whole
 * @returns {Promise<string>} a fragment without its `#`; empty, if no split is named
 */
export async function writeSubset(subset, whole) {
  const parts = [];
  for (const split of SPLITS) {
    const rows = subset[split];
    if (!rows?.length) continue;
    const packed = await through(gaps(rows), new CompressionStream('deflate'), Infinity);
    parts.push(`${split}=${encodeURIComponent(whole.name)}.${whole.counts[split]}.${base64(packed)}`);
  }
  return parts.join('&');
}

/**
 * What a fragment chooses. Each split is read for itself: if one cannot be, the other still counts.
 *
 * @param {string} fragment
 * @param {Whole} whole what the page has
 * @returns {Promise<{subset: Subset, faults: Partial<Record<SplitName, string>>}>} faults in words, by split
 */
export async function readSubset(fragment, whole) {
  /** @type {{subset: Subset, faults: Partial<Record<SplitName, string>>}} */
  const reading = { subset: {}, faults: {} };
  const given = new URLSearchParams(fragment);
  for (const split of SPLITS) {
    const text = given.get(split);
    if (text === null) continue;
    try {
      reading.subset[split] = await readSplit(text, whole.name, whole.counts[split]);
    } catch (error) {
      reading.faults[split] = /** @type {Error} */ (error).message;
    }
  }
  return reading;
}

/** @param {string} text @param {string} name @param {number} total @returns {Promise<Uint32Array>} */
async function readSplit(text, name, total) {
  if (text.length > CHARACTERS_EACH * total + HEAD) throw new Error('the text is too long');
  const [, set, size, code] = /^(.{1,40})\.(\d{1,9})\.([\w-]+)$/.exec(text) ?? [];
  if (!code) throw new Error('the text is damaged or cut short');
  if (set !== name) throw new Error(`they are of the data set “${printable(set)}”, and this is ${name}`);
  if (Number(size) !== total) {
    throw new Error(`they are of ${Number(size).toLocaleString('en')} digits, and there are ${total.toLocaleString('en')} here`);
  }
  let bytes;
  try {
    bytes = await through(unbase64(code), new DecompressionStream('deflate'), 2 * total);
  } catch {
    throw new Error('the text is damaged or cut short');
  }
  return rowsOf(bytes, total);
}

/** A subset without the splits that it has whole. @param {Subset} subset @param {Whole} whole @returns {Subset} */
export function narrowed(subset, { counts }) {
  return Object.fromEntries(SPLITS.flatMap((split) => {
    const rows = subset[split];
    return rows && rows.length < counts[split] ? [[split, rows]] : [];
  }));
}

/** @param {Uint32Array} rows @returns {Uint8Array<ArrayBuffer>} */
function gaps(rows) {
  const bytes = new Uint8Array(5 * rows.length); // a uint32 takes at most five
  let [length, before] = [0, -1];
  for (const row of rows) {
    let gap = row - before - 1;
    for (; gap > 127; gap >>>= 7) bytes[length++] = 128 | (gap & 127);
    bytes[length++] = gap;
    before = row;
  }
  return bytes.subarray(0, length);
}

/** @param {Uint8Array} bytes @param {number} total @returns {Uint32Array} */
function rowsOf(bytes, total) {
  const rows = [];
  let [row, gap, shift] = [-1, 0, 0];
  for (const byte of bytes) {
    gap += (byte & 127) * 2 ** shift;
    shift += 7;
    if (row + gap + 1 >= total) throw new Error(`there is no digit ${(row + gap + 1).toLocaleString('en')}`);
    if (shift > 35) throw new Error('the text is damaged or cut short');
    if (byte > 127) continue;
    row += gap + 1;
    rows.push(row);
    [gap, shift] = [0, 0];
  }
  if (shift) throw new Error('the text is damaged or cut short');
  if (!rows.length) throw new Error('none is chosen');
  return Uint32Array.from(rows);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream|DecompressionStream} stream
 * @param {number} limit of what may come out
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {Error} before more than `limit` bytes, and those of one read, have been kept
 */
async function through(bytes, stream, limit) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new Error('more came than could be meant');
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {Uint8Array} bytes @returns {string} */
function base64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
function unbase64(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

/** @param {string} text */
function printable(text) {
  return text.replace(/[\p{C}\p{Z}]+/gu, ' ');
}

/** Whether two choose the same. @param {Subset} one @param {Subset} other */
export function sameSubset(one, other) {
  return SPLITS.every((split) => {
    const [a, b] = [one[split], other[split]];
    return a === b || (a && b && a.length === b.length && a.every((row, i) => row === b[i]));
  });
}
