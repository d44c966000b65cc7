/**
 * What is said of runs that are followed, and in which order they stand.
 *
 * @module
 */

import { count } from '../../models/words.js';

/**
 * @typedef {import('../../models/watched.js').Watched} Watched
 * @typedef {import('../../models/watched.js').Contact} Contact
 *
 * @typedef {object} Order
 * @property {string} by `found`, `step`, `loss`, `accuracy`, `state`, or a setting's path
 * @property {boolean} down
 */

/** Seconds without a word after which a run may have been killed. */
const QUIET = 5;

/** @param {Contact} contact @param {Watched[]} runs @returns {string} */
export function sentence(contact, runs) {
  if (contact === 'none') return 'No runs are followed here: this page is for the server that glassnet watch starts.';
  if (contact === 'refused') return 'The server tells nothing without its token: open the address that glassnet watch has printed, whole.';
  const gone = contact === 'gone' ? 'The server does not answer; it is asked again. ' : '';
  if (!runs.length) return gone || (contact === 'asking' ? 'Asking for the runs.' : 'No run has begun yet; one that does appears here.');
  const going = runs.filter(({ state }) => state === 'going').length;
  const damaged = runs.filter(({ state }) => state === 'damaged').length;
  return `${gone}${count(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}, ${going ? count(going) : 'none'} of them under way${damaged ? `; ${count(damaged)} cannot be read` : ''}.`;
}

/** @param {Watched} run @returns {string} */
export function stateWords({ state, epoch, silent }) {
  if (state === 'going') return silent > QUIET ? `silent for ${ago(silent)}` : `epoch ${epoch + 1}`;
  return { waiting: 'not begun', ended: 'ended', damaged: 'damaged' }[state];
}

/** @param {number} seconds @returns {string} roughly */
export function ago(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 129_600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** @param {string} path of a setting @returns {string} `optimizer.lr` → `lr` */
export function pathWords(path) {
  return (path.split('.').at(-1) ?? path).replaceAll('_', ' ');
}

/** @param {Watched[]} runs @param {Order} order @returns {Watched[]} those of whom it is not known last */
export function ordered(runs, { by, down }) {
  if (by === 'found') return down ? runs.toReversed() : runs;
  const value = valueOf(by);
  return runs.toSorted((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
    const numbers = [Number(one), Number(other)];
    const way = numbers.some(Number.isNaN) ? String(one).localeCompare(String(other)) : numbers[0] - numbers[1];
    return down ? -way : way;
  });
}

/** @param {string} by @returns {(run: Watched) => string|number|undefined} */
function valueOf(by) {
  if (by === 'step') return ({ step }) => step;
  if (by === 'loss') return ({ losses }) => losses.values.at(-1);
  if (by === 'accuracy') return ({ accuracies }) => accuracies.values.at(-1);
  if (by === 'state') return ({ state }) => state;
  return ({ settings }) => settings.get(by);
}
