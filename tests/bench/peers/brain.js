/**
 * brain.js: it updates after every example, always with some momentum, and knows one activation for
 * all layers and only squared error; so its W2 is ReLU throughout. It has no convolutions.
 */

import { NeuralNetwork } from 'brain.js/browser.js';
import { largest, serve } from './serve.js';

/** @typedef {import('./serve.js').Digits} Digits */

/** An update after each example is to an update a batch as the rate is to rate / batch. */
const RATES = { W1: 0.3, W2: 0.01 };

serve((task) => {
  const { batch, train, parameters } = task;
  const hidden = parameters[0].shape[0];
  const size = task.side * task.side;
  const net = new NeuralNetwork({ hiddenLayers: [hidden], activation: task.name === 'W1' ? 'sigmoid' : 'relu' });
  const image = (/** @type {Digits} */ digits, /** @type {number} */ index) => digits.images.subarray(index * size, (index + 1) * size);
  const targets = Array.from({ length: 10 }, (_, digit) => Array.from({ length: 10 }, (_, unit) => Number(unit === digit)));
  const example = (/** @type {number} */ index) => ({ input: image(train, index), output: targets[train.labels[index]] });
  const options = { iterations: 1, learningRate: RATES[task.name], errorThresh: 1e-9 };
  net.sizes = [size, hidden, 10];
  net.initialize();
  for (const layer of [1, 2]) {
    const [weight, bias] = parameters.slice(2 * layer - 2, 2 * layer);
    const inputs = weight.shape[1];
    net.weights[layer] = Array.from({ length: weight.shape[0] }, (_, unit) => weight.values.slice(unit * inputs, (unit + 1) * inputs));
    net.biases[layer] = bias.values.slice();
  }

  return {
    train: (steps) => void net.train(Array.from({ length: steps * batch }, (_, index) => example(index)), options),
    read: (digits) => Array.from({ length: digits.count }, (_, index) => largest(net.run(image(digits, index)), 10)[0]),
  };
});
