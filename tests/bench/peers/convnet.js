/** ConvNetJS: one Vol an example, and a trainer that updates after each batch. */

import convnetjs from 'convnetjs';
import { largest, serve } from './serve.js';

/** @typedef {import('./serve.js').Task} Task @typedef {import('./serve.js').Digits} Digits */

const HIDDEN = {
  W1: [
    { type: 'fc', num_neurons: 36, activation: 'sigmoid' },
    { type: 'fc', num_neurons: 10, activation: 'sigmoid' },
    { type: 'regression', num_neurons: 10 },
  ],
  W2: [
    { type: 'fc', num_neurons: 128, activation: 'relu' },
    { type: 'softmax', num_classes: 10 },
  ],
  W3: [
    { type: 'conv', sx: 5, filters: 8, stride: 1, pad: 2, activation: 'relu' },
    { type: 'pool', sx: 2, stride: 2 },
    { type: 'conv', sx: 5, filters: 16, stride: 1, pad: 2, activation: 'relu' },
    { type: 'pool', sx: 3, stride: 3 },
    { type: 'softmax', num_classes: 10 },
  ],
};

serve((task) => {
  const { batch, side, momentum, rate, train } = task;
  const shape = task.name === 'W3' ? [side, side] : [1, 1];
  const size = side * side;
  const net = new convnetjs.Net();
  net.makeLayers([{ type: 'input', out_sx: shape[0], out_sy: shape[1], out_depth: size / shape[0] / shape[1] }, ...HIDDEN[task.name]]);
  // It puts a linear layer before a regression; ours ends with the sigmoids.
  if (task.name === 'W1') net.layers.splice(-2, 1);
  begin(net, task);
  const trainer = new convnetjs.SGDTrainer(net, { method: 'sgd', learning_rate: rate, momentum, batch_size: batch, l2_decay: 0 });
  const volume = new convnetjs.Vol(shape[0], shape[1], size / shape[0] / shape[1], 0);
  const image = (/** @type {Digits} */ digits, /** @type {number} */ index) => {
    volume.w.set(digits.images.subarray(index * size, (index + 1) * size));
    return volume;
  };
  const targets = Array.from({ length: 10 }, (_, digit) => Array.from({ length: 10 }, (_, unit) => Number(unit === digit)));

  return {
    train(steps) {
      for (let index = 0; index < steps * batch; index++) {
        const label = train.labels[index];
        trainer.train(image(train, index), task.name === 'W1' ? targets[label] : label);
      }
    },
    read: (digits) => Array.from({ length: digits.count }, (_, index) => largest(net.forward(image(digits, index)).w, 10)[0]),
  };
});

/** Puts the common first weights in. @param {any} net @param {Task} task */
function begin(net, { parameters }) {
  const layers = net.layers.filter((/** @type {any} */ layer) => layer.filters);
  layers.forEach((/** @type {any} */ layer, /** @type {number} */ index) => {
    const [weight, bias] = parameters.slice(2 * index, 2 * index + 2);
    const size = weight.values.length / weight.shape[0];
    layer.filters.forEach((/** @type {any} */ filter, /** @type {number} */ unit) =>
      filter.w.set(weight.values.subarray(unit * size, (unit + 1) * size)),
    );
    layer.biases.w.set(bias.values);
  });
}
