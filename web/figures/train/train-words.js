/**
 * The words of the training page, each part's beside it.
 *
 * @module
 */

import { html } from 'lit';
import { pageAt } from '../../wire/places.js';

/** Of the network. */
export const network = html`
  <h3>The digit</h3>
  <p>28 × 28 grey pixels. The network sees each as a number from 0 (paper) to 1 (ink). It opens on one of MNIST’s test digits, none of which it is trained on; below it you can change to the training digits, which it is.</p>
  <h3>Your own digit</h3>
  <p>Draw one with a mouse, a finger or a pen. On the keyboard the arrow keys move the pen, space puts it down and lifts it, Backspace takes the last stroke back, Escape goes back. It is read while you draw, before Python is there as well as after. Since a network reads well only what looks like the digits it learned from, your drawing is treated as MNIST’s were: fitted into 20 × 20 pixels and moved so that its centre of mass lies at the centre of 28 × 28. The small picture shows the result, and that is what goes in. The strokes are in the page’s address: a link shows your drawing to others.</p>
  <h3>The tiles</h3>
  <p>36 hidden units. Each is drawn as the 784 weights it gives to the pixels: blue where ink excites it, orange where ink silences it, neutral where it does not care. The frame around a tile is its activation for this digit. Point at a tile to see it larger, beside the same weights multiplied by the digit.</p>
  <h3>The lines</h3>
  <p>What a hidden unit adds to an output is its activation times one weight. Of these 360 products the largest few are drawn: thicker is more, blue is for, orange is against.</p>
  <h3>The bars</h3>
  <p>Ten outputs, one for each digit, from 0 to 1. They are sigmoids, each of which answers for itself, so they need not add up to 1. The network reads the digit as the largest.</p>
`;

/** Of the curves. */
export const curves = html`
  <p>A step shows the network a batch of training digits, measures how far its ten outputs are from the right ones (half the squared distance), and moves every weight a little down the slope of that error, by the learning rate times the gradient. An epoch is as many steps as it takes to see every training digit once. The seed decides the first weights and the order of the digits: the same seed gives the same losses, here and on a laptop.</p>
  <p>The points on the curves are measured: the network reads all the test digits, after each epoch and at round steps in between. Reading them takes time, so at least three digits are learned from for each one that is read: with batches of ten every 3,000 steps, and in the beginning, when much happens in few steps, at 500, 1,000 and 2,000 too.</p>
`;

/** Of the digits. */
export const digits = () => html`
  <p>The network need not learn from everything. Select digits on <a href=${pageAt('browse.html')}>the wall</a> and train on these alone, or be tested on these alone: what becomes of a network that was never shown a three, or was taught by a hundred digits, or by the hardest ones? Of a selection, training digits are only ever trained on and test digits only tested on. The page’s address holds the choice, and a saved run remembers it.</p>
`;
