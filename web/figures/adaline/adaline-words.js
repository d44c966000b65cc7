/**
 * What an Adaline is, in words, for those who ask.
 *
 * @module
 */

import { html } from 'lit';

export const WORDS = html`
  <h3>Adaline, 1960</h3>
  <p>The adaptive linear neuron of Widrow and Hoff: a sum of 64 cells, each with a weight, and a bias. There is one neuron for each letter, no layer between, and nothing that bends the sum. The largest sum wins.</p>
  <h3>The delta rule</h3>
  <p>Each neuron is to answer +1 to its own letter and −1 to all others. After every letter each weight moves against the slope of that letter’s squared error: it is gradient descent, one example at a time, with all weights zero at first. No error has to go back through a layer, for there is none: that came 26 years later, and is what the rest of glassnet is about.</p>
  <h3>The pictures</h3>
  <p>Blue: ink speaks for this letter. Orange: ink speaks against it. The frame is the score for what is on the paper. Too large a rate, and each step overshoots: try 0.02.</p>
  <h3>Damage</h3>
  <p>A sum of many cells does not hang on one of them, so a letter with a few cells flipped is often recognised all the same. The curve tells how many it bears.</p>
`;
