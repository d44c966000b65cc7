/**
 * What the pixels of a set tell: per class how many, the mean and the spread of each pixel; how
 * often each grey occurs; per digit its ink and how much it is like its class's mean.
 *
 * @module
 */

import { AREA } from './examples.js';

/** @typedef {import('./examples.js').Examples} Examples */

/**
 * @param {Examples} examples
 * @param {Uint32Array} ids which digits
 */
export function classFigures({ about, images, labels }, ids) {
  const classes = about.classes.length;
  const counts = new Uint32Array(classes);
  const histogram = new Float64Array(256);
  const sums = new Float64Array(classes * AREA);
  const squares = new Float64Array(classes * AREA);
  for (const id of ids) {
    const label = labels[id];
    counts[label] += 1;
    for (let i = 0, at = id * AREA, to = label * AREA; i < AREA; i++, at++, to++) {
      const value = images[at];
      histogram[value] += 1;
      if (value === 0) continue;
      sums[to] += value;
      squares[to] += value * value;
    }
  }
  const means = new Float32Array(sums.length);
  const deviations = new Float32Array(sums.length);
  for (let i = 0; i < sums.length; i++) {
    const n = counts[Math.floor(i / AREA)] || 1;
    means[i] = sums[i] / n;
    deviations[i] = Math.sqrt(Math.max(0, squares[i] / n - (sums[i] / n) ** 2));
  }
  return { counts, means, deviations, histogram };
}

/**
 * Ink: the mean pixel, 0 to 1. Similarity: the cosine of the angle between a digit's pixels and the
 * mean of its class's training digits (of all its class's digits, if there is no training split).
 * The same as web/make/facts.py computes for MNIST; needed here for sets of the visitor's own.
 *
 * @param {Examples} examples
 */
export function measure(examples) {
  const { about, images, labels } = examples;
  const learned = about.parts.find(({ name }) => name === 'train') ?? { start: 0, count: about.count };
  const ids = Uint32Array.from({ length: learned.count }, (_, k) => learned.start + k);
  const { means } = classFigures(examples, ids);
  const lengths = Float64Array.from({ length: about.classes.length }, (_, label) =>
    Math.hypot(...means.subarray(label * AREA, (label + 1) * AREA)),
  );
  const [ink, similarity] = [new Float32Array(about.count), new Float32Array(about.count)];
  for (let id = 0; id < about.count; id++) {
    const label = labels[id];
    let [sum, squares, product] = [0, 0, 0];
    for (let i = 0, at = id * AREA, to = label * AREA; i < AREA; i++, at++, to++) {
      const value = images[at];
      if (value === 0) continue;
      sum += value;
      squares += value * value;
      product += value * means[to];
    }
    ink[id] = sum / AREA / 255;
    similarity[id] = product / Math.max(Math.sqrt(squares) * lengths[label], 1e-12);
  }
  return { ink, similarity };
}
