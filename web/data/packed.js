/**
 * What a set of the site's own is: by its index, and by what is known of the published sets.
 *
 * @module
 */

import { KNOWN } from './catalog.js';
import { nounOf } from './examples.js';

/** @typedef {import('./examples.js').About} About */
/** @typedef {import('./examples.js').Origin} Origin */

/** @param {import('./index.js').DataIndex} index @returns {About} */
export function aboutPacked({ name, title, sample, source, rows, columns, classes, splits }) {
  const [test, train] = [splits.test.count, splits.train.count];
  const known = KNOWN.find((one) => one.name === name);
  const turned = known?.transposed ?? false;
  /** @param {number} at of its images among the set's files; a sample's digits, and what was turned, lie elsewhere @returns {{files?: Origin}} */
  const files = (at) => {
    if (sample || turned || !known) return {};
    const [images, labels] = known.files.slice(at, at + 2);
    return { files: { images, labels: labels.endsWith('-ubyte') ? labels : null } };
  };
  const parts = [
    { name: 'test', start: 0, count: test, ...files(2) },
    { name: 'train', start: test, count: train, ...files(0) },
  ];
  const remarks = turned ? ['In its files the images are stored column by column; here they are turned upright.'] : [];
  return { name, title, noun: nounOf(classes), sample, facts: name === 'mnist', source, remarks, rows, columns, classes, parts, count: test + train };
}
