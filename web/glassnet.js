/**
 * glassnet on other people's pages: `<script async type="module" src="…/glassnet.js"></script>`, and
 * each `<figure data-glassnet="train">` comes to life when it is near the screen, in a frame of the
 * site that this script came from; so do `<glass-network>`, `<glass-train>`, `<glass-browse>` and
 * `<glass-race>`, without a frame. All of them share one Python. What an element needs is fetched when the first of its kind
 * is in the document. Without a document (in Node) nothing happens.
 *
 * @module
 */

import { Post } from './embed/post.js';
import { Entry, share } from './python/enter.js';
import { download, expected } from './wire/download.js';
import { pageAt, placeOf } from './wire/places.js';

/** Of two scripts of one site on a page, the first is at work. */
const HERE = Symbol.for(`glassnet: ${pageAt('')}`);

/** The first script on a page, of whatever site and version, brings all elements: two of one name cannot be. */
const FIRST = Symbol.for('glassnet: brings elements');

/** @type {Map<string, Promise<void>>} by tag */
const loading = new Map();

/**
 * Defines an element, for those in shadow roots, where nobody looks for them.
 *
 * @param {string} tag `glass-network`, `glass-train`, `glass-browse` or `glass-race`
 * @returns {Promise<void>} rejected with an error that names the file which is at fault
 */
export function define(tag) {
  const parts = __FIGURES__[tag];
  if (!parts) return Promise.reject(new Error(`glassnet has no <${tag}>; it has ${Object.keys(__FIGURES__).join(', ')}`));
  const first = /** @type {{[FIRST]?: typeof define}} */ (globalThis)[FIRST];
  if (first && first !== define) return first(tag);
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

/** Begins with what is in the document. @param {Post} post */
function look(post) {
  post.look();
  for (const tag of Object.keys(__FIGURES__)) {
    if (!loading.has(tag) && document.querySelector(tag)) define(tag).catch((error) => tell(tag, error));
  }
}

/** A hidden frame of the site holds the Python of all figures. @param {Post} post */
function shareOne(post) {
  const site = new URL(pageAt(''));
  if (site.origin === location.origin) return; // at home each page has its own
  const find = async () => /** @type {Window|undefined} */ (/** @type {any} */ (window.frames)[await post.room()]) ?? null;
  share(() => new Entry(find, site.origin));
}

if (typeof document !== 'undefined' && !(HERE in globalThis)) {
  const post = new Post(pageAt(''));
  Object.assign(globalThis, { [HERE]: true, [FIRST]: /** @type {any} */ (globalThis)[FIRST] ?? define });
  shareOne(post);
  new MutationObserver(() => look(post)).observe(document, { childList: true, subtree: true });
  look(post);
}
