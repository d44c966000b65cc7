// Runs that differ in their seed alone, as one curve with a band.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { banded, groupsOf } from '../../web/figures/watch/bands.js';

const run = (name, settings) => ({ name, settings: new Map(Object.entries(settings)) });

test('runs of one setting are a group, whatever their seeds; others are by themselves', () => {
  const runs = [
    run('a', { lr: '1', seed: '1' }),
    run('b', { lr: '3', seed: '1' }),
    run('c', { lr: '1', seed: '2' }),
    run('d', {}), // nothing is known of these two yet
    run('e', {}),
  ];
  const groups = [...groupsOf(runs)].map(([name, group]) => [name, group.map((one) => one.name)]);
  assert.deepEqual(groups, [['a', ['a', 'c']], ['b', ['b']], ['d', ['d']], ['e', ['e']]]);
});

test('a band is the mean and the range of its runs, at the steps of the longest', () => {
  const band = banded([
    { steps: [10, 20, 30], values: [1, 2, 3] },
    { steps: [10, 20], values: [3, 6] },
  ]);
  assert.deepEqual(band, { steps: [10, 20, 30], values: [2, 4, 3], low: [1, 2, 3], high: [3, 6, 3] });
});

test('where steps lie between, so do the values; before its first step a run has none', () => {
  const band = banded([
    { steps: [1, 2, 3, 4], values: [0, 0, 0, 0] },
    { steps: [2, 4], values: [2, 6] },
  ]);
  assert.deepEqual(band.values, [0, 1, 2, 3]);
  assert.deepEqual(band.high, [0, 2, 4, 6]);
});

test('one run alone has no band, and none at all is no fault', () => {
  const curve = { steps: [1], values: [2] };
  assert.equal(banded([curve]), curve);
  const empty = { steps: [], values: [] };
  assert.deepEqual(banded([empty, empty]).values, []);
  assert.deepEqual(banded([empty, curve]).values, [2]);
});
