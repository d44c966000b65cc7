/**
 * What a network of the visitor's makes of every digit, computed here: its answer, how sure it is,
 * and its loss.
 *
 * @module
 */

import { breathing } from './breath.js';
import { answer } from './network.js';

/** @typedef {{prediction: Uint8Array, confidence: Float32Array, loss: Float32Array}} Readings by id */

/** The loss of one digit, from its outputs and its label. @type {Record<string, (outputs: Float32Array, label: number) => number>} */
const LOSSES = {
  mse: (outputs, label) => outputs.reduce((sum, value, k) => sum + (value - Number(k === label)) ** 2, 0) / 2,
  cross_entropy: (outputs, label) => -Math.log(Math.max(outputs[label], 1e-12)),
};

/**
 * @param {import('./examples.js').Examples} examples
 * @param {import('./network.js').Network} network
 * @returns {Promise<Readings>}
 */
export async function readAll(examples, network) {
  const { count } = examples.about;
  const lossOf = LOSSES[network.loss] ?? (() => NaN);
  const [prediction, confidence, loss] = [new Uint8Array(count), new Float32Array(count), new Float32Array(count)];
  const breath = breathing();
  for (let id = 0; id < count; id++) {
    const outputs = answer(network, examples.pixels(id));
    let most = 0;
    for (let k = 1; k < outputs.length; k++) if (outputs[k] > outputs[most]) most = k;
    prediction[id] = most;
    confidence[id] = outputs[most];
    loss[id] = lossOf(outputs, examples.labels[id]);
    if (id % 16 === 0) await breath();
  }
  return { prediction, confidence, loss };
}
