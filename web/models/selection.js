/**
 * Selected digits split by split, as a subset to train on and to be tested on; and as the fragment
 * of the page's address, so that a link shows the same selection.
 *
 * @module
 */

import { effect } from '@preact/signals-core';
import { idOf } from '../data/examples.js';
import { readSubset, writeSubset } from '../data/subset.js';

/**
 * @typedef {import('../data/examples.js').About} About
 * @typedef {import('../data/subset.js').Subset} Subset
 * @typedef {import('../data/subset.js').Whole} Whole
 */

const SPLITS = /** @type {const} */ (['train', 'test']);

/** @param {About} about @returns {Whole} */
export function wholeOf({ name, parts }) {
  const count = (/** @type {string} */ split) => parts.find((part) => part.name === split)?.count ?? 0;
  return { name, counts: { train: count('train'), test: count('test') } };
}

/** @param {About} about @param {Uint32Array} ids rising @returns {Required<Subset>} their indices in each split */
export function rowsOf({ parts }, ids) {
  const rows = (/** @type {string} */ split) => {
    const { start = 0, count = 0 } = parts.find(({ name }) => name === split) ?? {};
    const [from, to] = [start, start + count].map((bound) => {
      const at = ids.findIndex((id) => id >= bound);
      return at < 0 ? ids.length : at;
    });
    return ids.subarray(from, to).map((id) => id - start);
  };
  return { train: rows('train'), test: rows('test') };
}

/**
 * Keeps the selection and the fragment the same.
 *
 * @param {import('./collection.js').Collection} collection
 * @param {import('@preact/signals-core').Signal<string>} text the fragment
 * @returns {() => void} ends the bond
 */
export function bindSelection(collection, text) {
  let known = ''; // the fragment of what is selected
  let reading = false;
  let turn = 0; // the last one wins

  /** @param {string} fragment @param {About} about */
  const read = async (fragment, about) => {
    const mine = ++turn;
    reading = true;
    const { subset, faults } = await readSubset(fragment, wholeOf(about));
    if (mine !== turn) return;
    known = fragment;
    const ids = SPLITS.flatMap((split) => Array.from(subset[split] ?? [], (index) => idOf(about, split, index)));
    collection.select(ids);
    const notes = SPLITS.filter((split) => faults[split]).map(
      (split) => `The selected ${split === 'train' ? 'training' : 'test'} digits of this link cannot be shown: ${faults[split]}.`,
    );
    collection.settings.notes.value = [...collection.settings.notes.peek(), ...notes];
    reading = false;
  };

  /** @param {Uint32Array} ids @param {About} about */
  const write = async (ids, about) => {
    const mine = ++turn;
    const fragment = about.name === 'own' ? '' : await writeSubset(rowsOf(about, ids), wholeOf(about));
    if (mine !== turn) return;
    known = fragment;
    text.value = fragment;
  };

  const stops = [
    effect(() => {
      const [about, fragment] = [collection.about.value, text.value];
      if (about && about.name !== 'own' && fragment !== known) void read(fragment, about);
    }),
    effect(() => {
      const [about, ids] = [collection.about.peek(), collection.selected.value];
      if (about && !reading) void write(ids, about);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
