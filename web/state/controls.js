/**
 * What of each figure can be left out where it is embedded, by name; what carries the point of the
 * figure is not in here. As in `table.js`, the names are part of every snippet ever pasted: add
 * rows, never rename one.
 *
 * @module
 */

/** @typedef {'train'|'network'|'race'|'browse'} Figure */

/** @type {Readonly<Record<Figure, Readonly<Record<string, string>>>>} */
export const CONTROLS = Object.freeze({
  train: {
    controls: 'Start, step, reset, speed',
    recipe: 'Learning rate, batch, seed',
    curves: 'Curves',
    digits: 'The wall of test digits',
    score: 'The digits it gets wrong',
    files: 'Saving and opening runs',
    keys: 'The switch for keys',
  },
  network: {
    choose: 'Which network, which digit',
    stops: 'The stops of the step',
    legend: 'Colours and lines',
    panels: 'What can be asked, below it',
  },
  race: {
    controls: 'Start, reset',
    reads: 'Twenty digits, as each engine reads them',
    charts: 'The losses as curves',
  },
  browse: {
    search: 'Search',
    arrange: 'Layout, order, colour',
    labels: 'The labels',
    presets: 'Ready questions',
  },
});

/** What is shown of each where nothing else is said: enough to play with, and no higher than a screen. @type {Readonly<Record<Figure, readonly string[]>>} */
export const USUAL = Object.freeze({
  train: ['controls', 'curves'],
  network: ['stops', 'legend'],
  race: ['controls', 'reads'],
  browse: ['arrange', 'labels'],
});

/** How an address or an attribute says that none is shown: some carriers drop an empty attribute. */
const NONE = 'none';
/** How it says that nothing is left out. */
const ALL = 'all';

/** @param {Figure} figure @param {string|null} text as an address or an attribute has it; null: it says nothing @returns {string[]} those that are shown, in the table's order */
export function readControls(figure, text) {
  const names = Object.keys(CONTROLS[figure]);
  if (text === null) return [...USUAL[figure]];
  if (text.trim() === ALL) return names;
  const given = text.split(/\s+/);
  return names.filter((name) => given.includes(name));
}

/** @param {Figure} figure @param {readonly string[]} shown @returns {string|null} what is read back as these; null: they are the usual ones, which needs no saying */
export function writeControls(figure, shown) {
  const names = Object.keys(CONTROLS[figure]);
  const kept = names.filter((name) => shown.includes(name));
  if (kept.length === names.length) return ALL;
  return kept.join() === USUAL[figure].join() ? null : kept.join(' ') || NONE;
}
