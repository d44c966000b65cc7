/**
 * The published data sets whose files are known when a visitor opens them: what their classes are
 * called, and how they lie in their files. The same as pylib's `glassnet/data/catalog.py`, where
 * the checksums' sources are told; a test compares the two.
 *
 * @module
 */

import { md5 } from './md5.js';

/**
 * @typedef {object} Source
 * @property {string} name
 * @property {string} title
 * @property {string[]} classes in the order of the labels
 * @property {string[]} files of images and of labels, training then test, without `.gz`
 * @property {number} first the label of the first class
 * @property {boolean} transposed whether the images are stored column by column
 * @property {string[]} md5 of the two packed files of labels as published, training then test
 * @property {string[]} sha256 of the same, unpacked
 */

const DIGITS = [...'0123456789'];
const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
// EMNIST merges the small letters that look like their capitals (arXiv 1702.05373).
const MERGED = [...DIGITS, ...CAPITALS, ...'abdefghnqrt'];
const MNIST_FILES = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'];
const PLAIN = { first: 0, transposed: false, md5: /** @type {string[]} */ ([]), sha256: /** @type {string[]} */ ([]) };

/** @type {Source[]} */
export const KNOWN = [
  {
    ...PLAIN,
    name: 'mnist',
    title: 'MNIST',
    classes: DIGITS,
    files: MNIST_FILES,
    sha256: ['65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5', 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'],
  },
  {
    ...PLAIN,
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    files: MNIST_FILES,
    md5: ['25c81989df183df01b3e8a0aad5dffbe', 'bb300cfdad3c16e7a12a480ee83cd310'],
  },
  {
    ...PLAIN,
    name: 'kmnist',
    title: 'Kuzushiji-MNIST',
    classes: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
    files: MNIST_FILES,
    md5: ['e144d726b3acfaa3e44228e80efcd344', '7320c461ea6c1c855c0b718fb2a4b134'],
  },
  {
    ...PLAIN,
    name: 'qmnist',
    title: 'QMNIST',
    classes: DIGITS,
    files: ['qmnist-train-images-idx3-ubyte', 'qmnist-train-labels-idx2-int', 'qmnist-test-images-idx3-ubyte', 'qmnist-test-labels-idx2-int'],
    md5: ['0058f8dd561b90ffdd0f734c6a30e5e4', '5b5b05890a5e13444e108efe57b788aa'],
  },
  emnist('byclass', [...DIGITS, ...CAPITALS, ...CAPITALS.map((letter) => letter.toLowerCase())]),
  emnist('bymerge', MERGED),
  emnist('balanced', MERGED),
  emnist('letters', CAPITALS),
  emnist('digits', DIGITS),
  emnist('mnist', DIGITS),
];

/** What a folder, or the start of a file's name, says of files that are called as MNIST's. @type {[RegExp, string][]} */
const HINTS = [
  [/fashion/i, 'fashion-mnist'],
  [/kmnist|kuzushiji/i, 'kmnist'],
];

/** @param {string} part @param {string[]} classes @returns {Source} */
function emnist(part, classes) {
  const start = `emnist-${part}`;
  const files = ['train-images-idx3', 'train-labels-idx1', 'test-images-idx3', 'test-labels-idx1'].map((end) => `${start}-${end}-ubyte`);
  return { ...PLAIN, name: start, title: `EMNIST ${part}`, classes, files, first: part === 'letters' ? 1 : 0, transposed: true };
}

/**
 * Which set a pair of files belongs to: by the checksum of its labels, else by what its files or
 * their folder are called. MNIST, Fashion-MNIST and KMNIST share their files' names.
 *
 * @param {string[]} paths of the images and, where there are any, of the labels
 * @param {{file: Uint8Array, unpacked: Uint8Array<ArrayBuffer>}|null} labels the bytes of their file
 * @returns {Promise<{source: Source, by: string}|null>} `by` is how it was told
 */
export async function recognise(paths, labels) {
  const sums = labels ? [md5(labels.file), await sha256(labels.unpacked)] : [];
  const sealed = KNOWN.find(({ md5: packed, sha256: plain }) => sums.some((sum) => packed.includes(sum) || plain.includes(sum)));
  if (sealed) return { source: sealed, by: 'the checksum of its labels' };
  const stems = paths.map((path) => path.replace(/^.*\//, '').replace(/\.gz$/i, '').replace('.idx', '-idx').toLowerCase());
  const named = KNOWN.find(({ files }) => files !== MNIST_FILES && stems.some((stem) => files.includes(stem)));
  if (named) return { source: named, by: 'its files’ names' };
  const [, hinted] = HINTS.find(([hint]) => paths.some((path) => hint.test(path))) ?? [];
  const source = KNOWN.find(({ name }) => name === hinted);
  return source ? { source, by: 'the name of its files or their folder' } : null;
}

/** Pages without a secure context have none. @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<string>} hexadecimal */
async function sha256(bytes) {
  if (!crypto.subtle) return '';
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
