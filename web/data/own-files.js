/**
 * A set of the visitor's own: IDX files dropped on the page, read here and sent nowhere. A file is
 * believed only if its header agrees with its bytes, images only if labels fit them.
 *
 * @module
 */

import { AREA, EDGE } from './examples.js';
import { parseIDX } from './idx.js';

/**
 * @typedef {import('./examples.js').About} About
 * @typedef {import('./idx.js').IDX} IDX
 * @typedef {{name: string, idx: IDX}} Read
 */

/** Digits a page can hold beside everything else. */
const MOST = 140_000;
const MOST_BYTES = MOST * AREA + 1024;
const TEST = /t10k|test|valid/i;

/**
 * @param {File[]} files images and their labels; of one split, or of two
 * @returns {Promise<{about: About, parts: {images: Uint8Array, labels: Uint8Array}[]}>}
 * @throws {Error} in words for the visitor: which file, what was expected, what was found
 */
export async function readFiles(files) {
  if (files.length > 8) throw new Error(`${files.length} files at once; expected images and labels of one or two splits: at most 4`);
  /** @type {Read[]} */
  const read = [];
  for (const file of files) {
    if (file.size > MOST_BYTES) throw new Error(`${file.name}: ${megabytes(file.size)}; the limit is ${megabytes(MOST_BYTES)}`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    read.push({ name: file.name, idx: await parseIDX(bytes, file.name, MOST_BYTES) });
  }
  const images = read.filter(({ idx }) => idx.shape.length === 3);
  const labels = read.filter(({ idx }) => idx.shape.length === 1);
  for (const { name, idx } of read) {
    if (![1, 3].includes(idx.shape.length)) {
      throw new Error(`${name}: ${idx.shape.length} dimensions; expected 3 (images) or 1 (labels)`);
    }
  }
  if (!images.length) throw new Error('no images among the files; expected an IDX file of three dimensions, such as train-images-idx3-ubyte, and its labels');
  if (images.length > 2) throw new Error(`${images.length} files of images; expected one or two splits`);
  const pairs = images.map((one) => pair(one, labels, images.length));
  const total = pairs.reduce((sum, { labels: { length } }) => sum + length, 0);
  if (total > MOST) throw new Error(`${total.toLocaleString('en')} digits together; the limit is ${MOST.toLocaleString('en')}`);
  return assemble(pairs);
}

/**
 * @param {Read} images
 * @param {Read[]} labels
 * @param {number} splits
 */
function pair(images, labels, splits) {
  const [count, rows, columns] = images.idx.shape;
  if (rows !== EDGE || columns !== EDGE) throw new Error(`${images.name}: images of ${rows} × ${columns} pixels; this browser shows ${EDGE} × ${EDGE}`);
  if (!count) throw new Error(`${images.name}: it holds no image`);
  const test = TEST.test(images.name);
  const candidates = splits === 1 ? labels : labels.filter(({ name }) => TEST.test(name) === test);
  const [found] = candidates;
  if (!found) throw new Error(`${images.name}: no labels for it; drop its labels (${count.toLocaleString('en')} bytes of IDX, one dimension) together with it`);
  if (candidates.length > 1) throw new Error(`${images.name}: ${candidates.length} files of labels could belong to it; drop one pair, or name them train-… and t10k-…`);
  const { shape, values } = found.idx;
  if (shape[0] !== count) throw new Error(`${found.name}: ${shape[0].toLocaleString('en')} labels for ${count.toLocaleString('en')} images in ${images.name}`);
  return { name: images.name, test, images: images.idx.values, labels: values };
}

/** @param {{name: string, test: boolean, images: Uint8Array, labels: Uint8Array}[]} pairs */
function assemble(pairs) {
  const sorted = [...pairs].sort((a, b) => Number(b.test) - Number(a.test));
  if (sorted.length === 2 && sorted[0].test === sorted[1].test) {
    throw new Error('two splits whose names do not tell which is for testing; name one train-… and the other t10k-… or test-…');
  }
  let start = 0;
  const parts = sorted.map(({ test, labels }) => {
    const part = { name: test ? 'test' : 'train', start, count: labels.length };
    start += labels.length;
    return part;
  });
  let highest = 0;
  for (const { labels } of sorted) for (const label of labels) highest = Math.max(highest, label);
  const classes = Array.from({ length: Math.max(2, highest + 1) }, (_, label) => String(label));
  const title = sorted.map(({ name }) => name).join(' and ');
  const about = { name: 'own', title, sample: false, source: 'your own files', classes, parts, count: start };
  return { about, parts: sorted.map(({ images, labels }) => ({ images, labels })) };
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
