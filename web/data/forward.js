/**
 * The forward pass without Python: a = σ(W x + b), layer after layer, for dense layers of sigmoid
 * units. It is for networks that our Python trained and saved; it trains nothing.
 *
 * @module
 */

/** @typedef {{weight: Float32Array, bias: Float32Array}} Layer `weight` is (units, inputs), row-major */

/**
 * @param {Layer[]} layers
 * @param {Float32Array} input 0..1
 * @returns {Float32Array[]} every layer's activations, the first hidden layer's first
 */
export function forward(layers, input) {
  /** @type {Float32Array[]} */
  const activations = [];
  let x = input;
  for (const { weight, bias } of layers) {
    const a = new Float32Array(bias.length);
    for (let unit = 0, at = 0; unit < a.length; unit++) {
      let z = bias[unit];
      for (let i = 0; i < x.length; i++, at++) z += weight[at] * x[i];
      a[unit] = 1 / (1 + Math.exp(-z));
    }
    activations.push(a);
    x = a;
  }
  return activations;
}

/** @param {Uint8Array} pixels 0..255 @returns {Float32Array} as a network sees them, 0..1 */
export function seen(pixels) {
  return Float32Array.from(pixels, (value) => value / 255);
}
