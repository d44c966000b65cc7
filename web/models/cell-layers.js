/**
 * What every kind of layer computes, cell by cell and with its numbers, on the way there and on the
 * way back.
 *
 * @module
 */

import { ACTIVATIONS, DERIVATIVES } from './activations.js';
import { called, keyOf, minus, number, over, plus, squared, sum, sumOfProducts, times } from './expression.js';
import { derivativeBy, sumBefore } from './links.js';
import { cell, dataOf } from './step.js';
import { windowOf } from './window.js';

/** @typedef {import('./step.js').Step} Step */
/** @typedef {import('./step.js').Place} Place */
/** @typedef {import('./step.js').Besides} Besides */
/** @typedef {import('./expression.js').Expression} Expression */
/** @typedef {import('./expression.js').Term} Term */

/**
 * Products of cells, pair by pair.
 *
 * @param {Place} place
 * @param {string} left an array
 * @param {string} right another
 * @param {Iterable<[left: number, right: number, group?: number]>} pairs flat indices; −1 on the right: nothing, outside of an image
 * @param {Expression[]} [after]
 */
function products({ step, besides }, left, right, pairs, after) {
  const [one, other] = [dataOf(step, left) ?? [], dataOf(step, right) ?? []];
  const terms = Array.from(pairs, ([i, j, group = 0]) => {
    const factors = /** @type {[number, number]} */ ([one[i], j < 0 ? 0 : other[j]]);
    const keys = /** @type {Term['keys']} */ ([keyOf(left, i), j < 0 ? undefined : keyOf(right, j)]);
    return { value: factors[0] * factors[1], factors, keys, group };
  });
  besides.terms = terms;
  return sumOfProducts(terms, after);
}

/** @param {number} count @param {(i: number) => [number, number, number?]} pair */
function* pairs(count, pair) {
  for (let i = 0; i < count; i++) yield pair(i);
}

/** Of everything with an activation: a, and δ on the way back. @param {Place} place @returns {Expression|null} */
function activated({ step, besides, layer, i, part, at, own }) {
  const { activation, output } = layer;
  const z = sumBefore(layer, i);
  if (part !== 'a' && part !== 'delta' && part !== 'dx') return null;
  if (activation === 'softmax') return ofSoftmax({ step, besides, at, a: `${own}a`, z, da: part === 'a' ? '' : `${own}da` }, output[output.length - 1]);
  if (!ACTIVATIONS[activation]) return null;
  if (part === 'a') return ACTIVATIONS[activation](cell(step, z, at));
  const da = cell(step, `${own}da`, at);
  const by = derivativeBy(activation);
  return by ? times(da, DERIVATIVES[activation](cell(step, by === 'z' ? z : `${own}a`, at))) : da;
}

/** @param {{step: Step, besides: Besides, at: number, a: string, z: string, da: string}} place `da`: δ is wanted @param {number} width of a row */
function ofSoftmax({ step, besides, at, a, z, da }, width) {
  const row = Array.from({ length: width }, (_, k) => at - (at % width) + k);
  if (da) return times(cell(step, a, at), minus(cell(step, da, at), sum(row.map((k) => times(cell(step, a, k), cell(step, da, k))))));
  const logits = row.map((k) => dataOf(step, z)?.[k] ?? NaN);
  const most = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - most));
  const total = exponentials.reduce((all, one) => all + one, 0);
  besides.opened = { logits, most, exponentials, total, shares: exponentials.map((one) => one / total) };
  const power = number(exponentials[at % width], keyOf(z, at));
  return over(power, sum(row.map((k, i) => number(exponentials[i], keyOf(z, k)))));
}

