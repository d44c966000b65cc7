/**
 * TensorFlow.js through its core API: an optimizer minimises a loss over variables, inside `tidy`.
 * Its WebAssembly backend cannot train a convolution (it lacks the gradient's kernel, tfjs #8474),
 * so W3 runs on its plain JavaScript backend.
 */

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { serve, transposed } from './serve.js';

/** @typedef {import('./serve.js').Task} Task @typedef {import('./serve.js').Digits} Digits */

setWasmPaths(new URL('./', self.location.href).href);

serve(async (task) => {
  await tf.setBackend(task.name === 'W3' ? 'cpu' : 'wasm');
  const { batch, side, momentum, rate, train } = task;
  const shape = task.name === 'W3' ? [side, side, 1] : [side * side];
  const size = side * side;
  const variables = task.parameters.map((parameter) => {
    const axes = { 1: [0], 2: [1, 0], 4: [1, 2, 3, 0] }[parameter.shape.length];
    const { values, shape: sides } = transposed(parameter, /** @type {number[]} */ (axes));
    return tf.variable(tf.tensor(values, sides));
  });
  const optimizer = momentum ? tf.train.momentum(rate, momentum) : tf.train.sgd(rate);
  const forward = { W1: sigmoids, W2: relu, W3: conv }[task.name];
  const images = (/** @type {Digits} */ digits, begin = 0, end = digits.count) =>
    tf.tensor(digits.images.subarray(begin * size, end * size), [end - begin, ...shape]);

  return {
    train(steps) {
      for (let step = 0; step < steps; step++) {
        const [begin, end] = [step * batch, (step + 1) * batch];
        tf.tidy(() => {
          const x = images(train, begin, end);
          const labels = Int32Array.from(train.labels.subarray(begin, end)); // it converts no typed array
          const y = tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), 10), 'float32');
          optimizer.minimize(
            () => (task.name === 'W1' ? half(y, forward(variables, x)) : entropy(y, forward(variables, x))),
            false,
            variables,
          );
        });
      }
      variables[0].dataSync();
    },
    read: (digits) => tf.tidy(() => tf.argMax(forward(variables, images(digits)), 1).dataSync()),
    dispose() {
      optimizer.dispose();
      tf.dispose(variables);
    },
  };
}, () => ({ library: tf.version_core }));

const half = (y, a) => tf.mul(0.5, tf.mean(tf.sum(tf.squaredDifference(a, y), 1)));
const entropy = (y, z) => tf.losses.softmaxCrossEntropy(y, z);
const dense = (x, w, b) => tf.add(tf.matMul(x, w), b);
const sigmoids = ([w1, b1, w2, b2], x) => tf.sigmoid(dense(tf.sigmoid(dense(x, w1, b1)), w2, b2));
const relu = ([w1, b1, w2, b2], x) => dense(tf.relu(dense(x, w1, b1)), w2, b2);
const seen = (x, w, b) => tf.relu(tf.add(tf.conv2d(x, w, 1, 'same'), b));

function conv([w1, b1, w2, b2, w3, b3], x) {
  const first = tf.maxPool(seen(x, w1, b1), 2, 2, 'valid');
  const second = tf.maxPool(seen(first, w2, b2), 3, 3, 'valid');
  return dense(tf.reshape(second, [x.shape[0], -1]), w3, b3);
}
