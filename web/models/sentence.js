/**
 * What a training page is doing, in one sentence.
 *
 * @module
 */

import { count, megabytes, percent } from './words.js';

/**
 * @typedef {import('../python/client.js').Seen} Seen
 * @typedef {import('../python/protocol.js').Failure} Failure
 *
 * @typedef {object} Situation
 * @property {import('../python/client.js').State} phase
 * @property {{stage: import('../python/protocol.js').Stage, loaded: number, total: number}|null} progress of Python
 * @property {{loaded: number, total: number}} fetched bytes of the digits to learn from
 * @property {{python: number, digits: number}|null} size
 * @property {boolean} wanted whether training was asked for already
 * @property {number} arrived test digits that can be looked at
 * @property {Seen|null} frame
 * @property {Failure|null} mishap why Python stopped, until it is there again
 * @property {number|null} checkpoint the step that the run can be raised again from
 * @property {string} told what became of the run when Python had stopped
 * @property {{step: number, steps: number}|null} recorded where in the recorded run, if that is what is shown
 * @property {boolean} unrecorded whether there is a recorded run, but of other settings
 * @property {number|null} accuracy on the test digits, at the last evaluation
 */

/** @param {Situation} situation @returns {{about: string, text: string}} what the sentence is about, and the sentence */
export function sentence(situation) {
  const { recorded, phase, mishap, told } = situation;
  const now = live(situation);
  const { about, text } = told && phase === 'ready' ? { about: `${now.about} ${told}`, text: `${told} ${now.text}` } : now;
  if (mishap) return { about, text };
  if (!recorded || phase === 'failed') return { about, text };
  const where = `Recorded run, step ${count(recorded.step)} of ${count(recorded.steps)}.`;
  return { about: `${about} recorded`, text: about.startsWith('idle') ? `${text} Until then: the recorded run.` : `${where} ${text}` };
}

/** @param {Situation} situation @returns {{about: string, text: string}} */
function live(situation) {
  const { phase, frame, size, wanted, arrived, fetched } = situation;
  if (!arrived) return { about: 'opening', text: 'Getting the first digits.' };
  if (phase === 'off') {
    const cost = size ? `: ${megabytes(size.python)} of Python, ${megabytes(size.digits)} of digits` : '';
    const bare = situation.unrecorded ? 'Untrained: no run with these settings has been recorded. ' : '';
    return { about: 'off', text: `${bare}${count(arrived)} digits to look at; Start loads the rest${cost}.` };
  }
  if (phase === 'failed') return { about: 'failed', text: failed(situation) };
  const then = wanted ? ' Training begins when it is here.' : '';
  if (phase === 'loading' && situation.mishap) return { about: 'restarting', text: `Python stopped: ${situation.mishap.message}. It is being started again.` };
  if (phase === 'loading') return { about: `loading ${wanted}`, text: loading(situation) + then };
  if (fetched.loaded < fetched.total) {
    const text = `Getting the digits to learn from: ${megabytes(fetched.loaded)} of ${megabytes(fetched.total)}.`;
    if (frame?.step) return { about: `digits ${frame.step}`, text: `${count(frame.step)} steps are taken. ${text}` };
    return { about: `digits ${wanted}`, text: text + (wanted || frame?.state === 'running' ? ' Training begins when they are here.' : '') };
  }
  return frame ? { about: `${frame.state} ${frame.generation}`, text: training(frame, situation) } : { about: 'ready', text: 'Python is ready.' };
}

/** @param {Situation} situation */
function loading({ progress }) {
  switch (progress?.stage) {
    case 'download':
      return `Getting Python: ${megabytes(progress.loaded)} of ${megabytes(progress.total)}. Digits can be looked at meanwhile.`;
    case 'interpreter':
      return 'Python is here and starts.';
    case 'packages':
      return 'Python runs and loads numpy and glassnet.';
    default:
      return 'Getting Python.';
  }
}

/** @param {Situation} situation */
function failed({ mishap, checkpoint, frame }) {
  if (!mishap) return 'Python did not start. The digits can still be looked at.';
  const from = checkpoint ? `goes on from step ${count(checkpoint)}` : 'begins anew';
  return `Python stopped again${frame?.step ? ` at step ${count(frame.step)}` : ''}. When it is tried again, the run ${from}.`;
}

/** @param {Seen} frame @param {Situation} situation */
function training({ state, step, epoch, batch, stopped, description }, { accuracy }) {
  const { config, batches, data } = description;
  const where = `epoch ${Math.min(epoch + 1, config.epochs)}, batch ${count(batch)} of ${count(batches)}`;
  switch (state) {
    case 'running': {
      // How far it is is said once, beside the bar.
      const tests = data.chosen.test ? `the ${count(data.chosen.test.count)} chosen test digits` : 'the test digits';
      return accuracy === null ? 'Training.' : `Training: ${percent(accuracy, 1)} of ${tests} right.`;
    }
    case 'paused':
      // The last batch of an epoch is taken before the epoch counts as completed.
      return `Paused ${batch === batches || !batch ? `after epoch ${batch ? epoch + 1 : epoch}` : `at ${where}`}. Start goes on from here.`;
    case 'finished':
      return `Finished at step ${count(step)}${stopped ? `: ${stopped}` : ''}. Reset begins again.`;
    default:
      return 'Ready: Start trains a network of random weights.';
  }
}

/** What computes, for those who point at the sentence. @param {Record<string, string>|null} versions @param {Seen|null} frame */
export function means(versions, frame) {
  if (!versions) return '';
  const engine = frame?.description.engine ?? 'none yet';
  return `Python ${versions.python}, numpy ${versions.numpy}, engine ${engine === 'simd' ? `simd ${versions.simd}` : engine}`;
}
