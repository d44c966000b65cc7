import assert from 'node:assert/strict';
import { test } from 'node:test';

import { applied, inWords, isOff, switched, touched } from '../../web/models/edits.js';
import { switches } from '../../web/models/switches.js';

const part = { array: 'layers.0.weight', at: 4, weights: Float32Array.of(1, 2, 3, 4) };

test('a unit is switched off, and on again', () => {
  const off = switched([], 0, 3);
  assert.deepEqual(off, [{ kind: 'off', layer: 0, unit: 3 }]);
  assert.ok(isOff(off, 0, 3) && !isOff(off, 0, 2) && !isOff(off, 1, 3));
  const both = switched(off, 1, 3);
  assert.deepEqual(switched(both, 0, 3), [{ kind: 'off', layer: 1, unit: 3 }]);
});

test('edits fall into the part that they name, the last one counts', () => {
  const edits = [
    { kind: 'set', array: 'layers.0.weight', at: 5, value: 9 },
    { kind: 'set', array: 'layers.1.weight', at: 5, value: 7 },
    { kind: 'off', layer: 0, unit: 1 },
    { kind: 'paint', array: 'layers.0.weight', at: 2, values: Float32Array.of(-1, -2, -3) },
    { kind: 'set', array: 'layers.0.weight', at: 8, value: 6 },
  ];
  assert.deepEqual([...applied(part, edits)], [-3, 9, 3, 4]);
  assert.deepEqual([...part.weights], [1, 2, 3, 4]);
  const twice = applied({ ...part, weights: applied(part, edits) }, edits);
  assert.deepEqual([...twice], [-3, 9, 3, 4]);
});

test('a brush has changed as many weights as differ from what was there', () => {
  const paint = (...values) => ({ kind: 'paint', array: part.array, at: part.at, values: Float32Array.from(values) });
  const edits = [paint(0, 0, 3, 4), paint(0, 0, 3, 0), { kind: 'off', layer: 0, unit: 1 }, { ...paint(0, 0, 0, 0), at: 0 }];
  assert.deepEqual(touched(part, edits), [2, 1, undefined, undefined]);
});

test('edits in words', () => {
  assert.equal(inWords({ kind: 'off', layer: 0, unit: 12 }, 784, 28), 'Layer 1, unit 13: off.');
  const set = { kind: 'set', array: 'layers.2.weight', at: 784 * 3 + 28 * 4 + 11, value: -0.5 };
  assert.equal(inWords(set, 784, 28), 'Layer 3, unit 4: the weight at row 5, column 12 is −0.500.');
  const paint = { kind: 'paint', array: 'layers.0.weight', at: 784, values: new Float32Array(784) };
  assert.equal(inWords(paint, 784, 28, 1), 'Layer 1, unit 2: 1 weight brushed.');
  assert.equal(inWords(paint, 784, 28), 'Layer 1, unit 2: weights brushed.');
});

test('units that are on for one of two digits only, and pools that chose another input', () => {
  const on = { 'layers.0': Uint8Array.of(1, 0, 1, 0), 'layers.1': Uint8Array.of(3, 0, 2), odd: Uint8Array.of(1) };
  const other = { 'layers.0': Uint8Array.of(0, 0, 1, 1), 'layers.1': Uint8Array.of(3, 1, 0) };
  assert.deepEqual(switches(on, other), [
    { name: 'layers.0', units: 4, pools: false, here: [0], there: [3] },
    { name: 'layers.1', units: 3, pools: true, here: [1, 2], there: [] },
  ]);
});
