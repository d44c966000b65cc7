/**
 * What a digit's colour tells: its label, what it was read as, its loss, its split.
 *
 * @module
 */

import { CLASS_COLOURS, mix } from '../draw/colour.js';

/**
 * @typedef {import('./collection.js').Collection} Collection
 * @typedef {import('../draw/colour.js').RGB} RGB
 * @typedef {import('../pictures/protocol.js').Inks} Inks
 * @typedef {{pixelZero: RGB, pixelOne: RGB, positive: RGB, negative: RGB, muted: RGB, classes: RGB[]}} Colours of the page
 *
 * @typedef {object} Coloured
 * @property {import('../state/browse-table.js').Colour} by
 * @property {Inks['of']} of each digit's hue
 */

/** Losses at which the next colour begins: most are small, and a misread digit's is seldom below 0.3. */
const LOSSES = [0.001, 0.01, 0.05, 0.15, 0.3, 0.6, 0.9];

/** @param {Collection} collection @returns {Coloured} plain, while what the colour is to tell is not known */
export function coloured({ settings, columns }) {
  const by = /** @type {Coloured['by']} */ (settings.get('colour'));
  const known = columns.value;
  if (by === 'label') return { by, of: 'label' };
  if (by === 'split' && known) return { by, of: known.test.map((test) => 2 - test) };
  if (by === 'prediction' && known?.prediction) return { by, of: known.prediction.map((answer) => 1 + (answer % CLASS_COLOURS)) };
  if (by === 'loss' && known?.loss) return { by, of: Uint8Array.from(known.loss, stepOf) };
  return { by: 'none', of: new Uint8Array(0) };
}

/** @param {number} loss @returns {number} its hue */
function stepOf(loss) {
  let step = 0;
  while (step < LOSSES.length && loss >= LOSSES[step]) step += 1;
  return step + 1;
}

/**
 * @param {Coloured} coloured
 * @param {Colours} colours
 * @param {number} lit the class that is pointed at, all others grey; -1
 * @returns {Inks}
 */
export function inksFor({ by, of }, colours, lit) {
  const { pixelZero, pixelOne, positive } = colours;
  const grey = mix(pixelZero, pixelOne, 0.16);
  const hues = huesOf(by, colours).map((hue, k) => (lit < 0 || k === lit % CLASS_COLOURS ? hue : grey));
  return { zero: pixelZero, one: pixelOne, marked: mix(pixelZero, positive, 0.35), hues, of };
}

/** @param {Coloured['by']} by @param {Colours} colours @returns {RGB[]} first to last */
function huesOf(by, { negative, muted, positive, classes }) {
  if (by === 'label' || by === 'prediction') return classes;
  if (by === 'split') return [positive, muted];
  if (by === 'loss') return Array.from({ length: LOSSES.length + 1 }, (_, step) => mix(muted, negative, step / LOSSES.length));
  return [];
}
