/**
 * Which digits a search leaves, and in which order. Reads no more of the page's signals than the
 * search needs: each one read here is a reason to search anew.
 *
 * @module
 */

import { sortBy } from '../data/sorting.js';
import { isGathering } from './layout.js';
import { findWords, readWords } from '../data/words.js';

/**
 * @typedef {import('./collection.js').Collection} Collection
 * @typedef {import('../data/words.js').Columns} Columns
 * @typedef {{ids: Uint32Array, fault: string|null, milliseconds: number}} Found
 */

/**
 * @param {Collection} collection
 * @param {Uint32Array|null} valid what the last search found that could be read: it stays while one cannot be
 * @returns {Found}
 */
export function find(collection, valid) {
  const { about, columns, settings, python } = collection;
  if (!about.value || !columns.value) return { ids: new Uint32Array(0), fault: null, milliseconds: 0 };
  const [words, expression] = [settings.get('find'), settings.get('python')];
  const begin = performance.now();
  const { ids, fault } = byWords(words, collection, valid);
  if (!expression) return { ids, fault, milliseconds: performance.now() - begin };
  const told = python.found.value;
  if (!told.ids) return { ids, fault: told.fault ?? fault, milliseconds: told.milliseconds };
  const both = new Uint8Array(about.value.count);
  for (const id of told.ids) both[id] = 1;
  return { ids: ids.filter((id) => both[id]), fault: told.fault ?? fault, milliseconds: told.milliseconds };
}

/** @param {string} words @param {Collection} collection @param {Uint32Array|null} valid */
function byWords(words, collection, valid) {
  const { all, about, columns, facts } = collection;
  if (!about.value || !columns.value) return { ids: all, fault: null };
  if (!words.trim()) return { ids: isSteady(collection) ? all : arrivedOf(all, collection), fault: null };
  const reading = readWords(words, about.value.classes);
  if ('fault' in reading) return { ids: valid ?? arrivedOf(all, collection), fault: reading.fault };
  const ids = findWords(reading, columns.value, about.value.count);
  if (typeof ids !== 'string') return { ids: arrivedOf(ids, collection), fault: null };
  const coming = !facts.value && about.value.facts;
  return { ids: arrivedOf(all, collection), fault: coming ? null : ids };
}

/** Whether the wall keeps its places while digits arrive: labels are not asked for. @param {Collection} collection */
function isSteady(collection) {
  const { settings } = collection;
  return settings.get('sort') === 'file' && !settings.get('python') && (settings.get('shape') === 'grid' || isGathering(collection));
}

/** @param {Uint32Array} ids @param {Collection} collection */
function arrivedOf(ids, collection) {
  if (collection.complete.value) return ids;
  collection.settled.value;
  return ids.filter((id) => collection.has(id));
}

/** What is found, in the order that was asked for. @param {Collection} collection @returns {Uint32Array} */
export function order({ found, settings, columns }) {
  const { ids } = found.value;
  const [sort, down] = [settings.get('sort'), settings.get('down')];
  if (sort === 'file') return down ? ids.slice().reverse() : ids;
  const keys = columns.value?.[/** @type {keyof Columns} */ (sort)];
  return keys ? sortBy(ids, /** @type {ArrayLike<number>} */ (keys), down) : ids;
}

/**
 * @param {Collection} collection
 * @returns {Uint32Array} how many of what is found there are of each class; or of each answer, where that is what colours tell
 */
export function countClasses(collection) {
  const { about, columns, settled, found, coloured } = collection;
  const counts = new Uint32Array(about.value?.classes.length ?? 0);
  settled.value;
  const classes = coloured.value.by === 'prediction' ? columns.value?.prediction : columns.value?.label;
  if (classes) for (const id of found.value.ids) if (collection.has(id)) counts[classes[id]] += 1;
  return counts;
}

/** @param {Collection} collection @returns {number|null} */
export function countMistakes({ complete, columns }) {
  const { label, prediction } = columns.value ?? {};
  if (!complete.value || !label || !prediction) return null;
  return label.reduce((sum, one, id) => sum + Number(one !== prediction[id]), 0);
}
