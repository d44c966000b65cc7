/**
 * Questions that everybody has about a data set, each as the settings that answer it.
 *
 * @module
 */

import { splitWords, wordFor } from '../data/words.js';

/**
 * @typedef {import('./collection.js').Collection} Collection
 *
 * @typedef {object} Preset
 * @property {string} name
 * @property {string} hint what it shows, in a sentence
 * @property {string[]} words that are searched for
 * @property {{sort: string, down: 'on'|'off'}|null} order null: as it is
 * @property {boolean} network whether the network has to have read the digits
 */

/** How sure the network has to be of something else for a label to look wrong. */
const SURE = 'conf>0.98';
const FILE = { sort: 'file', down: /** @type {const} */ ('off') };

export const PRESETS = /** @type {Preset[]} */ ([
  { name: 'Misread', hint: 'Those that the network reads as something else', words: ['wrong'], order: null, network: true },
  { name: 'Surest mistakes', hint: 'Misread, those first that the network is surest of', words: ['wrong'], order: { sort: 'confidence', down: 'on' }, network: true },
  {
    name: 'Label errors?',
    hint: 'Labels that may be wrong: the network is sure of something else and rules the label out, worst first. Some are errors of the labels, some of the network',
    words: ['wrong', SURE, 'loss>0.95'],
    order: { sort: 'loss', down: 'on' },
    network: true,
  },
  { name: 'Odd', hint: 'Least like the mean of their class', words: [], order: { sort: 'similarity', down: 'off' }, network: false },
  { name: 'Thin', hint: 'Least ink first', words: [], order: { sort: 'ink', down: 'off' }, network: false },
  { name: 'Thick', hint: 'Most ink first', words: [], order: { sort: 'ink', down: 'on' }, network: false },
]);

/** Words that some preset searches for. */
const OWN = new Set(PRESETS.flatMap(({ words }) => words));

/** @param {Collection} collection @param {Preset} preset whether it is what is shown */
export function isOn({ settings }, { words, order }) {
  const own = splitWords(settings.get('find')).filter((word) => OWN.has(word));
  if (own.length !== words.length || !words.every((word) => own.includes(word))) return false;
  const sorted = { sort: settings.get('sort'), down: settings.get('down') ? 'on' : 'off' };
  const like = (/** @type {{sort: string, down: string}} */ other) => sorted.sort === other.sort && sorted.down === other.down;
  return order ? like(order) : !PRESETS.some((other) => other.order && other.words.length && like(other.order));
}

/** Shows what is asked for, or, if it is shown, no longer. @param {Collection} collection @param {Preset} preset */
export function ask(collection, preset) {
  const { settings } = collection;
  const on = isOn(collection, preset);
  const others = splitWords(settings.get('find')).filter((word) => !OWN.has(word));
  const { sort, down } = on ? FILE : preset.order ?? FILE;
  collection.setAll({
    find: [...others, ...(on ? [] : preset.words)].join(' '),
    sort,
    down,
    ...(!on && (preset.order || settings.get('shape') === 'confusion') ? { shape: 'grid' } : {}),
  });
}

/** Shows all digits of a cell of the confusion matrix. @param {Collection} collection @param {import('../draw/arrange.js').Cell} cell */
export function openCell(collection, { label, answer }) {
  const classes = collection.about.value?.classes ?? [];
  const others = splitWords(collection.settings.get('find')).filter((word) => !/^(label|pred):|^(wrong|right)$/.test(word));
  const read = wordFor(classes[answer]).replace(/^label/, 'pred');
  collection.setAll({ find: [...others, wordFor(classes[label]), read].join(' '), shape: 'grid' });
}
