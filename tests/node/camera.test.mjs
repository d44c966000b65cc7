import assert from 'node:assert/strict';
import { test } from 'node:test';

import { between, ease, fit, seen, toPlane, toWindow, within, zoom } from '../../web/draw/camera.js';
import { each } from './random.mjs';

const near = (a, b, within = 1e-6) => assert.ok(Math.abs(a - b) <= within * Math.max(1, Math.abs(a)), `${a} is not ${b}`);

function scene(next) {
  const plane = { width: 1 + 400 * next(), height: 1 + 300 * next(), pixels: 28 };
  const window = { width: 200 + 1200 * next(), height: 200 + 800 * next() };
  return { plane, window, camera: within({ x: plane.width * next(), y: plane.height * next(), edge: 4 + 400 * next() }, plane, window) };
}

test('window and plane are each other’s inverse', () => {
  each(200, (next) => {
    const { camera, window } = scene(next);
    const [left, top] = [window.width * next(), window.height * next()];
    const { x, y } = toPlane(camera, left, top, window);
    const back = toWindow(camera, x, y, window);
    near(back.left, left);
    near(back.top, top);
  });
});

test('zooming keeps the point under the pointer, unless the edge of the plane stops it', () => {
  let held = 0;
  each(400, (next) => {
    const { camera, plane, window } = scene(next);
    const about = { left: window.width * next(), top: window.height * next() };
    const before = toPlane(camera, about.left, about.top, window);
    const zoomed = zoom(camera, 0.5 + 2 * next(), about, plane, window);
    const stopped = [0, plane.width].includes(zoomed.x) || [0, plane.height].includes(zoomed.y);
    if (stopped) return;
    const after = toPlane(zoomed, about.left, about.top, window);
    near(after.x, before.x);
    near(after.y, before.y);
    held += 1;
  });
  assert.ok(held > 100, `only ${held} times was it free to`);
});

test('zooming in and out again comes back', () => {
  each(200, (next) => {
    const { camera, plane, window } = scene(next);
    const about = { left: window.width / 2, top: window.height / 2 };
    const back = zoom(zoom(camera, 1.25, about, plane, window), 0.8, about, plane, window);
    if (camera.edge * 1.25 >= 28 * 40) return;
    near(back.edge, camera.edge);
    near(back.x, camera.x);
    near(back.y, camera.y);
  });
});

test('the whole plane is seen when it fits, headings left free', () => {
  each(200, (next) => {
    const { plane, window } = scene(next);
    const free = { above: 60 * next(), left: 60 * next() };
    const camera = fit(plane, window, free);
    const start = toWindow(camera, 0, 0, window);
    const end = toWindow(camera, plane.width, plane.height, window);
    assert.ok(start.left >= free.left - 1e-6 && start.top >= free.above - 1e-6);
    assert.ok(end.left <= window.width + 1e-6 && end.top <= window.height + 1e-6);
  });
});

test('a camera never loses the plane and never exceeds its range', () => {
  each(200, (next) => {
    const { plane, window } = scene(next);
    const wild = { x: 1e4 * (next() - 0.5), y: 1e4 * (next() - 0.5), edge: 10 ** (8 * next() - 4) };
    const held = within(wild, plane, window);
    const box = seen(held, window);
    assert.ok(box.left <= plane.width && box.right >= 0 && box.top <= plane.height && box.bottom >= 0);
    assert.deepEqual(within(held, plane, window), held);
  });
});

test('a flight begins and ends where it should, slow at both ends', () => {
  const [from, to] = [{ x: 1, y: 2, edge: 4 }, { x: 9, y: -3, edge: 64 }];
  assert.deepEqual(between(from, to, 0), from);
  near(between(from, to, 1).edge, 64);
  assert.equal(between(from, to, 0.5).edge, 16); // halfway in sight is the geometric middle
  assert.deepEqual([ease(0), ease(0.5), ease(1)], [0, 0.5, 1]);
  assert.ok(ease(0.1) < 0.1 && ease(0.9) > 0.9);
});
