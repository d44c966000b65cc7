/**
 * The colours of styles/tokens.css as numbers, for drawing on canvases; and the news that they have
 * changed, because the visitor or the system chose another theme, or the page is being printed.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { CLASS_COLOURS } from '../draw/colour.js';

/** @typedef {import('../draw/colour.js').RGB} RGB */

const TOKENS = /** @type {const} */ ({
  page: '--page',
  panel: '--panel',
  ink: '--ink',
  muted: '--muted',
  line: '--line',
  hairline: '--hairline',
  negative: '--negative',
  zero: '--zero',
  positive: '--positive',
  pixelZero: '--pixel-zero',
  pixelOne: '--pixel-one',
});

/** One a class. */
const CLASSES = Array.from({ length: CLASS_COLOURS }, (_, label) => `--class-${label}`);

/** @typedef {keyof typeof TOKENS} Token */
/** @typedef {Record<Token, RGB> & {classes: RGB[]}} Palette */

const PAPER = 'print';
const CAUSES = [PAPER, '(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'];

/** @type {AbortController|null} */
let listening = null;

/** Counts the changes of theme, paper being one. It listens only while somebody reads it in an effect. */
export const scheme = signal(0, {
  watched() {
    listening = new AbortController();
    const changed = () => void (scheme.value = scheme.peek() + 1);
    for (const cause of CAUSES) matchMedia(cause).addEventListener('change', changed, listening);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributes: true }); // whichever a page has its theme in
    listening.signal.addEventListener('abort', () => observer.disconnect());
  },
  unwatched() {
    listening?.abort();
  },
});

/** @returns {boolean} whether the page is being printed: ink on white paper, far finer than a screen */
export function onPaper() {
  return matchMedia(PAPER).matches;
}

/** Colours read before, by their notation and the scheme they were read under. @type {Map<string, RGB>} */
const known = new Map();

/** @param {Element} element @returns {Palette} the colours that hold where this element is */
export function paletteAt(element) {
  const style = getComputedStyle(element);
  /** @param {string} token */
  const read = (token) => {
    // What a notation means depends on the scheme, and a system colour keeps its name when it changes.
    const key = [style.getPropertyValue(token), style.colorScheme, scheme.peek()].join(' ');
    const colour = known.get(key) ?? parse(resolve(token, element));
    known.set(key, colour);
    return colour;
  };
  const entries = Object.entries(TOKENS).map(([name, token]) => [name, read(token)]);
  /** @type {RGB[]|null} */
  let classes = null;
  const lazy = { get classes() { return (classes ??= CLASSES.map(read)); } }; // few figures need them
  return /** @type {Palette} */ (Object.assign(lazy, Object.fromEntries(entries)));
}

/**
 * Lets the browser choose between light and dark: only where a property is used does `light-dark()`
 * become a colour.
 *
 * @param {string} token
 * @param {Element} element
 */
function resolve(token, element) {
  const probe = document.createElement('i');
  probe.style.color = `var(${token})`;
  probe.style.setProperty('forced-color-adjust', 'none');
  (element.shadowRoot ?? element).append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * Lets the browser itself read a colour, so that system colours and every notation work.
 *
 * @param {string} text
 * @returns {RGB}
 */
function parse(text) {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return [0, 0, 0];
  context.fillStyle = text;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
