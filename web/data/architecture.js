/**
 * What a network is made of, worked out from its configuration: each layer's sizes, as the package
 * works them out when it builds one. For networks that are shown before Python is there.
 *
 * @module
 */

/**
 * @typedef {import('../python/protocol.js').LayerConfig} LayerConfig
 * @typedef {import('../python/protocol.js').LayerDescription} LayerDescription
 * @typedef {{activation: string, output: number[], parameters: Record<string, number[]>, memory: Record<string, number[]>}} Built
 */

/** Each kind of layer: what it makes of its options and its input's shape. @type {Record<string, (options: any, input: number[]) => Partial<Built>>} */
const KINDS = {
  dense: ({ units, activation }, input) => ({ activation, output: [units], parameters: { weight: [units, product(input)], bias: [units] } }),
  conv2d({ filters, size, stride, padding, activation }, input) {
    const { output, channels } = windowOn(input, size, stride, padding);
    return { activation, output: [...output, filters], parameters: { weight: [filters, size, size, channels], bias: [filters] } };
  },
  max_pool2d: pool,
  average_pool2d: pool,
  flatten: (_, input) => ({ output: [product(input)] }),
  activation: ({ activation }) => ({ activation }),
  dropout: () => ({}),
  batch_norm(_, input) {
    const channels = input.slice(-1);
    return { parameters: { gamma: channels, beta: channels }, memory: { running_mean: channels, running_var: channels } };
  },
};

/**
 * @param {LayerConfig[]} layers of a complete configuration, as the package writes it
 * @param {number[]} shape of one example
 * @returns {LayerDescription[]}
 * @throws {RangeError} a kind of layer that is not known here
 */
export function described(layers, shape) {
  let input = shape;
  return layers.map(({ type, ...options }, i) => {
    const build = KINDS[type];
    if (!build) throw new RangeError(`layer ${i + 1} is of the kind ${type}, which this page does not know`);
    const { activation = 'identity', output = input, parameters = {}, memory = {} } = build(options, input);
    const layer = { name: `layers.${i}`, kind: type, options, input, output, activation, parameters, memory, forward: ['a'] };
    input = output;
    return layer;
  });
}

/** @param {number[]} shape @returns {number} how many numbers that are */
export function product(shape) {
  return shape.reduce((all, length) => all * length, 1);
}

/** @param {{size: number, stride: number}} options stride 0: as the size @param {number[]} input */
function pool({ size, stride }, input) {
  const { output, channels } = windowOn(input, size, stride || size, 0);
  return { output: [...output, channels] };
}

/**
 * @param {number[]} input height, width and, if there are several, channels
 * @param {number} size
 * @param {number} stride
 * @param {number} padding
 */
function windowOn([height, width, channels = 1], size, stride, padding) {
  const places = (/** @type {number} */ length) => Math.floor((length + 2 * padding - size) / stride) + 1;
  return { output: [places(height), places(width)], channels };
}
