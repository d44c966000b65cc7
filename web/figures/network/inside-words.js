/**
 * What the network page says of each stop: a short text in the words of the learn page, and what
 * each part of the page is.
 *
 * @module
 */

import { html } from 'lit';
import { lastPart } from '../../models/stops.js';

/** By the last part of an array's name. @type {Record<string, string>} */
const FORWARD = {
  x: 'The digit goes in as numbers, one a pixel: 0 is paper, 1 is full ink. Nothing else is known of it.',
  y: 'What the answer should be: 1 at the right class, 0 at all others. The network is not shown this; only the loss is.',
  s: 'A convolution looks through a small window. What the window sees at each of its positions is laid out as a row, so that one matrix product does the rest.',
  z: 'Each unit multiplies what comes in by its weights, adds it all up, and adds its bias.',
  a: 'The activation bends each sum. Without a bend, two layers would be no more than one.',
  mask: 'While training, dropout silences some units at random and makes the others louder. Outside of training it does nothing.',
  winner: 'Of each window, which number was the largest: only that one will hear of the loss.',
  mean: 'The mean of each channel over the batch. Here the batch is one digit.',
  var: 'The variance of each channel over the batch.',
  xhat: 'Each channel is brought to mean 0 and variance 1.',
  loss: 'One number says how wrong the answer is. All that follows is about making it smaller.',
};

/** @type {Record<string, string>} */
const BACKWARD = {
  delta: 'How the loss would change if one of these sums grew a little: positive means that growing makes it worse.',
  da: 'What the next layer asks of this one: how the loss depends on each of its answers, through all the weights that they go into.',
  dx: 'What this layer passes back to the one before it.',
  ds: 'What is asked of each place of each window, before the windows are laid over each other again.',
  'weight.gradient': 'Each weight’s share of the loss: the delta of its unit times what came in through it. Where no ink came in, there is nothing to learn.',
  'bias.gradient': 'A bias has an input that is always 1, so its gradient is its unit’s delta.',
};

/** @type {Record<string, string>} */
const UPDATE = {
  weight: 'Each weight takes a small step against its gradient. The tiles show what that has changed.',
  bias: 'So does each bias.',
};

/** @param {import('../../python/protocol.js').Quantity} quantity @param {{fused: boolean, last: boolean}} where @returns {string} */
export function aboutStop({ name, phase }, { fused, last }) {
  const part = lastPart(name);
  if (phase === 'update') return UPDATE[part] ?? 'What the optimiser remembers from step to step.';
  if (part === 'delta' && last && fused) return 'Here backpropagation begins. Softmax and cross-entropy together have the simplest slope there is: what the network said, less what it should have said.';
  return BACKWARD[part] ?? FORWARD[part] ?? '';
}

export const words = {
  network: html`<p>Digits go in at the left; each layer is a column; the answer comes out at the right. Orange is negative, blue positive, and the range is printed above each picture.</p><p>Point at any number: what it was made from is outlined, what it will feed is dashed. Pick one, and its formula stands there with its own numbers. A dashed frame is a gradient. Tiles are incoming weights, and their frames glow with their unit’s answer; on the way back, with its delta.</p>`,
  stops: html`<p>One training step of the real code, array by array. Play, or step forwards and backwards: <kbd>.</kbd> and <kbd>,</kbd>. Every stop is an address that can be linked to.</p>`,
};
