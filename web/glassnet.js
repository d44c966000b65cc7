/**
 * glassnet on other people's pages: `<script type="module" src="…/glassnet.js"></script>`, and
 * `<glass-train>`, `<glass-browse>` and `<glass-race>` work wherever they stand. What an element
 * needs is fetched, from where this script came from, when the first of its kind is in the document.
 * Without a document (in Node) nothing happens.
 *
 * @module
 */

import { download, expected } from './wire/download.js';
import { placeOf } from './wire/places.js';

/** @type {Map<string, Promise<void>>} by tag */
const loading = new Map();

/**
 * Defines an element, for those in shadow roots, where nobody looks for them.
 *
 * @param {string} tag `glass-train`, `glass-browse` or `glass-race`
 * @returns {Promise<void>} rejected with an error that names the file which is at fault
 */
export function define(tag) {
  const parts = __FIGURES__[tag];
  if (!parts) return Promise.reject(new Error(`glassnet has no <${tag}>; it has ${Object.keys(__FIGURES__).join(', ')}`));
  let defined = loading.get(tag);
  if (!defined) {
    defined = bring(parts.map(placeOf));
    loading.set(tag, defined);
  }
  return defined;
}

/** @param {string[]} addresses its own module's, then those of all that it imports */
async function bring(addresses) {
  await Promise.all(addresses.map((address) => download(address, expected(address))));
  await import(/* @vite-ignore */ addresses[0].split('#')[0]); // as the others import each other
}

/** @param {string} tag @param {Error} error */
function tell(tag, error) {
  console.error(error);
  for (const element of document.querySelectorAll(tag)) {
    const words = Object.assign(document.createElement('p'), { textContent: `This figure could not be shown: ${error.message}. Reload the page.` });
    words.setAttribute('role', 'alert');
    element.append(words);
  }
}

/** Begins with what is in the document. @param {MutationObserver} observer */
function look(observer) {
  const tags = Object.keys(__FIGURES__).filter((tag) => !loading.has(tag));
  if (!tags.length) observer.disconnect();
  for (const tag of tags) if (document.querySelector(tag)) define(tag).catch((error) => tell(tag, error));
}

if (typeof document !== 'undefined') {
  const observer = new MutationObserver(() => look(observer));
  observer.observe(document, { childList: true, subtree: true });
  look(observer);
}
