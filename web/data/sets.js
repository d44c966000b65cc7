/**
 * The list of the data sets that were built into the site beside MNIST (web/make/sets.py). It comes
 * from the network, so nothing in it is believed before it has been looked at.
 *
 * @module
 */

import { downloadJSON, LoadError } from '../wire/download.js';

/**
 * @typedef {object} BuiltSet
 * @property {string} name as the address has it
 * @property {string} title
 * @property {string} index address of its index, with what that is checked by
 */

const VERSION = 1;
const MOST = 40;
const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const TITLE = /^[^\p{C}]{1,60}$/u;
const PATH = /^[a-z][a-z0-9-]{0,59}\/index\.json$/;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * @param {string} url of the list
 * @param {AbortSignal} [signal]
 * @param {RequestCache} [cache]
 * @returns {Promise<BuiltSet[]>}
 * @throws {LoadError}
 */
export async function fetchSets(url, signal, cache) {
  const list = /** @type {any} */ (await downloadJSON(url, signal, cache));
  if (list?.version !== VERSION || !Array.isArray(list.sets) || list.sets.length > MOST || !list.sets.every(isSound)) {
    throw new LoadError('E-SETS', 'the list of the data sets is not usable', 'The site has to be built again.');
  }
  return list.sets.map((/** @type {any} */ { name, title, index: { path, bytes, sha256 } }) => ({
    name,
    title,
    index: new URL(`${path}#bytes=${bytes}&sha256=${sha256}`, url).href,
  }));
}

/** @param {any} row */
function isSound(row) {
  const { path, bytes, sha256 } = row?.index ?? {};
  return [[NAME, row?.name], [TITLE, row?.title], [PATH, path], [SHA256, sha256]].every(([pattern, text]) => typeof text === 'string' && pattern.test(text)) && Number.isSafeInteger(bytes);
}
