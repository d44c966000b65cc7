/**
 * The numbers of what stands at the end of the way there and of the way back: the loss and its own
 * gradient, and what the optimiser makes of a parameter.
 *
 * @module
 */

import { called, minus, negated, number, over, plus, squared, sum, times } from './expression.js';
import { fused, sumBefore } from './links.js';
import { cell, dataOf } from './step.js';

/** @typedef {import('./step.js').Step} Step */
/** @typedef {import('./step.js').Place} Place */
/** @typedef {import('./expression.js').Expression} Expression */

/** The loss's own gradient, by z where the loss and the activation go together. @param {Place} place */
export function firstDelta({ step, own, part, at }) {
  const [a, y, one] = [cell(step, `${own}a`, at), cell(step, 'y', at), number(1)];
  if (part !== 'da' || step.config.loss === 'mse') return minus(a, y);
  if (step.config.loss === 'cross_entropy') return negated(over(y, a));
  return minus(over(minus(one, y), minus(one, a)), over(y, a));
}

/**
 * As the package measures it: by a, or, where rounding would take the digits that count, by z.
 *
 * @param {Step} step
 * @returns {Expression|null}
 */
export function ofLoss(step) {
  const [i, { loss }] = [step.layers.length - 1, step.config];
  const layer = step.layers[i];
  const [a, z] = [`layers.${i}.a`, sumBefore(layer, i)];
  const y = dataOf(step, 'y') ?? [];
  const whole = fused(step.layers, loss);
  const each = (/** @type {(k: number) => Expression} */ term) => sum(Array.from(y, (_, k) => term(k)));
  const ln = (/** @type {Expression} */ what) => called('ln', what);
  if (loss === 'mse') {
    return times(number(0.5), each((k) => squared(minus(cell(step, a, k), cell(step, 'y', k)))));
  }
  if (loss === 'cross_entropy') {
    const k = y.indexOf(1);
    if (!whole || (dataOf(step, a)?.[k] ?? 0) > 1e-20) return negated(ln(cell(step, a, k)));
    const most = Math.max(...(dataOf(step, z) ?? []));
    return minus(ln(each((j) => called('exp', minus(cell(step, z, j), number(most))))), minus(cell(step, z, k), number(most)));
  }
  if (loss !== 'binary_cross_entropy') return null;
  if (!whole) return each((k) => negated(ln(y[k] ? cell(step, a, k) : minus(number(1), cell(step, a, k)))));
  return each((k) => {
    const one = cell(step, z, k); // ln(1 + eᶻ) − y z, with no power that could overflow
    const size = number(Math.abs(one.value));
    return minus(plus(called('max', one, number(0)), ln(plus(number(1), called('exp', negated(size))))), times(cell(step, 'y', k), one));
  });
}

/** θ as the optimiser's rule leaves it, where the step has all that the rule needs. @param {string} name @param {number} at @param {Step} step */
export function updated(name, at, step) {
  const { type, lr, momentum = 0.9 } = step.config.optimizer;
  const [rate, before, g] = [number(step.rate ?? lr), cell(step, name, at), cell(step, `${name}.gradient`, at)];
  const v = cell(step, `optimizer.${name}.velocity`, at);
  if (type === 'sgd') return minus(before, times(rate, g));
  if (type === 'momentum') return minus(before, times(rate, v));
  if (type === 'nesterov') return minus(before, times(rate, plus(g, times(number(Number(momentum)), v))));
  if (type !== 'rmsprop') return null;
  const root = called('√', cell(step, `optimizer.${name}.square`, at));
  return minus(before, over(times(rate, g), plus(root, number(1e-8))));
}
