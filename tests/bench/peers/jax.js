/**
 * jax-js on WebAssembly: the whole step is jitted, and waited for, which is faster for it than
 * letting steps queue up.
 */

import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { serve, transposed } from './serve.js';

/** @typedef {import('./serve.js').Task} Task @typedef {import('./serve.js').Digits} Digits */

/** Jitted steps, by workload: they are traced and compiled once. */
const steps = new Map();

serve(
  (task) => {
    const { batch, side, train } = task;
    if (!steps.has(task.name)) steps.set(task.name, jit(step(task)));
    const advance = steps.get(task.name);
    const shape = task.name === 'W3' ? [1, side, side] : [side * side];
    const size = side * side;
    let parameters = first(task);
    let velocity = parameters.map((array) => np.zeros(array.shape));
    const images = (/** @type {Digits} */ digits, begin = 0, end = digits.count) =>
      np.array(digits.images.slice(begin * size, end * size)).reshape([end - begin, ...shape]);

    return {
      async train(count) {
        for (let index = 0; index < count; index++) {
          const [begin, end] = [index * batch, (index + 1) * batch];
          const x = images(train, begin, end);
          const y = nn.oneHot(np.array(Int32Array.from(train.labels.subarray(begin, end))), 10);
          const [after, velocities, loss] = advance(parameters, velocity, x, y);
          [parameters, velocity] = [after, velocities];
          await blockUntilReady([parameters, velocity, loss]);
          loss.dispose();
        }
      },
      read: (digits) => np.argmax(forward(task.name)(tree.ref(parameters), images(digits)), 1).data(),
      dispose: () => tree.dispose([parameters, velocity]),
    };
  },
  async () => {
    await init('wasm');
    defaultDevice('wasm');
  },
);

/** @param {Task} task their arrays, axes as jax likes them: images are (B, channels, rows, columns) */
function first({ name, parameters }) {
  return parameters.map((parameter, index) => {
    let given = parameter;
    if (parameter.shape.length === 4) given = transposed(parameter, [0, 3, 1, 2]);
    else if (name === 'W3' && index === 4) {
      const [units, inputs] = parameter.shape;
      given = transposed({ values: parameter.values, shape: [units, 4, 4, 16] }, [3, 1, 2, 0]);
      given.shape = [inputs, units];
    } else if (parameter.shape.length === 2) given = transposed(parameter, [1, 0]);
    return np.array(given.values).reshape(given.shape);
  });
}

/** @param {Task} task */
function step({ name, batch, rate, momentum }) {
  const answer = forward(name);
  const loss = (parameters, x, y) => {
    const out = answer(parameters, x);
    if (name === 'W1') return np.square(out.sub(y)).sum().mul(0.5 / batch);
    return nn.logSoftmax(out, 1).mul(y).sum().mul(-1 / batch);
  };
  return (parameters, velocity, x, y) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters), x, y);
    const velocities = velocity.map((v, index) => v.mul(momentum).add(gradients[index]));
    const after = parameters.map((p, index) => p.sub(velocities[index].ref.mul(rate)));
    return [after, velocities, value];
  };
}

/** @param {string} name */
function forward(name) {
  return { W1: sigmoids, W2: relu, W3: conv }[name];
}

const dense = (x, w, b) => np.dot(x, w).add(b);
const sigmoids = ([w1, b1, w2, b2], x) => nn.sigmoid(dense(nn.sigmoid(dense(x, w1, b1)), w2, b2));
const relu = ([w1, b1, w2, b2], x) => dense(nn.relu(dense(x, w1, b1)), w2, b2);
const seen = (x, w, b) => nn.relu(lax.conv(x, w, [1, 1], 'SAME').add(b.reshape([1, -1, 1, 1])));

function conv([w1, b1, w2, b2, w3, b3], x) {
  const second = pool(seen(pool(seen(x, w1, b1), 2), w2, b2), 3);
  return dense(second.reshape([second.shape[0], 256]), w3, b3);
}

function pool(x, size) {
  const [batch, channels, rows, columns] = x.shape;
  return np.max(x.reshape([batch, channels, rows / size, size, columns / size, size]), [3, 5]);
}
