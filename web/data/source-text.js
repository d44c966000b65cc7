/**
 * The package's own source, as the site's source pages have it: the lines of a file, to be shown
 * beside what they computed. Kept as text; nothing of those pages is put into another.
 *
 * @module
 */

import { LoadError } from '../wire/download.js';

/** @type {Map<string, Promise<string[]>>} */
const read = new Map();

/**
 * @param {string} address of the file's page
 * @returns {Promise<string[]>} its lines
 * @throws {LoadError}
 */
export function linesOf(address) {
  const [page] = address.split('#');
  const known = read.get(page) ?? fetchLines(page);
  read.set(page, known);
  known.catch(() => read.delete(page));
  return known;
}

/** @param {string} page @returns {Promise<string[]>} */
async function fetchLines(page) {
  const refuse = () => new LoadError('E-SOURCE', `${page} could not be read`, 'The source can be read once the page has a connection again.');
  const response = await fetch(page).catch(() => null);
  if (!response?.ok) throw refuse();
  const document = new DOMParser().parseFromString(await response.text(), 'text/html');
  const lines = Array.from(document.querySelectorAll('.source pre > span'), (line) => {
    const [number, ...rest] = line.childNodes;
    void number; // the link that carries the line's number
    return rest.map((part) => part.textContent ?? '').join('').replace(/\n$/, '');
  });
  if (!lines.length) throw refuse();
  return lines;
}
