/**
 * Our figure on a page without a kernel, such as MyST makes: the one that `<figure data-glassnet>`
 * becomes, in a frame of the site, with its picture until then.
 *
 * @module
 */

import { BROWSE_TABLE } from '../../state/browse-table.js';
import { INSIDE_TABLE } from '../../state/inside-table.js';
import { TABLE } from '../../state/table.js';

/** What a figure can be told: the settings of its address, and what `data-` attributes say besides. */
const NAMES = new Set([...Object.keys({ ...TABLE, ...INSIDE_TABLE, ...BROWSE_TABLE }), 'controls', 'theme', 'group', 'reveal', 'height']);
/** The figures that a frame shows. */
const FIGURES = ['home', 'train', 'network', 'browse', 'race'];

/**
 * @param {import('./told.js').Model} model
 * @param {string} site address of its root, with a slash at the end
 * @returns {HTMLElement}
 * @throws {Error} there is no such figure
 */
export function living(model, site) {
  const kind = String(model.get('figure'));
  if (!FIGURES.includes(kind)) throw new Error(`glassnet has no figure “${kind}”; it has ${FIGURES.join(', ')}`);
  const told = { ...read(model, NAMES), ...model.get('settings') };
  const settings = Object.entries(told).filter(([name, value]) => NAMES.has(name) && value !== null);
  const figure = document.createElement('figure');
  figure.style.margin = '0';
  figure.dataset.glassnet = kind;
  for (const [name, value] of settings) figure.dataset[name] = String(value);
  const query = new URLSearchParams(settings.map(([name, value]) => [name, String(value)]));
  figure.append(link(kind, query.size ? `?${query}` : '', site));
  return figure;
}

/** The way to its page, with the picture of it, if there is one of just this state, or of the figure as it opens. @param {string} kind @param {string} query @param {string} site */
function link(kind, query, site) {
  const page = kind === 'home' ? 'index.html' : `${kind}.html`;
  const anchor = Object.assign(document.createElement('a'), { href: new URL(`${page}${query}`, site).href });
  const known = /** @type {Embed[]} */ (JSON.parse(__EMBEDS__)).filter(({ figure }) => figure === kind);
  const shown = known.find((one) => one.query === query) ?? known.find((one) => !one.query);
  if (!shown) return anchor.append(`glassnet: ${kind}`), anchor;
  const picture = Object.assign(document.createElement('img'), { src: new URL(`embed/${shown.name}/light.png`, site).href, alt: shown.alt, width: 1200, height: 630 });
  picture.style.cssText = 'max-width: 100%; height: auto';
  anchor.append(picture);
  return anchor;
}

/** @param {import('./told.js').Model} model @param {Set<string>} names @returns {Record<string, unknown>} */
function read(model, names) {
  return Object.fromEntries([...names].flatMap((name) => (model.get(name) === undefined ? [] : [[name, model.get(name)]])));
}