/** What each kind of layer computes itself, on the way there and on the way back. @type {Record<string, (place: Place) => Expression|null|undefined>} */
export const KINDS = {
  dense(place) {
    const { step, layer, part, at, own, x } = place;
    const [units, inputs] = layer.parameters.weight;
    const [weight, delta] = [`${own}weight`, `${own}delta`];
    if (part === 'z') return products(place, weight, x, pairs(inputs, (i) => [at * inputs + i, i]), [cell(step, `${own}bias`, at)]);
    if (part === 'dx') return products(place, delta, weight, pairs(units, (u) => [u, u * inputs + at]));
    if (part === 'weight.gradient') return times(cell(step, delta, Math.floor(at / inputs)), cell(step, x, at % inputs));
    return part === 'bias.gradient' ? cell(step, delta, at) : activated(place);
  },
  conv2d(place) {
    const { step, besides, layer, part, at, own, x } = place;
    const { positions, area, channels, cellAt, seenFrom } = windowOf(layer);
    const [filters, width] = [layer.output[2], area * channels];
    const [weight, delta] = [`${own}weight`, `${own}delta`];
    const seen = (/** @type {number} */ position, /** @type {number} */ j) => {
      const first = cellAt(position, Math.floor(j / channels));
      return first < 0 ? -1 : first + (j % channels);
    };
    if (part === 's') return seen(Math.floor(at / width), at % width) < 0 ? number(0) : cell(step, x, seen(Math.floor(at / width), at % width));
    if (part === 'z') {
      const [position, filter] = [Math.floor(at / filters), at % filters];
      const told = products(place, weight, x, pairs(width, (j) => [filter * width + j, seen(position, j), j % channels]), [cell(step, `${own}bias`, filter)]);
      besides.groups = Array.from({ length: channels }, (_, group) => ({ group, value: partial(besides.terms, group) }));
      return told;
    }
    if (part === 'ds') return products(place, delta, weight, pairs(filters, (f) => [Math.floor(at / width) * filters + f, f * width + (at % width)]));
    if (part === 'dx') {
      const from = seenFrom(at).flatMap(({ position, place: where }) => Array.from({ length: filters }, (_, f) => /** @type {[number, number]} */ ([position * filters + f, f * width + where * channels + (at % channels)])));
      return products(place, delta, weight, from);
    }
    const filter = part === 'bias.gradient' ? at : Math.floor(at / width);
    if (part === 'weight.gradient') return products(place, delta, x, pairs(positions, (p) => [p * filters + filter, seen(p, at % width)]));
    if (part === 'bias.gradient') return sum(Array.from({ length: positions }, (_, p) => cell(step, delta, p * filters + filter)));
    return activated(place);
  },
  max_pool2d: (place) => ofPool(place, true),
  average_pool2d: (place) => ofPool(place, false),
  activation: activated,
  flatten: ({ step, part, at, own, x }) => (part === 'a' ? cell(step, x, at) : part === 'dx' ? cell(step, `${own}da`, at) : null),
  dropout({ step, part, at, own, x }) {
    const mask = cell(step, `${own}mask`, at);
    return part === 'a' ? times(cell(step, x, at), mask) : part === 'dx' ? times(cell(step, `${own}da`, at), mask) : null;
  },
  batch_norm: (place) => ofNorm(place),
};

/** @param {Term[]} terms @param {number} group */
function partial(terms, group) {
  return terms.reduce((all, term) => (term.group === group ? all + term.value : all), 0);
}

/** @param {Place} place @param {boolean} largest */
function ofPool({ step, layer, part, at, own, x }, largest) {
  const { area, channels, cellAt, seenFrom } = windowOf(layer);
  const [channel, width] = [at % channels, area * channels];
  const [position, where] = [Math.floor(at / width), Math.floor((at % width) / channels)];
  if (part === 's') return cell(step, x, cellAt(position, where) + channel);
  if (part === 'a') {
    const seen = Array.from({ length: area }, (_, i) => cell(step, x, cellAt(Math.floor(at / channels), i) + channel));
    return largest ? called('max', ...seen) : times(number(1 / area), sum(seen));
  }
  if (part === 'ds') {
    const da = cell(step, `${own}da`, position * channels + channel);
    if (!largest) return over(da, number(area));
    const seen = Array.from({ length: area }, (_, i) => dataOf(step, x)?.[cellAt(position, i) + channel] ?? NaN);
    return times(da, number(seen.indexOf(Math.max(...seen)) === where ? 1 : 0, keyOf(`${own}s`, at)));
  }
  if (part !== 'dx') return null;
  return sum(seenFrom(at).map((from) => cell(step, `${own}ds`, from.position * width + from.place * channels + channel)));
}

/** @param {Place} place */
function ofNorm({ step, layer, part, at, own, x }) {
  const channels = layer.output[layer.output.length - 1];
  const n = layer.output.reduce((all, length) => all * length, 1) / channels;
  const channel = at % channels;
  const here = (/** @type {string} */ name) => cell(step, `${own}${name}`, channel);
  const each = (/** @type {(i: number) => Expression} */ term) => sum(Array.from({ length: n }, (_, i) => term(i * channels + channel)));
  const slope = () => each((i) => times(cell(step, `${own}da`, i), cell(step, `${own}xhat`, i)));
  const root = () => called('√', plus(here('var'), number(1e-5)));
  const mean = (/** @type {Expression} */ total) => times(number(1 / n), total);
  switch (part) {
    case 'mean':
      return mean(each((i) => cell(step, x, i)));
    case 'var':
      return mean(each((i) => squared(minus(cell(step, x, i), here('mean')))));
    case 'xhat':
      return over(minus(cell(step, x, at), here('mean')), root());
    case 'a':
      return plus(times(here('gamma'), cell(step, `${own}xhat`, at)), here('beta'));
    case 'gamma.gradient':
      return slope();
    case 'beta.gradient':
      return each((i) => cell(step, `${own}da`, i));
    case 'dx': {
      const shifted = minus(cell(step, `${own}da`, at), mean(each((i) => cell(step, `${own}da`, i))));
      return times(over(here('gamma'), root()), minus(shifted, times(mean(slope()), cell(step, `${own}xhat`, at))));
    }
    default:
      return null;
  }
}
