/**
 * What the pixels of a set tell: per class how many, the mean and the spread of each pixel; how
 * often each grey occurs; per digit its ink and how much it is like its class's mean.
 *
 * @module
 */

import { breathing } from './breath.js';

/** @typedef {import('./examples.js').Examples} Examples */
/** @typedef {import('./levels.js').Level} Level */

/** Numbers that the means of all classes may have together: many classes of large images are measured on smaller copies. */
const MOST_MEANS = 2_000_000;

/** The largest copies whose classes' means fit. @param {Examples} examples @returns {Level} */
function measured({ levels, about }) {
  return levels.findLast(({ rows, columns }) => rows * columns * about.classes.length <= MOST_MEANS) ?? levels[0];
}

/**
 * Per class: `counts`, and `means` and `deviations` (classes, rows, columns), 0..255; `histogram`,
 * how often each pixel value occurs.
 *
 * @param {Examples} examples
 * @param {Uint32Array} ids which digits
 */
export async function classFigures(examples, ids) {
  const { about, labels, images, area: whole } = examples;
  const { edge, rows, columns } = measured(examples);
  const [copies, area, classes] = [examples.copy(edge), rows * columns, about.classes.length];
  const counts = new Uint32Array(classes);
  const histogram = new Float64Array(256);
  const sums = new Float64Array(classes * area);
  const squares = new Float64Array(classes * area);
  const breath = breathing();
  for (const [k, id] of ids.entries()) {
    if (k % 256 === 0) await breath();
    const label = labels[id];
    counts[label] += 1;
    for (let i = 0, at = images.find(id); i < whole; i++, at++) histogram[images.pixels[at]] += 1;
    for (let i = 0, at = copies.find(id), to = label * area; i < area; i++, at++, to++) {
      const value = copies.pixels[at];
      if (value === 0) continue;
      sums[to] += value;
      squares[to] += value * value;
    }
  }
  const means = new Float32Array(sums.length);
  const deviations = new Float32Array(sums.length);
  for (let i = 0; i < sums.length; i++) {
    const n = counts[Math.floor(i / area)] || 1;
    means[i] = sums[i] / n;
    deviations[i] = Math.sqrt(Math.max(0, squares[i] / n - (sums[i] / n) ** 2));
  }
  return { rows, columns, counts, means, deviations, histogram };
}

/**
 * Ink: the mean pixel, 0 to 1. Similarity: the cosine of the angle between a digit's pixels and the
 * mean of its class's training digits (of all its class's digits, if there is no training split).
 * The same as web/make/facts.py computes for MNIST; needed here for sets of the visitor's own.
 *
 * @param {Examples} examples
 */
export async function measure(examples) {
  const { about, labels, images, area: whole } = examples;
  const learned = about.parts.find(({ name }) => name === 'train') ?? { start: 0, count: about.count };
  const ids = Uint32Array.from({ length: learned.count }, (_, k) => learned.start + k);
  const { rows, columns, means } = await classFigures(examples, ids);
  const [copies, area] = [examples.copy(Math.max(rows, columns)), rows * columns];
  const lengths = Float64Array.from(about.classes, (_, label) => length(means.subarray(label * area, (label + 1) * area)));
  const [ink, similarity] = [new Float32Array(about.count), new Float32Array(about.count)];
  const breath = breathing();
  for (let id = 0; id < about.count; id++) {
    if (id % 256 === 0) await breath();
    const label = labels[id];
    let [sum, squares, product] = [0, 0, 0];
    for (let i = 0, at = images.find(id); i < whole; i++, at++) sum += images.pixels[at];
    for (let i = 0, at = copies.find(id), to = label * area; i < area; i++, at++, to++) {
      const value = copies.pixels[at];
      if (value === 0) continue;
      squares += value * value;
      product += value * means[to];
    }
    ink[id] = sum / whole / 255;
    similarity[id] = product / Math.max(Math.sqrt(squares) * lengths[label], 1e-12);
  }
  return { ink, similarity };
}

/** @param {Float32Array} vector */
function length(vector) {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}
