/**
 * What keys do on the wall: choose, move on, zoom, select.
 *
 * @module
 */

/** @typedef {import('./view.js').View} View */

const MOVES = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });
const ZOOMS = /** @type {Record<string, number>} */ ({ '+': 1.5, '=': 1.5, '-': 1 / 1.5 });

/**
 * @param {KeyboardEvent} event
 * @param {View} view
 * @param {() => void} open shows the chosen digit closely
 * @returns {boolean} whether the key meant anything here
 */
export function onKey({ key, shiftKey }, view, open) {
  const { collection, finder } = view;
  const { ids } = finder.arrangement;
  const at = finder.place(collection.chosen.value);
  if (ZOOMS[key]) view.zoom(ZOOMS[key], view.middle(at));
  else if (key === '0') collection.home();
  else if (key === 'Enter') open();
  else if (key === ' ') collection.select(at < 0 ? [] : [ids[at]], 'toggle');
  else {
    const to = destination(key, view, at);
    if (to === null) return false;
    if (to === at || to < 0 || to >= ids.length) return true;
    if (shiftKey && at >= 0) collection.select(ids.subarray(Math.min(at, to), Math.max(at, to) + 1), 'add');
    collection.choose(ids[to]);
    view.follow(to);
  }
  return true;
}

/** @param {string} key @param {View} view @param {number} at the chosen digit's place; -1 @returns {number|null} a place; null: the key is not one that moves */
function destination(key, view, at) {
  const { finder } = view;
  const [move, page] = [MOVES[key], key === 'PageDown' ? 1 : key === 'PageUp' ? -1 : 0];
  if (key === 'Home') return 0;
  if (key === 'End') return finder.arrangement.ids.length - 1;
  if (!move && !page) return null;
  if (at < 0) return first(view);
  if (move) return finder.beside(at, ...move);
  let to = at;
  const rows = Math.max(1, Math.floor(view.window.height / view.camera.edge) - 1);
  for (let row = 0; row < rows; row++) to = finder.beside(to, 0, page);
  return to;
}

/** The first digit in sight. @param {View} view */
function first(view) {
  return view.inSight().reduce((least, k) => Math.min(least, k), Infinity);
}
