/**
 * A set of the visitor's own: IDX files dropped on the page, read here and sent nowhere. A file is
 * believed only if its header agrees with its bytes, labels only if they fit the images. Labels are
 * read as a whole; images as they are taken, some at a time.
 *
 * @module
 */

import { breathing } from './breath.js';
import { recognise } from './catalog.js';
import { isNames, parseNames } from './class-names.js';
import { UNLABELLED } from './examples.js';
import { endValues, openIDX, readAll, readValues } from './idx.js';

/**
 * @typedef {import('./catalog.js').Source} Source
 * @typedef {import('./examples.js').About} About
 * @typedef {import('./examples.js').Examples} Examples
 * @typedef {import('./idx.js').IDX} IDX
 * @typedef {{file: File, path: string}} Given a file and, if it came in a folder, its path there
 * @typedef {{name: string, path: string, file: File, idx: IDX}} Read
 * @typedef {{values: Uint8Array|Int32Array, unpacked: Uint8Array<ArrayBuffer>}} Values
 * @typedef {{test: boolean, images: Read, labels: Read|null}} Matched
 * @typedef {{test: boolean, images: Read, labels: (Read & Values)|null}} Pair
 *
 * @typedef {object} Found
 * @property {About} about
 * @property {Uint16Array|null} writers of each image, by id; null where the set does not tell
 * @property {(set: Examples, told: (arrived: number) => void) => Promise<void>} fill puts all images and labels there; rejects in words for the visitor
 */

/** Of pixels; all of MNIST is 55 MB, the largest of EMNIST 638. */
export const MOST_BYTES = 700e6;
/** What they may take when they are packed (pictures.js), in all sizes, beside everything else that a page holds. */
const MOST_MEMORY = 600e6;
const MOST_IMAGES = 1_000_000;
/** Of a file of labels; QMNIST's largest is 12.8 MB. */
const MOST_LABELS = 40e6;
const LARGEST = 512;
const MOST_FILES = 5;
/** Bytes of pixels that are read at a time. */
const PIECE = 2e6;
const TEST = /t10k|test|valid/i;

/**
 * @param {Given[]} given images and their labels, of one split or of two; perhaps the classes' names
 * @returns {Promise<Found | {classes: string[]}>} only names, if only those were given
 * @throws {Error} in words for the visitor: which file, what was expected, what was found
 */
export async function readFiles(given) {
  if (given.length > MOST_FILES) throw new Error(`${given.length} files at once; expected images and labels of one or two splits, and a text file of names: at most ${MOST_FILES}`);
  const lists = given.filter(({ file }) => isNames(file));
  if (lists.length > 1) throw new Error(`${lists.map(({ file }) => file.name).join(' and ')}: two lists of names; expected one`);
  const names = lists.length ? parseNames(await lists[0].file.text(), lists[0].file.name) : null;
  if (names && given.length === 1) return { classes: names };
  /** @type {Read[]} */
  const read = [];
  try {
    for (const { file, path } of given) if (!isNames(file)) read.push({ name: file.name, path, file, idx: await openIDX(file, file.name) });
    const pairs = await pairUp(read);
    const labels = pairs.find((one) => one.labels)?.labels ?? null;
    const known = await recognise(
      pairs.flatMap((one) => [one.images.path, ...(one.labels ? [one.labels.path] : [])]),
      labels && { file: new Uint8Array(await labels.file.arrayBuffer()), unpacked: labels.unpacked },
    );
    return assemble(pairs, known, names);
  } catch (error) {
    for (const { idx } of read) idx.rest.close();
    throw error;
  }
}

/** Images, each with its labels if there are any; the test split first. @param {Read[]} read @returns {Promise<Pair[]>} */
async function pairUp(read) {
  const images = read.filter(({ idx }) => idx.shape.length === 3);
  const labels = read.filter(({ idx }) => isLabels(idx));
  for (const { name, idx } of read) {
    if (idx.shape.length === 3 && idx.type !== 'uint8') throw new Error(`${name}: its values are ${idx.type}; expected bytes (uint8)`);
    if (idx.shape.length !== 3 && !isLabels(idx)) throw new Error(`${name}: its header says ${idx.shape.length} dimensions of ${idx.type}; expected 3 (images) or 1 (labels) of bytes`);
  }
  if (!images.length) throw new Error('no images among the files; expected an IDX file of three dimensions, such as train-images-idx3-ubyte');
  if (images.length > 2) throw new Error(`${images.length} files of images; expected one or two splits`);
  const matched = images.map((one) => pair(one, labels, images.length)).sort((a, b) => Number(b.test) - Number(a.test));
  check(matched);
  /** @type {Pair[]} */
  const pairs = [];
  for (const { labels: own, ...one } of matched) pairs.push({ ...one, labels: own && { ...own, ...(await readAll(own.idx)) } });
  return pairs;
}

