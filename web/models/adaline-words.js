/**
 * What an Adaline is doing, and what it takes a letter for, in sentences.
 *
 * @module
 */

import { exponential } from './race-sentence.js';
import { count, megabytes, signed } from './words.js';

/** @typedef {import('./adaline.js').Adaline} Adaline */

/** The error at which training ends (glassnet.adaline.TARGET). */
const POWER = '10⁻⁶';

/** @param {Adaline} adaline @returns {{about: string, text: string}} what the sentence is about, and the sentence */
export function adalineSentence({ interpreter, wanted, errors, reached, single, size, letters, untrained, diverged, recorded }) {
  const { phase, progress, mishap } = interpreter;
  const passes = errors.value.length;
  const error = passes ? errorIn(errors.value[passes - 1]) : '';
  if (mishap.value) return { about: `stopped ${phase.value}`, text: `Python stopped: ${mishap.value.message}. The weights are kept here, and go on from there.` };
  if (phase.value === 'loading') {
    const { stage, loaded = 0, total = 0 } = progress.value ?? {};
    if (stage === 'download') return { about: 'loading', text: `Getting Python: ${megabytes(loaded)} of ${megabytes(total)}. Then it trains.` };
    return { about: 'starting', text: 'Python is here and starts.' };
  }
  const cost = phase.value === 'off' && size.value ? `; that loads Python, ${megabytes(size.value)}, which the browser then keeps` : '';
  if (recorded.value && !wanted.value) return { about: 'recorded', text: `Recorded: these weights were learned in ${passesIn(passes)} by the same package, when this site was built. Draw on the letter, or damage it. Train begins at zero${cost}.` };
  const known = `${count(letters.learned.value.length)} letters of ${count(letters.classes.value.length)} classes`;
  if (diverged.value) return { about: 'diverged', text: 'The error grew beyond all numbers: each step overshot. Choose a smaller rate, and Reset.' };
  if (wanted.value) return { about: 'training', text: passes ? `Training: pass ${count(passes)} over ${known}, mean squared error ${error}.` : `Training begins, on ${known}.` };
  if (single.value) return { about: `single ${single.value.error}`, text: `Learned what is on the paper as ${single.value.label}, once: its squared error was ${errorIn(single.value.error)}.` };
  if (reached.value) return { about: 'reached', text: `Trained: after ${passesIn(passes)} the mean squared error is below ${POWER}, and training ends. Damage the letter, and see when it is mistaken.` };
  if (passes) return { about: `paused ${passes}`, text: `Paused after ${passesIn(passes)} over ${known}, mean squared error ${error}. Start goes on from here.` };
  if (!untrained.value) return { about: 'paused', text: 'Paused. Start goes on from here.' };
  return { about: 'off', text: `All weights are zero, so no letter is known yet. Train begins${cost}.` };
}

/** @param {Adaline} adaline @returns {string} what is on the paper, to this Adaline */
export function verdict({ scores, order, letters: { classes, letter }, untrained }) {
  if (untrained.value) return 'Every score is 0: nothing has been learned yet.';
  const [first, second] = order.value;
  const say = (/** @type {number} */ k) => `${classes.value[k]}, score ${signed(scores.value[k])}`;
  const right = classes.value[first] === letter.value.label;
  const meant = right ? 'as it is meant' : `though ${letter.value.label} is meant`;
  return `Taken for ${say(first)}, ${meant}.${second === undefined ? '' : ` Next is ${say(second)}.`}`;
}

/** @param {number} passes */
function passesIn(passes) {
  return passes === 1 ? '1 pass' : `${count(passes)} passes`;
}

/** @param {number} error @returns {string} `10.39` or `7 × 10⁻⁶` */
export function errorIn(error) {
  return error >= 0.01 && error < 1000 ? signed(error) : exponential(error);
}
