/**
 * Where the site's parts are, as absolute addresses: the one reader of the build's table. It relies
 * on where this script came from and on nothing else, so the page may be anywhere.
 *
 * An address carries, behind `#`, what its file is checked by (see `expected` in download.js): no
 * server ever sees that, and whoever is handed an address can check what it brings.
 *
 * @module
 */

/** @typedef {Record<PartName, string>} Places */

/** @returns {Places} by name */
export function places() {
  const entries = Object.entries(__ASSETS__).map(([name, part]) => [name, placeOf(part)]);
  return /** @type {Places} */ (Object.fromEntries(entries));
}

/** @param {string} page such as `train.html`, with what follows it @returns {string} its absolute address, wherever the figure stands */
export function pageAt(page) {
  return new URL(`${__ROOT__}${page}`, import.meta.url).href;
}

/** @param {string} symbol of the package, such as `glassnet.layers.dense:Dense.forward` @returns {string} where its source can be read: an absolute address */
export function sourceAt(symbol) {
  const [module, name] = symbol.split(':');
  return pageAt(`source/${module.split('.').slice(1).join('/')}.html#${name}`);
}

/** @param {SitePart} part @returns {string} its absolute address */
export function placeOf({ path, bytes, sha256 }) {
  return new URL(`${__ROOT__}${path}#bytes=${bytes}&sha256=${sha256}`, import.meta.url).href;
}
