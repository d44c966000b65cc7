/**
 * glassnet on other people's pages: `<script async type="module" src="…/glassnet.js"></script>`, and
 * each `<figure data-glassnet="train">` comes to life when it is near the screen, in a frame of the
 * site that this script came from; so do `<glass-network>`, `<glass-train>`, `<glass-browse>` and
 * `<glass-race>`, without a frame. All of them share one Python. What an element needs is fetched when
 * the first of its kind is near. Without a document (in Node) nothing happens.
 *
 * @module
 */

import { Elements } from './embed/elements.js';
import { Post } from './embed/post.js';
import { reachOf } from './embed/reach.js';
import { Waiting } from './embed/waiting.js';
import { Entry, share } from './python/enter.js';
import { download, expected } from './wire/download.js';
import { pageAt, placeOf } from './wire/places.js';

/** Of two scripts of one site on a page, the first is at work; its figures' post is there for a widget of ours (glassnet-widget.js). */
const HERE = Symbol.for(`glassnet: ${pageAt('')}`);

/** The first script on a page, of whatever site and version, brings all elements: two of one name cannot be. */
const FIRST = Symbol.for('glassnet: brings elements');

/** Elements that it knows. */
const TAGS = Object.keys(__FIGURES__);

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
  if (!parts) return Promise.reject(new Error(`glassnet has no <${tag}>; it has ${TAGS.join(', ')}`));
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

/**
 * The methods of a figure, of whatever kind it is; it comes to life for them. Each answers with a promise.
 *
 *     await reach(document.querySelector('figure')).inspect({ layer: 0, unit: 7 });
 *
 * @param {Element} element `<glass-…>`, `<figure data-glassnet>`, or an `<iframe>` of `frame.html`
 * @returns {import('./embed/reach.js').Figure}
 */
export function reach(element) {
  return reachOf(element, async (one) => {
    /** @type {any} */ (globalThis)[Symbol.for('glassnet: waits')]?.wake(one);
    await define(one.localName);
    return one;
  });
}

/** Puts a picture where a figure will be. @param {HTMLElement} element @param {string} kind */
async function picture(element, kind) {
  const address = pageAt('posters.js'); // no part of this script: most figures have their picture in the text
  const { poster } = await import(/* @vite-ignore */ address);
  const made = poster(element, kind, pageAt);
  if (!made) return;
  element.prepend(made);
  if (element.localName !== 'figure') element.addEventListener('glass-ready', () => made.remove(), { once: true }); // that of a figure is for paper, too
}

/** @param {HTMLElement} element @param {string} kind */
const poster = (element, kind) => void picture(element, kind).catch(() => {}); // what comes instead is the figure itself

/** Begins with what is in the document. @param {Post} post @param {Elements|null} elements null: another script brings them */
function look(post, elements) {
  post.look();
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(TAGS.join()))) void elements?.until(element);
}

/** A hidden frame of the site holds the Python of all figures. @param {Post} post */
function shareOne(post) {
  const site = new URL(pageAt(''));
  if (site.origin === location.origin) return; // at home each page has its own
  const find = async () => /** @type {Window|undefined} */ (/** @type {any} */ (window.frames)[await post.room()]) ?? null;
  share(() => new Entry(find, site.origin));
}

if (typeof document !== 'undefined' && !(HERE in globalThis)) {
  const waiting = new Waiting();
  const post = new Post(pageAt(''), waiting, poster);
  const first = !(FIRST in globalThis);
  Object.assign(globalThis, { [HERE]: post, [FIRST]: /** @type {any} */ (globalThis)[FIRST] ?? define });
  const elements = first ? new Elements(waiting, (tag) => void define(tag).catch((error) => tell(tag, error)), poster) : null;
  shareOne(post);
  new MutationObserver(() => look(post, elements)).observe(document, { childList: true, subtree: true });
  look(post, elements);
}
