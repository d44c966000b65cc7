/**
 * The stops of one training step: its arrays in the order in which they were computed, what to call
 * them, and which of them an address means.
 *
 * @module
 */

/**
 * @typedef {import('../python/protocol.js').Quantity} Quantity
 * @typedef {import('../python/protocol.js').LayerDescription} LayerDescription
 *
 * @typedef {object} Step one training step on one digit, as far as it is known
 * @property {Quantity[]} quantities in the order of computation
 * @property {Map<string, Quantity>} named the same by name; `layers.0.weight` is what an update has made of it
 * @property {'recorded'|'python'|'forward'} from who computed it: our Python when the site was built, Python here, or this page, which can go forward only
 * @property {number|null} label the class that it learns
 * @property {Verdict|null} verdict what the step has done
 *
 * @typedef {{of: 'digit'|'batch'|'test', count: number, before: number, after: number, rightBefore: number, rightAfter: number}} VerdictRow
 * @typedef {{index: number, label: number, before: number, after: number}} Changed
 * @typedef {{rows: VerdictRow[], worse: Changed[], better: Changed[]}} Verdict
 */

/** The phases of a step, in words. */
export const PHASES = /** @type {const} */ ({ forward: 'Forward', loss: 'Loss', backward: 'Backward', update: 'Update' });

/**
 * @param {Quantity[]} quantities
 * @param {Step['from']} from
 * @param {number|null} label
 * @param {Verdict|null} [verdict]
 * @returns {Step}
 */
export function stepOf(quantities, from, label, verdict = null) {
  return { quantities, named: new Map(quantities.map((quantity) => [quantity.name, quantity])), from, label, verdict };
}

/**
 * The way forward, as a page computes it without Python; formulas and lines are those of a step that
 * Python took.
 *
 * @param {import('../data/network.js').Network} network
 * @param {Record<string, Float32Array>} answers of `forward`
 * @param {number|null} label
 * @param {Step|null} told a step of the same network on another digit
 * @returns {Step}
 */
export function wayForward({ shape, layers }, answers, label, told) {
  const names = [['x', shape], ...layers.map(({ name, output }) => [`${name}.a`, output])];
  const quantities = /** @type {[string, number[]][]} */ (names).map(([name, lengths]) => {
    const { symbol = name === 'x' ? 'x' : 'a', formula = '', tree = null, details = [], sources = [] } = told?.named.get(name) ?? {};
    const layer = name === 'x' ? null : Number(name.split('.')[1]);
    return /** @type {Quantity} */ ({ name, symbol, phase: 'forward', layer, shape: [1, ...lengths], data: answers[name], formula, tree, details, sources });
  });
  return stepOf(quantities, 'forward', label);
}

/**
 * What an address means: an array's whole name, or the last part of it, which is the first of that
 * kind; of the last layer, if it says so.
 *
 * @param {Step} step
 * @param {string} text such as `layers.0.z`, `delta`, `layers.last.a`; '' for where the answer is
 * @param {LayerDescription[]} layers
 * @returns {number} its place in the step
 */
export function stopOf({ quantities }, text, layers) {
  const last = `layers.${layers.length - 1}`;
  const name = (text || 'layers.last.a').replace('layers.last', last);
  const find = (/** @type {(quantity: Quantity) => boolean} */ fits) => quantities.findIndex(fits);
  const whole = find((quantity) => quantity.name === name);
  const part = whole < 0 ? find((quantity) => quantity.name.endsWith(`.${name}`)) : whole;
  return part < 0 ? Math.max(0, find((quantity) => quantity.name === `${last}.a`)) : part;
}

/** @param {Quantity} quantity @returns {string} a stop in a few words: `layer 1, z: weighted sums` */
export function stopInWords({ name, layer, phase }) {
  const part = lastPart(name);
  const what = phase === 'update' ? (WORDS_AFTER[part] ?? part) : (WORDS[part] ?? part);
  return layer === null ? what : `layer ${layer + 1}: ${what}`;
}

/** @param {string} name @returns {string} what is left of it without its layer */
export function lastPart(name) {
  return name.replace(/^(optimizer\.)?(\w+\.)?layers\.\d+\./, '');
}

/** @type {Record<string, string>} */
const WORDS = {
  x: 'the digit, 0 to 1',
  y: 'the target: 1 for the right class',
  s: 'what each window sees',
  z: 'weighted sums',
  a: 'activations',
  mask: 'what dropout lets through',
  winner: 'which of each window is the largest',
  mean: 'means of the batch',
  var: 'variances of the batch',
  xhat: 'brought to mean 0 and variance 1',
  loss: 'the loss',
  da: 'what the next layer asks for',
  delta: 'delta: how the loss follows the sums',
  dx: 'what is asked of the layer before',
  ds: 'what is asked of each window',
  'weight.gradient': 'gradient of the weights',
  'bias.gradient': 'gradient of the biases',
};

/** @type {Record<string, string>} */
const WORDS_AFTER = { weight: 'the weights after the step', bias: 'the biases after the step', velocity: 'velocities' };

/** @param {Step} step @param {number} stop @returns {Map<string, Quantity>} the arrays that are there by then */
export function known({ quantities }, stop) {
  return new Map(quantities.slice(0, stop + 1).map((quantity) => [quantity.name, quantity]));
}
