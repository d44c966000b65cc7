import assert from 'node:assert/strict';
import { test } from 'node:test';

import { acrossFor, asColumns, asConfusion, asGrid, asMap, columnsFor } from '../../web/draw/arrange.js';
import { landmarks } from '../../web/draw/landmarks.js';
import { each } from './random.mjs';

const NAMES = ['0', '1', '2', '3'];

/** A set of digits with classes and answers, and a selection of it. */
function digits(next) {
  const total = 1 + Math.floor(400 * next());
  const truth = Uint8Array.from({ length: total }, () => Math.floor(4 * next()));
  const answers = truth.map((label) => (next() < 0.8 ? label : Math.floor(4 * next())));
  const ids = Uint32Array.from({ length: total }, (_, i) => i).filter(() => next() < 0.7);
  return { truth, answers, ids: ids.length ? ids : Uint32Array.of(0) };
}

function isLattice({ ids, x, y, width, height, lattice }) {
  assert.ok(lattice);
  const places = new Set();
  ids.forEach((_, k) => {
    assert.ok(Number.isInteger(x[k]) && Number.isInteger(y[k]));
    assert.ok(x[k] >= 0 && x[k] + 1 <= width && y[k] >= 0 && y[k] + 1 <= height, `${k} lies outside`);
    places.add(`${x[k]} ${y[k]}`);
  });
  assert.equal(places.size, ids.length, 'two digits at one place');
}

test('a grid is full row by row, in the order given', () => {
  each(100, (next) => {
    const { ids } = digits(next);
    const columns = columnsFor(ids.length, 0.3 + 3 * next());
    const grid = asGrid(ids, columns);
    isLattice(grid);
    ids.forEach((_, k) => assert.equal(grid.y[k] * columns + grid.x[k], k));
  });
});

test('columns hold their own class only, in order, under its heading', () => {
  each(100, (next) => {
    const { ids, truth } = digits(next);
    const made = asColumns(ids, truth, NAMES, acrossFor(ids, truth, 4, 0.5 + 2 * next()));
    isLattice(made);
    const last = [-1, -1, -1, -1];
    ids.forEach((id, k) => {
      const heading = made.headings[truth[id]];
      const across = made.x[k] - heading.x;
      assert.ok(across >= 0 && across < heading.width);
      const place = made.y[k] * heading.width + across;
      assert.equal(place, ++last[truth[id]]); // no gap, nothing out of turn
    });
  });
});

test('in a confusion matrix row and column are label and answer; a cell shows some and counts all', () => {
  each(100, (next) => {
    const { ids, truth, answers } = digits(next);
    const made = asConfusion(ids, truth, answers, NAMES);
    isLattice(made);
    const cell = (parts, place) => parts.findLastIndex((part) => part <= place);
    made.ids.forEach((id, k) => {
      assert.notEqual(truth[id], answers[id], 'those read right are a number');
      assert.equal(cell(made.rules.x, made.x[k]), answers[id]);
      assert.equal(cell(made.rules.y, made.y[k]), truth[id]);
    });
    assert.equal(made.cells.reduce((sum, { count }) => sum + count, 0), ids.length);
    for (const { label, answer, count, right, share } of made.cells) {
      const all = [...ids].filter((id) => truth[id] === label && answers[id] === answer);
      const shown = [...made.ids].filter((id) => truth[id] === label && answers[id] === answer);
      assert.equal(count, all.length);
      assert.deepEqual(shown, right ? [] : all.slice(0, 25)); // the first, in their order
      assert.ok(share >= 0 && share <= 1 && right === (label === answer));
    }
  });
});

test('a class is named where most of its digits are', () => {
  each(50, (next) => {
    const homes = NAMES.map(() => [100 * next(), 100 * next()]);
    const labels = Uint8Array.from({ length: 800 }, () => Math.floor(3 * next())); // none of the last class
    const stray = () => (next() < 0.2 ? 40 * (next() - 0.5) : next() - 0.5);
    const points = Float32Array.from(Array.from(labels).flatMap((label) => homes[label].map((at) => at + stray())));
    const ids = Uint32Array.from({ length: 800 }, (_, i) => i);
    const map = asMap(ids, points);
    const marks = landmarks(map, labels, NAMES);
    assert.deepEqual(marks.map(({ label }) => label), [...new Set(labels)].sort());
    for (const { label, x, y } of marks) {
      const mean = ['x', 'y'].map((axis) => [...ids].filter((id) => labels[id] === label).map((id) => map[axis][id]).sort((a, b) => a - b));
      const middle = mean.map((all) => all[all.length >> 1]);
      assert.ok(Math.hypot(x - middle[0], y - middle[1]) < 0.12 * Math.max(map.width, map.height));
    }
  });
});

test('a map keeps directions and proportions, and is no denser for having more digits', () => {
  each(50, (next) => {
    const points = Float32Array.from({ length: 200 }, () => 1000 * next() - 500);
    const ids = Uint32Array.from({ length: 100 }, (_, i) => i);
    const made = asMap(ids, points);
    const scale = (made.x[1] - made.x[0]) / (points[2] - points[0]);
    assert.ok(scale > 0);
    for (let k = 1; k < 100; k++) {
      assert.ok(Math.abs(made.x[k] - made.x[0] - scale * (points[2 * k] - points[0])) < 1e-3);
      assert.ok(Math.abs(made.y[k] - made.y[0] - scale * (points[2 * k + 1] - points[1])) < 1e-3);
    }
    assert.ok(Math.abs(Math.max(made.width, made.height) - 1 - 14) < 1e-3); // 1.4 √n
    assert.deepEqual(asMap(ids.subarray(0, 1), points).width, made.width); // of the set, not the chosen
  });
});

test('nothing chosen is an arrangement as well', () => {
  const none = new Uint32Array();
  assert.deepEqual([asGrid(none, 5).width, asGrid(none, 5).height], [1, 1]);
  isLattice(asColumns(none, new Uint8Array(), NAMES, 1));
  isLattice(asConfusion(none, new Uint8Array(), new Uint8Array(), NAMES));
});
