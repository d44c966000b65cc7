/**
 * A digit in words, for the pointer's label, for screen readers and for the panel.
 *
 * @module
 */

import { placeOf, UNLABELLED } from '../data/examples.js';
import { count } from './words.js';

/** @param {import('../data/examples.js').About} about @param {number} id @returns {string} `Test digit 4,112` */
export function nameOf(about, id) {
  const { split, index } = placeOf(about, id);
  return `${split === 'test' ? 'Test' : 'Training'} ${about.noun} ${count(index)}`;
}

/** @param {string} label @returns {string} `labelled 7` */
export function labelled(label) {
  return label === UNLABELLED ? label : `labelled ${label}`;
}

/**
 * @param {import('../data/examples.js').About} about
 * @param {import('../data/words.js').Columns} columns
 * @param {number} id of a digit that is here
 * @returns {string} `Test digit 4,112: labelled 7, read as 9 (loss 0.81)`
 */
export function describe(about, columns, id) {
  const place = nameOf(about, id);
  const label = about.classes[columns.label[id]];
  if (!columns.prediction || !columns.loss) return `${place}: ${labelled(label)}`;
  const reads = about.classes[columns.prediction[id]];
  const verdict = reads === label ? 'read so' : `read as ${reads}`;
  return `${place}: labelled ${label}, ${verdict} (loss ${columns.loss[id].toFixed(columns.loss[id] < 0.1 ? 4 : 2)})`;
}
