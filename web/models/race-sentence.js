/**
 * What an engine race is doing, in one sentence; and its numbers in words.
 *
 * @module
 */

import { count, megabytes } from './words.js';

/** @param {import('./race.js').Race} race @returns {{about: string, text: string}} what the sentence is about, and the sentence */
export function raceSentence({ phase, progress, frame, size, wanted }) {
  const now = frame.value;
  if (phase.value === 'loading' || (phase.value === 'ready' && !now)) {
    const then = wanted.value ? ' Then they start.' : '';
    if (progress.value?.stage === 'download') {
      return { about: 'loading', text: `Getting Python: ${megabytes(progress.value.loaded)} of ${megabytes(progress.value.total)}.${then}` };
    }
    return { about: 'starting', text: `Python is here and starts.${then}` };
  }
  if (!now) {
    const cost = size.value ? ` Start loads ${megabytes(size.value.python)} of Python and ${megabytes(size.value.digits)} of digits, which the browser then keeps.` : '';
    return { about: 'off', text: `Nothing runs yet.${cost}` };
  }
  const [first, ...others] = now.lanes.filter((lane) => lane.available);
  const behind = others.map(({ engine, step }) => `${engine} ${count(step)}`).join(', ');
  const where = `${first.engine} has taken ${count(first.step)} of ${count(now.steps)} steps, ${behind}`;
  const about = `${now.state} ${now.race}`;
  switch (now.state) {
    case 'running':
      return { about, text: `Racing: ${where}. They learn from the same ${count(now.train)} digits, and take turns: whoever has computed least goes next.` };
    case 'paused':
      return { about, text: `Paused: ${where}. Start goes on from here.` };
    case 'finished':
      return { about, text: `All are at step ${count(now.steps)}. Reset begins another race.` };
    default:
      return { about, text: `Ready: every engine has the same network and the same ${count(now.train)} digits. Start begins.` };
  }
}

/** @param {number} ratio @returns {string} `2.4` or `386` */
export function times(ratio) {
  return ratio < 9.95 ? ratio.toFixed(1) : count(ratio);
}

/** @param {number} value @returns {string} `3 × 10⁻⁷` */
export function exponential(value) {
  const [digits, power] = value.toExponential(0).split('e');
  const raised = Array.from(power, (sign) => (sign === '-' ? '⁻' : sign === '+' ? '' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)])).join('');
  return `${digits} × 10${raised}`;
}
