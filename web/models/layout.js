/**
 * Where each digit lies: the chosen shape, laid out. Reads no more of the page's signals than the
 * shape needs: each one read here is a reason to lay everything out anew.
 *
 * @module
 */

import { acrossFor, asColumns, asConfusion, asGrid, asMap, columnsFor } from '../draw/arrange.js';
import { landmarks } from '../draw/landmarks.js';

/** @typedef {import('../draw/arrange.js').Arrangement} Arrangement */
/** @typedef {import('./collection.js').Collection} Collection */

/** How many digits a row has. @param {Collection} collection @returns {number} */
export function acrossOf(collection) {
  const chosen = collection.settings.get('columns');
  const [ids, about, byLabel] = [collection.ordered.value, collection.about.value, collection.settings.get('shape') === 'label'];
  if (chosen || !about) return chosen || 1;
  const columns = byLabel ? collection.columns.value : null;
  if (columns) return acrossFor(ids, columns.label, about.classes.length, collection.aspect.value);
  return columnsFor(ids.length, collection.aspect.value);
}

/** @param {Collection} collection @returns {Arrangement} */
export function arrange(collection) {
  const [ids, about, shape] = [collection.ordered.value, collection.about.value, collection.settings.get('shape')];
  if (!about) return asGrid(ids, 1);
  const columns = shape === 'label' || shape === 'confusion' ? collection.columns.value : null;
  if (shape === 'label' && columns) return asColumns(ids, columns.label, about.classes, collection.across.value);
  if (shape === 'confusion' && columns?.prediction) return asConfusion(ids, columns.label, columns.prediction, about.classes);
  const points = shape === 'neighbours' ? collection.facts.value?.columns.map : shape === 'pca' ? collection.python.points.value : null;
  if (!points || points.length !== 2 * about.count || isGathering(collection)) return asGrid(ids, collection.across.value);
  const [map, labels] = [asMap(ids, points), collection.complete.value ? collection.shipped.value?.label : null];
  return labels ? { ...map, landmarks: landmarks(map, labels, about.classes) } : map;
}

/**
 * Whether digits on their way to the map of all still gather in the order of the file: once they
 * are here they fly to it together.
 *
 * @param {Collection} collection
 */
export function isGathering({ complete, settings }) {
  if (complete.value || settings.get('shape') !== 'neighbours') return false;
  return !settings.get('size') && !settings.get('find') && !settings.get('python');
}
