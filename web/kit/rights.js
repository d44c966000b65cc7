/**
 * What the page around a frame has not allowed it, as far as that can be known. A control that needs it
 * says so, instead of doing nothing.
 *
 * A frame reads its own sandbox only if the page around is of its origin, or has our script, which
 * tells (pages/frame.js). Without either it knows one thing: that it has no origin, so that there is a
 * sandbox; nothing tells it then whether downloads or new pages are among what is allowed.
 *
 * @module
 */

/** @typedef {'downloads'|'popups'|'same-origin'} Word of a sandbox, after `allow-` */
/** @typedef {'yes'|'no'|'unknown'} Known */

/** What each is for, at the beginning of a sentence. */
const FOR = { downloads: 'Saving', popups: 'Opening pages', 'same-origin': 'Keeping runs for other pages' };

/** Whether there is a page around. */
export const isFramed = () => window.parent !== window;

/** @returns {string|null|undefined} the frame's sandbox; null: it has none; undefined: it is not known */
function sandbox() {
  if (!isFramed()) return null;
  try {
    if (window.frameElement) return window.frameElement.getAttribute('sandbox');
  } catch {
    // Of another origin.
  }
  return document.documentElement.dataset.sandbox;
}

/** @param {Word} word @returns {Known} whether the frame has it */
export function allows(word) {
  const opaque = window.origin === 'null';
  if (word === 'same-origin') return opaque ? 'no' : 'yes';
  const told = sandbox();
  if (told === undefined) return 'unknown';
  return told === null || told.split(/\s+/).includes(`allow-${word}`) ? 'yes' : 'no';
}

/** @param {Word} word @returns {string} a sentence beside a control that needs it; empty: nothing speaks against it */
export function lacks(word) {
  const known = allows(word);
  if (known === 'no') return `${FOR[word]} needs allow-${word} on this frame, which it does not have.`;
  return known === 'unknown' && window.origin === 'null' ? `${FOR[word]} needs allow-${word} on this frame.` : '';
}

/** @param {string} name of a file that was handed to the browser, which does not say what it did with it */
export function saved(name) {
  const known = allows('downloads');
  if (known === 'no') return `${name} was not saved: this frame has no allow-downloads.`;
  return known === 'yes' ? `Saved as ${name}.` : `Saved as ${name}, if this frame has allow-downloads; without that no file comes.`;
}

/** @returns {string} why the page could not copy */
export function uncopied() {
  return isFramed() && mayCopy() !== true ? 'Copying needs allow="clipboard-write" on this frame' : 'This browser does not let the page copy';
}

/** @returns {boolean|null} null: this browser does not tell */
function mayCopy() {
  const { permissionsPolicy, featurePolicy } = /** @type {any} */ (document);
  return (permissionsPolicy ?? featurePolicy)?.allowsFeature('clipboard-write') ?? null;
}

/** @returns {string} a sentence beside what copies */
export function copyLacks() {
  return isFramed() && mayCopy() === false ? `${uncopied()}.` : '';
}

/** Opens a page of ours beside this one. @param {string} href @returns {string} why it did not open; empty if it did, or nobody can tell */
export function openPage(href) {
  const tried = isFramed() && allows('popups') !== 'yes'; // with `noopener` the answer is the same whether it opens or not
  const other = window.open(href, '_blank', tried ? '' : 'noopener');
  return tried && !other ? `Opening pages needs allow-popups on this frame, which it does not have. This one is at ${href}` : '';
}

/** For a link that opens one: where that is not allowed, a link does nothing, and tells nobody. @param {MouseEvent} event a click on it @param {(words: string) => void} tell */
export function followLink(event, tell) {
  if (!isFramed()) return;
  event.preventDefault();
  tell(openPage(/** @type {HTMLAnchorElement} */ (event.currentTarget).href));
}
