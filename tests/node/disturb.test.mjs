import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AS_IT_WAS, disturbed, moved, origin, roomier, rub, thickened } from '../../web/data/disturb.js';
import { each } from './random.mjs';

/** A picture of any shape, mostly blank, with some ink. */
function picture(next) {
  const shape = { rows: 1 + Math.floor(30 * next()), columns: 1 + Math.floor(30 * next()) };
  const pixels = Uint8Array.from({ length: shape.rows * shape.columns }, () => (next() < 0.4 ? Math.floor(256 * next()) : 0));
  return { pixels, shape };
}

/** Shifted by whole pixels, by taking each from where it was. */
function shifted(pixels, { rows, columns }, across, down) {
  return pixels.map((_, i) => {
    const [x, y] = [(i % columns) - across, Math.floor(i / columns) - down];
    return x >= 0 && y >= 0 && x < columns && y < rows ? pixels[y * columns + x] : 0;
  });
}

test('no wish changes nothing, and the digit itself is never touched', () => {
  each(40, (next) => {
    const { pixels, shape } = picture(next);
    const before = pixels.slice();
    const same = disturbed(pixels, shape, AS_IT_WAS, new Uint8Array(pixels.length));
    assert.deepEqual(same, before);
    assert.notEqual(same, pixels);
    disturbed(pixels, shape, { thick: 1.5, across: 2, down: -1, turn: 30 }, new Uint8Array(pixels.length).fill(1));
    assert.deepEqual(pixels, before);
  });
});

test('a shift by whole pixels takes each as it was', () => {
  each(60, (next) => {
    const { pixels, shape } = picture(next);
    const [across, down] = [Math.floor(13 * next()) - 6, Math.floor(13 * next()) - 6];
    assert.deepEqual(moved(pixels, shape, { across, down, turn: 0 }), shifted(pixels, shape, across, down));
  });
});

test('half a pixel is the mean of two', () => {
  const found = moved(Uint8Array.of(0, 200, 100, 0), { rows: 1, columns: 4 }, { across: 0.5, down: 0, turn: 0 });
  assert.deepEqual([...found], [0, 100, 150, 50]);
});

test('a quarter of a turn clockwise brings the top to the right', () => {
  const found = moved(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), { rows: 3, columns: 3 }, { across: 0, down: 0, turn: 90 });
  assert.deepEqual([...found], [7, 4, 1, 8, 5, 2, 9, 6, 3]);
});

test('a picture is turned first, then shifted', () => {
  each(20, (next) => {
    const { pixels, shape } = picture(next);
    const [turn, across, down] = [90 * next() - 45, 3, -2];
    const apart = moved(moved(pixels, shape, { across: 0, down: 0, turn }), shape, { across, down, turn: 0 });
    const both = moved(pixels, shape, { across, down, turn });
    // what was turned out of the picture can be shifted back into it only if it is done at once
    apart.forEach((value, i) => value && assert.ok(Math.abs(value - both[i]) <= 1));
  });
});

test('what is thickened has nowhere less ink, what is thinned nowhere more', () => {
  each(60, (next) => {
    const { pixels, shape } = picture(next);
    let [more, less] = [pixels, pixels];
    for (const by of [0.25, 0.5, 1, 1.5, 2]) {
      const [thick, thin] = [thickened(pixels, shape, by), thickened(pixels, shape, -by)];
      pixels.forEach((_, i) => assert.ok(thick[i] >= more[i] && thin[i] <= less[i]));
      [more, less] = [thick, thin];
    }
  });
});

test('a dot grows to a cross, by as much as is asked, and a cross shrinks to a dot', () => {
  const shape = { rows: 3, columns: 3 };
  const dot = Uint8Array.of(0, 0, 0, 0, 200, 0, 0, 0, 0);
  assert.deepEqual([...thickened(dot, shape, 1)], [0, 200, 0, 200, 200, 200, 0, 200, 0]);
  assert.deepEqual([...thickened(dot, shape, 0.25)], [0, 50, 0, 50, 200, 50, 0, 50, 0]);
  assert.deepEqual([...thickened(thickened(dot, shape, 1), shape, -1)], [...dot]);
});

test('what is rubbed out stays so when strokes grow, and moves along', () => {
  const shape = { rows: 5, columns: 5 };
  const full = new Uint8Array(25).fill(255);
  const rubbed = rub(new Uint8Array(25), shape, { x: 1, y: 2 }, 0.5);
  assert.deepEqual([...rubbed].flatMap((one, i) => (one ? [i] : [])), [11]);
  const found = disturbed(full, shape, { thick: 2, across: 1, down: 0, turn: 0 }, rubbed);
  assert.equal(found[12], 0);
  assert.equal(found[11], 255);
  assert.equal(rub(rubbed, shape, { x: 4, y: 4 }, 1).reduce((sum, one) => sum + one), 4);
});

test('where a pixel came from is where it goes to', () => {
  const shape = { rows: 28, columns: 28 };
  const wishes = { across: 3, down: -2, turn: 90 };
  const dot = new Uint8Array(784);
  dot[5 * 28 + 7] = 255;
  const at = moved(dot, shape, wishes).indexOf(255);
  const { x, y } = origin({ x: at % 28, y: Math.floor(at / 28) }, shape, wishes);
  assert.ok(Math.abs(x - 7) < 1e-9 && Math.abs(y - 5) < 1e-9);
});

test('the roomier side is where ink is shifted without loss', () => {
  const shape = { rows: 1, columns: 6 };
  assert.equal(roomier(Uint8Array.of(0, 9, 0, 0, 0, 0), shape), 1);
  assert.equal(roomier(Uint8Array.of(0, 0, 0, 9, 9, 0), shape), -1);
  assert.equal(roomier(new Uint8Array(6), shape), 1);
});
