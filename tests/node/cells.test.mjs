import assert from 'node:assert/strict';
import { test } from 'node:test';

import { boxOf, cellBeside, cellUnder, fit, layoutOf } from '../../web/draw/cells.js';
import { fullColour, summaryInWords, summaryOf } from '../../web/models/summary.js';
import { written, symbolsOf } from '../../web/models/mathml.js';
import { each } from './random.mjs';

const TILE = { rows: 2, columns: 3 };
const CASES = [
  { shape: [] }, { shape: [1] }, { shape: [1, 36] }, { shape: [17] }, { shape: [10] }, { shape: [7, 5] }, { shape: [1, 4, 5, 3] },
  { shape: [6, 2, 3, 1] }, { shape: [6, 2, 3, 4] }, { shape: [1, 6], tile: TILE }, { shape: [5, 6], tile: TILE }, { shape: [600, 9] },
]; // prettier-ignore

test('every cell has a place of its own, and is found there', () => {
  for (const { shape, tile } of CASES) {
    const layout = layoutOf(shape, tile);
    const n = shape.reduce((all, length) => all * length, 1);
    for (const width of [640, 1100]) {
      const at = fit(layout, width, 2, { left: 30, top: 18 });
      assert.ok(at.left + at.width <= width + 1e-6, `${shape}: ${at.width} in ${width}`);
      assert.ok(at.height <= 730, `${shape}: ${at.height} high`);
      const seen = new Set();
      for (let cell = 0; cell < n; cell++) {
        const { x, y, width: wide, height: high } = boxOf(at, cell);
        assert.equal(cellUnder(at, x + wide / 2, y + high / 2), cell, `${shape}`);
        seen.add(`${x} ${y}`);
      }
      assert.equal(seen.size, n);
      assert.equal(cellUnder(at, 1, 1), -1);
    }
  }
});

test('images lie as they are: pixel (row, column) of a channel in its tile', () => {
  const { cellAt, tiles } = layoutOf([1, 4, 5, 3]);
  assert.equal(tiles, 3);
  assert.equal(cellAt(2, 1, 4), (1 * 5 + 4) * 3 + 2);
  const kernels = layoutOf([6, 2, 3, 4]);
  assert.deepEqual([kernels.across, kernels.down], [4, 6]);
  assert.equal(kernels.cellAt(4 * 5 + 3, 1, 2), ((5 * 2 + 1) * 3 + 2) * 4 + 3);
});

test('a step aside and back again is where one was', () => {
  each(300, (next) => {
    const { shape, tile } = CASES[Math.floor(next() * CASES.length)];
    const layout = layoutOf(shape, tile);
    const cell = Math.floor(next() * shape.reduce((all, length) => all * length, 1));
    const [right, down] = next() < 0.5 ? [1, 0] : [0, 1];
    const beside = cellBeside(layout, cell, right, down);
    if (beside !== cell) assert.equal(cellBeside(layout, beside, -right, -down), cell);
  });
  assert.equal(cellBeside(layoutOf([17]), 16, 1, 0), 16); // beyond the last there is nothing
});

test('an array in words', () => {
  const said = (...values) => summaryInWords(summaryOf(Float32Array.from(values)));
  assert.equal(said(0, 0, -1, 4, 2), '5 numbers from −1 to 4, mean 1; 2 are zero, none is NaN.');
  assert.equal(said(0, 1, NaN), '3 numbers from 0 to 1, mean 0.5; 1 is zero, 1 is NaN.');
  assert.equal(said(1, 3, Infinity, -Infinity), '4 numbers from 1 to 3, mean 2; none is zero, none is NaN, 2 are infinite.');
  assert.equal(said(2), 'One number: 2; none is zero, none is NaN.');
  assert.equal(said(NaN, Infinity), 'None of 2 numbers is finite: 1 are NaN, 1 infinite.');
  assert.equal(fullColour(Float32Array.of(0, -3, NaN, Infinity, 2)), 3);
  assert.equal(fullColour(new Float32Array(3)), 1);
});

test('every finite number is in a bar', () => {
  each(100, (next) => {
    const values = Float32Array.from({ length: 1 + Math.floor(400 * next()) }, () => (next() < 0.1 ? NaN : next() - 0.5));
    const { bars, count, nan } = summaryOf(values);
    assert.equal(bars.reduce((all, one) => all + one, 0), count - nan);
  });
});

test('a derivative is one symbol, an index is none of the axis it is not', () => {
  const dW = ['mfrac', ['mrow', ['mo', '∂'], ['mi', 'L']], ['mrow', ['mo', '∂'], ['mi', 'W']]];
  const tree = ['mrow', dW, ['mo', '='], ['msub', ['mi', 'Σ'], ['mi', 'k']], ['mi', 'ln'], ['msub', ['mi', 'a'], ['mi', 'k']], ['mi', 'k'], ['mtext', 'of']];
  const made = written(tree);
  assert.deepEqual(symbolsOf(made), ['∂L/∂W', 'Σ', 'k', 'ln', 'a']);
  assert.equal(made.children[2].children[0].tag, 'mo');
  assert.deepEqual([made.children[4].children[1].axis, made.children[5].axis], ['class', '']);
  assert.deepEqual([made.children[3].text, made.children[6].text], ['ln\u2009', '\u00a0of\u00a0']);
  assert.equal(written(['script', 'x']).tag, 'mrow');
});
