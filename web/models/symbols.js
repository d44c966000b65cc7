/**
 * What the symbols of our formulas are, in words; and which axis an index runs along.
 *
 * @module
 */

/** @type {Record<string, string>} */
const WORDS = {
  x: 'what the layer is given',
  y: 'the target: 1 for the right class, else 0',
  W: 'weights, a row a unit',
  b: 'biases, one a unit',
  z: 'weighted sum, before the activation',
  a: 'activation: what the layer answers',
  f: 'the activation function',
  'f′': 'its derivative',
  s: 'what each window sees, laid into rows',
  δ: 'delta: ∂L/∂z, how the loss follows the weighted sum',
  L: 'the loss',
  B: 'examples in the batch; one here',
  θ: 'a parameter, a weight or a bias',
  g: 'its gradient, ∂L/∂θ',
  η: 'learning rate: how far a step goes',
  v: 'velocity: gradients that are remembered',
  r: 'running mean of squared gradients',
  v̂: 'velocity, corrected for having begun at zero',
  r̂: 'mean of squares, corrected for having begun at zero',
  μ: 'mean of the batch; with an optimiser, its momentum',
  σ: 'σ² is the variance of the batch',
  x̂: 'x with mean 0 and variance 1',
  γ: 'scale, learned',
  β: 'shift, learned; with an optimiser, how much it remembers',
  ε: 'a tiny number, against division by zero',
  ρ: 'how much of the mean of squares is kept',
  λ: 'weight decay: how hard weights are pulled to zero',
  m: 'how much of the new goes into the running mean',
  n: 'rows that are normalised, or positions of the window',
  t: 'number of the step, from 1',
  u: 'an inner sum; for dropout, a random number',
  mask: 'what dropout lets through, and how much it is scaled up',
  rate: 'share that is dropped',
  size: 'edge of the window',
  T: 'transposed: rows become columns',
  k: 'each class',
  j: 'each class',
  e: 'each example of the batch; with a power, 2.718…',
  exp: 'exponential function',
  ln: 'natural logarithm',
  tanh: 'hyperbolic tangent',
  max: 'the larger one',
  sign: '1, 0 or −1',
  fold: 'adds up, where windows overlap',
  unfold: 'lays what each window sees into a row',
  factor: 'what brings all gradients to the largest allowed length',
  Σ: 'sum over all of the index',
  '⊙': 'cell by cell',
  '←': 'becomes',
};

/** Which axis an index runs along. @type {Record<string, string>} */
export const INDEX_AXES = { k: 'class', j: 'class', e: 'batch', n: 'pixel' };

/** @param {string} symbol such as `z`, `∂L/∂W` @returns {string} what it is; '' if that is not known here */
export function symbolInWords(symbol) {
  const derivative = /^∂L\/∂(.+)$/.exec(symbol);
  if (derivative) return `how the loss follows ${derivative[1]}: its gradient`;
  return WORDS[symbol] ?? '';
}
