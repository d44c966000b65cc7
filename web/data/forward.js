/**
 * The forward pass without Python, for networks that our Python trained and saved: every kind of
 * layer and every activation of the package, as it computes outside of training. It trains nothing.
 *
 * @module
 */

/**
 * @typedef {import('../python/protocol.js').LayerDescription} LayerDescription
 * @typedef {Record<string, Float32Array>} Arrays by name, row-major: `layers.0.weight`
 */

const LEAK = 0.01;
const EPSILON = 1e-5; // of batch_norm
const BEND = Math.sqrt(2 / Math.PI);

/** a = f(z), number by number; softmax needs a whole row. @type {Record<string, (z: number) => number>} */
const ACTIVATIONS = {
  identity: (z) => z,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  leaky_relu: (z) => Math.max(z, LEAK * z),
  gelu: (z) => 0.5 * z * (1 + Math.tanh(BEND * (z + 0.044715 * z ** 3))),
};

/** What each kind of layer answers to x. @type {Record<string, (layer: LayerDescription, x: Float32Array, own: (name: string) => Float32Array) => Float32Array>} */
const KINDS = {
  dense: (layer, x, own) => activated(layer, products(own('weight'), x, own('bias'))),
  conv2d: (layer, x, own) => activated(layer, convolved(layer, x, own('weight'), own('bias'))),
  max_pool2d: (layer, x) => pooled(layer, x, -Infinity, Math.max, 1),
  average_pool2d: (layer, x) => pooled(layer, x, 0, (sum, value) => sum + value, Number(layer.options.size) ** 2),
  flatten: (_, x) => x,
  activation: (layer, x) => activated(layer, x.slice()),
  dropout: (_, x) => x, // it drops something only while training
  batch_norm: (_, x, own) => normalised(x, own),
};

/**
 * @param {LayerDescription[]} layers
 * @param {Arrays} arrays their parameters and what they remember
 * @param {Float32Array} input one example, 0..1
 * @returns {Arrays} `x`, and every layer's answer: `layers.0.a`
 */
export function forward(layers, arrays, input) {
  /** @type {Arrays} */
  const made = { x: input };
  let x = input;
  for (const layer of layers) {
    x = KINDS[layer.kind](layer, x, (name) => arrays[`${layer.name}.${name}`]);
    made[`${layer.name}.a`] = x;
  }
  return made;
}

/** @param {Uint8Array} pixels 0..255 @returns {Float32Array} as a network sees them, 0..1 */
export function seen(pixels) {
  return Float32Array.from(pixels, (value) => value / 255);
}

/** Enough to tell one digit from another. @param {Float32Array|null} pixels 0..1 @returns {string} */
export function fingerprint(pixels) {
  if (!pixels) return 'none';
  let hash = 2166136261; // FNV-1a
  for (const value of pixels) hash = Math.imul(hash ^ Math.round(value * 65535), 16777619);
  return String(hash >>> 0);
}

/** W x + b. @param {Float32Array} weight (units, inputs) @param {Float32Array} x @param {Float32Array} bias */
function products(weight, x, bias) {
  const z = new Float32Array(bias.length);
  for (let unit = 0, at = 0; unit < z.length; unit++) {
    let sum = bias[unit];
    for (let i = 0; i < x.length; i++, at++) sum += weight[at] * x[i];
    z[unit] = sum;
  }
  return z;
}

/**
 * The same at every place of an image that a window can stand at; around the image there is zero.
 *
 * @param {LayerDescription} layer
 * @param {Float32Array} x (height, width, channels)
 * @param {Float32Array} weight (filters, size, size, channels)
 * @param {Float32Array} bias
 */
function convolved({ options, input: [height, width, channels = 1], output: [rows, columns, filters] }, x, weight, bias) {
  const { size, stride, padding } = /** @type {Record<string, number>} */ (options);
  const z = new Float32Array(rows * columns * filters);
  for (let place = 0; place < rows * columns; place++) {
    const [top, left] = [Math.floor(place / columns) * stride - padding, (place % columns) * stride - padding];
    for (let filter = 0; filter < filters; filter++) {
      let sum = bias[filter];
      for (let i = 0; i < size * size; i++) {
        const [row, column] = [top + Math.floor(i / size), left + (i % size)];
        if (row < 0 || row >= height || column < 0 || column >= width) continue;
        const [from, by] = [(row * width + column) * channels, (filter * size * size + i) * channels];
        for (let channel = 0; channel < channels; channel++) sum += weight[by + channel] * x[from + channel];
      }
      z[place * filters + filter] = sum;
    }
  }
  return z;
}

/**
 * Each window's numbers made one, channel by channel.
 *
 * @param {LayerDescription} layer
 * @param {Float32Array} x (height, width, channels)
 * @param {number} start
 * @param {(made: number, value: number) => number} join
 * @param {number} share by which the result is divided
 */
function pooled({ options, input: [, width, channels = 1], output: [rows, columns] }, x, start, join, share) {
  const size = Number(options.size);
  const stride = Number(options.stride) || size;
  const a = new Float32Array(rows * columns * channels);
  for (let at = 0; at < a.length; at++) {
    const [place, channel] = [Math.floor(at / channels), at % channels];
    const [top, left] = [Math.floor(place / columns) * stride, (place % columns) * stride];
    let made = start;
    for (let i = 0; i < size * size; i++) {
      made = join(made, x[((top + Math.floor(i / size)) * width + left + (i % size)) * channels + channel]);
    }
    a[at] = made / share;
  }
  return a;
}

/** γ (x − μ̄)/√(σ̄² + ε) + β, channel by channel. @param {Float32Array} x @param {(name: string) => Float32Array} own */
function normalised(x, own) {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'running_mean', 'running_var'].map(own);
  return x.map((value, i) => {
    const c = i % gamma.length;
    return (gamma[c] * (value - mean[c])) / Math.sqrt(variance[c] + EPSILON) + beta[c];
  });
}

/** f(z), in place. @param {LayerDescription} layer @param {Float32Array} z */
function activated({ activation, output }, z) {
  if (activation === 'softmax') return softmax(z, output[output.length - 1]);
  const f = ACTIVATIONS[activation];
  for (let i = 0; i < z.length; i++) z[i] = f(z[i]);
  return z;
}

/** exp(zₖ)/Σⱼ exp(zⱼ) of each row. @param {Float32Array} z @param {number} width of a row */
function softmax(z, width) {
  for (let start = 0; start < z.length; start += width) {
    const row = z.subarray(start, start + width);
    const top = Math.max(...row);
    const powers = Array.from(row, (value) => Math.exp(value - top));
    const sum = powers.reduce((all, power) => all + power);
    row.set(powers.map((power) => power / sum));
  }
  return z;
}