/** QMNIST's labels are int32, eight numbers each: the class comes first. @param {IDX} idx */
function isLabels({ shape, type }) {
  return type === 'uint8' ? shape.length === 1 : shape.length === 2 && shape[1] === 8;
}

/** @param {Read} images @param {Read[]} labels @param {number} splits @returns {Matched} */
function pair(images, labels, splits) {
  const test = TEST.test(images.name);
  const candidates = splits === 1 ? labels : labels.filter(({ name }) => TEST.test(name) === test);
  if (candidates.length > 1) throw new Error(`${images.name}: ${candidates.length} files of labels could belong to it; drop one pair, or name them train-… and t10k-…`);
  const found = candidates[0] ?? null;
  const count = images.idx.shape[0];
  if (found && found.idx.shape[0] !== count) {
    throw new Error(`${found.name}: ${found.idx.shape[0].toLocaleString('en')} labels for ${count.toLocaleString('en')} images in ${images.name}`);
  }
  return { test, images, labels: found };
}

/** @param {Matched[]} pairs */
function check(pairs) {
  if (pairs.length === 2 && pairs[0].test === pairs[1].test) {
    throw new Error(`${pairs.map((one) => one.images.name).join(' and ')}: the names do not tell which split is for testing; name one train-… and the other t10k-… or test-…`);
  }
  const [, rows, columns] = pairs[0].images.idx.shape;
  for (const { images, labels } of pairs) {
    const [count, high, wide] = images.idx.shape;
    if (labels && labels.idx.size > MOST_LABELS) throw new Error(`${labels.name}: ${megabytes(labels.idx.size)}; the limit for labels is ${megabytes(MOST_LABELS)}`);
    if (!count) throw new Error(`${images.name}: it holds no image`);
    if (!high || !wide || high > LARGEST || wide > LARGEST) throw new Error(`${images.name}: images of ${high} × ${wide} pixels; expected 1 × 1 to ${LARGEST} × ${LARGEST}`);
    if (high !== rows || wide !== columns) throw new Error(`${images.name}: images of ${high} × ${wide} pixels; those of ${pairs[0].images.name} have ${rows} × ${columns}`);
  }
  const total = pairs.reduce((sum, { images }) => sum + images.idx.shape[0], 0);
  if (total > MOST_IMAGES) throw new Error(`${total.toLocaleString('en')} images together; the limit is ${MOST_IMAGES.toLocaleString('en')}`);
  if (total * rows * columns > MOST_BYTES) throw new Error(`${megabytes(total * rows * columns)} of pixels together; the limit is ${megabytes(MOST_BYTES)}`);
}

/** @param {Pair[]} pairs @param {{source: Source, by: string}|null} known @param {string[]|null} names @returns {Found} */
function assemble(pairs, known, names) {
  const first = known?.source.first ?? 0;
  const numbers = pairs.map(({ images, labels }) => (labels ? numbersOf(labels, known?.source) : new Uint8Array(images.idx.shape[0])));
  const highest = pairs.reduce((most, { labels }, k) => (labels ? numbers[k].reduce((a, b) => Math.max(a, b), most) : most), -1);
  if (names && names.length <= highest) throw new Error(`the list of names has ${names.length}, but there are labels up to ${highest + first}`);
  const classes = names ?? known?.source.classes.slice() ?? Array.from({ length: highest + 1 }, (_, label) => String(label));
  if (pairs.some(({ labels }) => !labels)) {
    if (highest === -1 && !names) classes.length = 0;
    if (classes.length > 255) throw new Error('256 classes and images without labels: one class too many');
    classes.push(UNLABELLED);
    pairs.forEach(({ labels }, k) => labels ?? numbers[k].fill(classes.length - 1));
  }
  const turned = known?.source.transposed ?? false;
  const about = aboutOf(pairs, known, classes);
  const fill = async (/** @type {Examples} */ set, /** @type {(arrived: number) => void} */ told) => {
    for (const [k, { images }] of pairs.entries()) await put(images.idx, turned, numbers[k], set, about.parts[k].start, told);
  };
  return { about, writers: writersOf(pairs, about.count), fill };
}

