import assert from 'node:assert/strict';
import { test } from 'node:test';

import { acrossFor, asColumns, asConfusion, asGrid, asMap, columnsFor } from '../../web/draw/arrange.js';
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

test('in a confusion matrix row and column are label and answer', () => {
  each(100, (next) => {
    const { ids, truth, answers } = digits(next);
    const made = asConfusion(ids, truth, answers, NAMES);
    isLattice(made);
    const cell = (parts, place) => parts.findLastIndex((part) => part <= place);
    ids.forEach((id, k) => {
      assert.equal(cell(made.rules.x, made.x[k]), answers[id]);
      assert.equal(cell(made.rules.y, made.y[k]), truth[id]);
    });
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
