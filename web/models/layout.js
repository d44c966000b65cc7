/**
 * Where each digit lies: the chosen shape, laid out. Reads no more of the page's signals than the
 * shape needs: each one read here is a reason to lay everything out anew.
 *
 * @module
 */

import { acrossFor, asColumns, asConfusion, asGrid, asMap, columnsFor } from '../draw/arrange.js';

/** @typedef {import('../draw/arrange.js').Arrangement} Arrangement */
/** @typedef {import('./collection.js').Browser} Browser */

/** How many digits a row has. @param {Browser} browser @returns {number} */
export function acrossOf(browser) {
  const chosen = browser.settings.get('columns');
  const [ids, about, byLabel] = [browser.ordered.value, browser.about.value, browser.settings.get('shape') === 'label'];
  if (chosen || !about) return chosen || 1;
  const columns = byLabel ? browser.columns.value : null;
  if (columns) return acrossFor(ids, columns.label, about.classes.length, browser.aspect.value);
  return columnsFor(ids.length, browser.aspect.value);
}

/** @param {Browser} browser @returns {Arrangement} */
export function arrange(browser) {
  const [ids, about, shape] = [browser.ordered.value, browser.about.value, browser.settings.get('shape')];
  if (!about) return asGrid(ids, 1);
  const columns = shape === 'label' || shape === 'confusion' ? browser.columns.value : null;
  if (shape === 'label' && columns) return asColumns(ids, columns.label, about.classes, browser.across.value);
  if (shape === 'confusion' && columns?.prediction) return asConfusion(ids, columns.label, columns.prediction, about.classes);
  const points = shape === 'neighbours' ? browser.facts.value?.columns.map : shape === 'pca' ? browser.python.points.value : null;
  if (points && points.length === 2 * about.count) return asMap(ids, points);
  return asGrid(ids, browser.across.value);
}