/** @param {Pair[]} pairs @param {{source: Source, by: string}|null} known @param {string[]} classes @returns {About} */
function aboutOf(pairs, known, classes) {
  const [, high, wide] = pairs[0].images.idx.shape;
  const turned = known?.source.transposed ?? false;
  const [rows, columns] = turned ? [wide, high] : [high, wide];
  let start = 0;
  const parts = pairs.map(({ test, images, labels }) => {
    const files = turned ? {} : { files: { images: images.name, labels: labels?.idx.type === 'uint8' ? labels.name : null } };
    const part = { name: test ? 'test' : 'train', start, count: images.idx.shape[0], ...files };
    start += part.count;
    return part;
  });
  const remarks = known ? [`Known as ${known.source.title} by ${known.by}.`] : [];
  if (turned) remarks.push('Its images are stored column by column; here they are turned upright.');
  return {
    name: 'own',
    title: known?.source.title ?? pairs.map(({ images }) => images.name).join(' and '),
    noun: known?.source.classes.join('') === '0123456789' ? 'digit' : 'image',
    sample: false,
    facts: false,
    source: 'your own files',
    remarks,
    rows,
    columns,
    classes,
    parts,
    count: start,
  };
}

/** Labels counted from 0. @param {Read & Values} labels @param {Source|undefined} source @returns {Uint8Array} */
function numbersOf({ name, idx, values }, source) {
  const step = idx.shape[1] ?? 1;
  const first = source?.first ?? 0;
  const last = source ? first + source.classes.length - 1 : 255;
  return Uint8Array.from({ length: idx.shape[0] }, (_, k) => {
    const label = values[k * step];
    if (label < first || label > last) throw new Error(`${name}: label ${label} at index ${k}; ${source?.title ?? 'a set of classes'} has ${first} to ${last}`);
    return label - first;
  });
}

/** QMNIST tells who wrote each digit: the third of eight numbers. @param {Pair[]} pairs @param {number} count */
function writersOf(pairs, count) {
  if (!pairs.every(({ labels }) => labels?.idx.shape[1] === 8)) return null;
  const writers = new Uint16Array(count);
  let id = 0;
  for (const { images, labels } of pairs) for (let k = 0; k < images.idx.shape[0]; k++) writers[id++] = labels?.values[8 * k + 2] ?? 0;
  return writers;
}

/**
 * @param {IDX} images
 * @param {boolean} turned whether they are stored column by column
 * @param {Uint8Array} labels of them
 * @param {Examples} set where they are put
 * @param {number} start id of the first
 * @param {(arrived: number) => void} told
 */
async function put(images, turned, labels, set, start, told) {
  const [count, high, wide] = images.shape;
  const step = Math.max(1, Math.floor(PIECE / (high * wide)));
  const piece = new Uint8Array(Math.min(step, count) * high * wide);
  const upright = turned ? new Uint8Array(piece.length) : piece;
  const breath = breathing();
  for (let k = 0; k < count; k += step) {
    await breath(); // a file read as a stream leaves no room for timers
    const length = Math.min(step, count - k) * high * wide;
    await readValues(images, piece.subarray(0, length));
    if (turned) turn(piece.subarray(0, length), high, wide, upright);
    set.add(start + k, upright, labels.subarray(k, k + step));
    if (set.bytes > MOST_MEMORY) throw new Error(`${images.name}: image ${(k + step).toLocaleString('en')} is one too many for ${megabytes(MOST_MEMORY)} of memory, even packed`);
    told(set.arrived);
  }
  await endValues(images);
}

/** @param {Uint8Array} stored column by column @param {number} high of what is stored @param {number} wide @param {Uint8Array} into */
function turn(stored, high, wide, into) {
  let to = 0;
  for (let first = 0; first < stored.length; first += high * wide) {
    for (let row = 0; row < wide; row++) {
      for (let from = first + row, column = 0; column < high; column++, from += wide) into[to++] = stored[from];
    }
  }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
