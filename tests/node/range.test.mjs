import assert from 'node:assert/strict';
import { test } from 'node:test';

import { strongestEdges } from '../../web/draw/edges.js';
import { oneDigit, holdRange, percentile99, roundUp } from '../../web/draw/range.js';
import { each } from './random.mjs';

test('a round number is the next, and stays itself', () => {
  each(300, (next) => {
    const value = 10 ** (16 * next() - 8);
    const round = roundUp(value);
    assert.ok(round >= value * (1 - 1e-5) && round <= 1.51 * value, `${value} became ${round}`);
    assert.ok(Math.abs(roundUp(round) - round) < 1e-9 * round);
  });
  assert.deepEqual([0, -1, NaN, Infinity].map(roundUp), [0, 0, 0, 0]);
});

test('99 of 100 are at most the percentile, to 1 part in 512', () => {
  each(100, (next) => {
    const values = Float32Array.from({ length: 1 + Math.floor(3000 * next()) }, () => (next() - 0.5) * 10 ** (3 * next()));
    const top = percentile99(values);
    const sizes = [...values].map(Math.abs).sort((a, b) => a - b);
    const exact = sizes[Math.ceil(0.99 * sizes.length) - 1];
    assert.ok(Math.abs(top - exact) <= sizes.at(-1) / 256 + 1e-12, `${top} for ${exact}`);
  });
});

test('one outlier does not stretch the scale', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => (i ? 1 : 100));
  assert.ok(percentile99(values) < 1.5);
});

test('a range holds still until it is wrong', () => {
  const at = (size) => new Float32Array(100).fill(size);
  const held = holdRange(at(0.9), 0);
  assert.equal(held, 1);
  for (const size of [0.99, 0.7, 0.5, 0.42]) assert.equal(holdRange(at(size), held), held);
  assert.equal(holdRange(at(1.2), held), 1.5);
  assert.ok(holdRange(at(0.1), held) < held);
  assert.equal(holdRange(at(0), 0), 1); // a network of zeros is drawn, too
});

test('the strongest edges are those that no other surpasses', () => {
  each(60, (next) => {
    const [senders, receivers] = [1 + Math.floor(30 * next()), 1 + Math.floor(12 * next())];
    const weights = Float32Array.from({ length: senders * receivers }, () => next() - 0.5);
    const activations = Float32Array.from({ length: senders }, next);
    const [one, other] = [Math.floor(senders * next()), Math.floor(senders * next())];
    const [first, last] = [Math.min(one, other), Math.max(one, other)];
    const wanted = (from) => from >= first && from <= last;
    const count = Math.floor(40 * next());
    const edges = strongestEdges(weights, activations, count, { first, last });
    const pushes = [...weights.keys()].filter((i) => wanted(i % senders)).map((i) => Math.abs(weights[i] * activations[i % senders]));
    pushes.sort((a, b) => b - a);
    assert.deepEqual(edges.map(({ push }) => Math.abs(push)), pushes.slice(0, count));
    for (const { from, to, push } of edges) {
      assert.ok(wanted(from) && to < receivers);
      assert.equal(push, weights[to * senders + from] * activations[from]);
    }
  });
});

test('a logarithmic axis begins at a number of one digit, just below what it shows', () => {
  each(500, (next) => {
    const value = 10 ** (8 * next() - 7);
    const begin = oneDigit(value);
    assert.ok(begin > 0 && begin <= value * (1 + 1e-12) && begin > value / 2.0001, `${value}: ${begin}`);
    assert.match(begin.toExponential(), /^\de/);
  });
  for (const value of [1e-6, 0.001, 0.01, 0.1, 1, 10]) assert.equal(oneDigit(value), value);
});
