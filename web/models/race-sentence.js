/**
 * What an engine race is doing, in one sentence; and its numbers in words.
 *
 * @module
 */

import { STEPS } from './race.js';
import { count, duration, megabytes } from './words.js';

/** @param {import('./race.js').Race} race @returns {{about: string, text: string}} what the sentence is about, and the sentence */
export function raceSentence(race) {
  const { mishap, phase } = race.interpreter;
  if (mishap.value) {
    const then = phase.value === 'loading' ? 'It is being started again, and every engine goes on from its last checkpoint.' : 'When it is tried again, every engine goes on from its last checkpoint.';
    return { about: `stopped ${phase.value}`, text: `Python stopped: ${mishap.value.message}. ${then}` };
  }
  const { about, text } = live(race);
  const told = race.runs.map((run) => run.told.value).filter(Boolean);
  return told.length ? { about: `${about} again`, text: `Python stopped and was started again; every engine goes on from its last checkpoint. ${text}` } : { about, text };
}

/** @param {import('./race.js').Race} race @returns {{about: string, text: string}} */
function live({ interpreter: { phase, progress }, size, wanted, state, lanes, train }) {
  if (phase.value === 'loading' || (phase.value === 'ready' && state.value === 'off')) {
    const then = wanted.value ? ' Then they start.' : '';
    if (progress.value?.stage === 'download') {
      return { about: 'loading', text: `Getting Python: ${megabytes(progress.value.loaded)} of ${megabytes(progress.value.total)}.${then}` };
    }
    return { about: 'starting', text: `Python is here and starts.${then}` };
  }
  if (state.value === 'off') {
    const cost = size.value ? ` Start loads ${megabytes(size.value.python)} of Python and ${megabytes(size.value.digits)} of digits, which the browser then keeps.` : '';
    return { about: 'off', text: `A recorded race plays; none runs here yet.${cost}` };
  }
  const [first, ...others] = lanes.value.filter((lane) => lane.available);
  const behind = others.map(({ engine, step }) => `${engine} ${count(step)}`).join(', ');
  const where = `${first.engine} has taken ${count(first.step)} of ${count(STEPS)} steps, ${behind}`;
  const about = state.value;
  switch (state.value) {
    case 'running':
      return { about, text: `Racing: ${where}. ${left(lanes.value)}They learn from the same ${count(train.value)} digits, and take turns: whoever has computed least goes next.` };
    case 'paused':
      return { about, text: `Paused: ${where}. Start goes on from here.` };
    case 'finished':
      return { about, text: `All are at step ${count(STEPS)}. Reset begins another race.` };
    default:
      return { about, text: `Ready: every engine has the same network and the same ${count(train.value)} digits. Start begins.` };
  }
}

/** How long it takes until all are there: computing time adds up, for they take turns. @param {import('./race.js').Lane[]} lanes */
function left(lanes) {
  const seconds = lanes.reduce((sum, { step, seconds: own, available, stopped }) => sum + (available && !stopped && step ? ((STEPS - step) * own) / step : 0), 0);
  return seconds > 1 ? `About ${duration(seconds)} left. ` : '';
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
