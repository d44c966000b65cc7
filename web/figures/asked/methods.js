/**
 * What figures are asked by the pages they are on: whether they are ready, what they show, in words
 * and as a picture; and to open a part of themselves.
 *
 * @module
 */

import { snapshot } from '../../kit/snapshot.js';
import { all, seen, words } from './within.js';

export { inspect } from './inspect.js';

/** @typedef {{type?: string, part?: string, scale?: number}} PictureOptions */

const TYPES = ['image/png', 'image/svg+xml'];
/** How many pixels a CSS pixel may become: a picture is to fit into memory. */
const MOST = 4;
/** Between two charts that become one drawing. */
const GAP = 12;

/** Settled when there is something to see. @param {HTMLElement} element @returns {Promise<void>} rejected with what is wrong */
export function ready(element) {
  return new Promise((resolve, reject) => {
    const look = (/** @type {string|null} */ status, words = 'the figure says what is wrong') => {
      if (status === 'ready' || status === 'running') resolve();
      else if (status === 'failed') reject(new Error(words));
      else return;
      element.removeEventListener('glass-status', hear);
    };
    const hear = (/** @type {Event} */ event) => {
      const { status, words } = /** @type {CustomEvent<{status: string, words: string}>} */ (event).detail;
      look(status, words);
    };
    element.addEventListener('glass-status', hear);
    look(element.getAttribute('status'));
  });
}

/** @param {HTMLElement} element @returns {string} what it shows, as somebody would be told who does not see it */
export function describe(element) {
  const cards = all(element, 'glass-card').filter(seen).map((card) => /** @type {any} */ (card).heading);
  const says = [...all(element, 'glass-status').map((one) => /** @type {any} */ (one).sentence), ...all(element, '.say, [role=row][data-engine], .wall > .told:not([hidden]), .foot > p').map(words)];
  const wall = all(element, 'glass-plane').flatMap((plane) => [...all(plane, '[role=listbox]').map((one) => one.getAttribute('aria-label')?.split('. ')[0]), ...all(plane, '[role=option]').map(words)]);
  return [...cards, ...wall, ...says]
    .map((one) => String(one ?? '').trim())
    .filter(Boolean)
    .map((one) => (/[.?!]$/.test(one) ? one : `${one}.`))
    .join(' ');
}

/**
 * @param {HTMLElement} element
 * @param {PictureOptions} [options] `part`: of its parts (`controls`) this one alone; `scale`: pixels of the picture in a CSS pixel, the screen's if nothing is said
 * @returns {Promise<Blob>} rejected if there is nothing to see
 */
export async function toBlob(element, { type = 'image/png', part, scale = devicePixelRatio || 1 } = {}) {
  if (!TYPES.includes(type)) throw new Error(`a picture is ${TYPES.join(' or ')}, not ${type}`);
  if (!(scale > 0 && scale <= MOST)) throw new Error(`scale is more than 0 and at most ${MOST}, not ${scale}`);
  const subject = part === undefined ? element : all(element, '[part]').find((one) => one.getAttribute('part') === part && seen(one));
  if (!subject) throw new Error(`<${element.localName}> shows no part ${JSON.stringify(part)}`);
  await drawn(element);
  const blob = type === 'image/png' ? await snapshot(subject, getComputedStyle(element).backgroundColor, scale) : drawing(subject, describe(element));
  if (!blob) throw new Error(type === 'image/png' ? 'there is no picture yet' : `there is no drawing of lines here: only curves are drawn as ${type}`);
  return blob;
}

/** What is far from the screen has not been drawn, or not as it stands now. @param {HTMLElement} element */
async function drawn(element) {
  /** @type {Promise<unknown>[]} */
  const waits = [];
  for (const one of [element, ...all(element, '*')]) one.dispatchEvent(new CustomEvent('glass-draw', { detail: { waits } }));
  await Promise.all(waits);
  if (waits.length) await new Promise((resolve) => setTimeout(resolve)); // charts take their data a little later
}

/** Its charts, one below another. @param {Element} subject @param {string} told in words */
function drawing(subject, told) {
  const cards = /** @type {import('../../kit/glass-card.js').GlassCard[]} */ (subject.localName === 'glass-card' ? [subject] : all(subject, 'glass-card'));
  const drawn = cards.flatMap((card) => (seen(card) && card.drawing?.()) || []).map((text) => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement);
  if (!drawn.length) return null;
  const [width, ...heights] = [Math.max(...drawn.map((svg) => Number(svg.getAttribute('width')))), ...drawn.map((svg) => Number(svg.getAttribute('height')))];
  const whole = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const height = heights.reduce((sum, one) => sum + one + GAP, -GAP);
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' })) whole.setAttribute(name, String(value));
  const title = document.createElementNS(whole.namespaceURI, 'title');
  title.textContent = told;
  whole.append(title);
  let top = 0;
  drawn.forEach((svg, k) => {
    svg.setAttribute('y', String(top));
    whole.append(svg);
    top += heights[k] + GAP;
  });
  return new Blob([new XMLSerializer().serializeToString(whole)], { type: 'image/svg+xml' });
}
