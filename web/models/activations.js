/**
 * Every activation of the package and its derivative, with numbers: a = f(z) and f′(z), as they are
 * written in glassnet/activations.py.
 *
 * @module
 */

import { called, minus, negated, number, over, plus, positive, times } from './expression.js';

/** @typedef {import('./expression.js').Expression} Expression */

const [one, half, zero, leak] = [1, 0.5, 0, 0.01].map((value) => number(value));
const bend = number(Math.sqrt(2 / Math.PI));

/** tanh(√(2/π) (z + 0.044715 z³)) @param {Expression} z */
function bent(z) {
  return called('tanh', times(bend, plus(z, times(number(0.044715), z, z, z))));
}

/** What they make of z. @type {Record<string, (z: Expression) => Expression>} */
export const ACTIVATIONS = {
  identity: (z) => z,
  sigmoid: (z) => over(one, plus(one, called('exp', negated(z)))),
  tanh: (z) => called('tanh', z),
  relu: (z) => called('max', z, zero),
  leaky_relu: (z) => called('max', z, times(leak, z)),
  gelu: (z) => times(half, z, plus(one, bent(z))),
};

/** f′(z), of z or of a, whichever is shorter: `derivativeBy` (links.js) says which. @type {Record<string, (told: Expression) => Expression>} */
export const DERIVATIVES = {
  identity: () => one,
  sigmoid: (a) => times(a, minus(one, a)),
  tanh: (a) => minus(one, times(a, a)),
  relu: (z) => positive(z),
  leaky_relu: (z) => plus(leak, times(number(0.99), positive(z))),
  gelu(z) {
    const t = bent(z);
    const slope = times(bend, plus(one, times(number(3 * 0.044715), z, z)));
    return plus(times(half, plus(one, t)), times(half, z, minus(one, times(t, t)), slope));
  },
};
