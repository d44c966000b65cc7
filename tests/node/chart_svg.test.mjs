/** Charts as SVG: the numbers that go in are the places that come out. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartSvg, ticksOf } from '../../web/draw/chart-svg.js';

const LOOK = /** @type {import('../../web/draw/chart-svg.js').Look} */ ({ ground: [255, 255, 255], ink: [0, 0, 0], muted: [89, 99, 110] });

/** @param {Partial<import('../../web/draw/chart-svg.js').Axis>} axis */
function axis(axis) {
  return { min: 0, max: 100, logarithmic: false, words: String, ...axis };
}

/** @param {Partial<import('../../web/draw/chart-svg.js').Panel>} [more] @returns {import('../../web/draw/chart-svg.js').Panel} */
function panel(more) {
  const series = [{ label: 'loss', colour: /** @type {import('../../web/draw/colour.js').RGB} */ ([194, 90, 0]), alpha: 1, width: 2, values: [0, null, 50, 100] }];
  return { title: 'T', below: 'steps', x: axis({ max: 300 }), y: axis({}), at: [0, 100, 200, 300], series, ...more };
}

/** @param {string} svg @returns {string[]} of the lines within the axes */
function lines(svg) {
  return [...svg.matchAll(/<path d="M([^"]*)" fill="none" stroke="#c25a00" stroke-width="2" stroke-linejoin="round"/g)].map(([, d]) => d).filter((d) => d !== '0,-4L20,-4');
}

test('a line goes through its values, over those that are not there', () => {
  const svg = chartSvg([panel()], LOOK);
  // From 56 to 696 across, from 252 up to 56.
  assert.deepEqual(lines(svg), ['56,252L482.7,154L696,56']);
  assert.match(svg, />loss<\/text>/);
});

test('logarithmic axes', () => {
  const series = [{ ...panel().series[0], values: [0.01, 0.1, 1] }];
  const svg = chartSvg([panel({ x: axis({ min: 1, max: 100, logarithmic: true }), y: axis({ min: 0.01, max: 1, logarithmic: true }), at: [1, 10, 100], series })], LOOK);
  assert.deepEqual(lines(svg), ['56,252L376,154L696,56']);
});

test('what has no logarithm is left out', () => {
  const series = [{ ...panel().series[0], values: [1, 0, 1] }];
  const svg = chartSvg([panel({ y: axis({ min: 0.1, max: 1, logarithmic: true }), at: [0, 150, 300], series })], LOOK);
  assert.deepEqual(lines(svg), ['56,56L696,56']);
});

test('the space between two lines, dots and dashes', () => {
  const [one] = panel().series;
  const series = [
    { ...one, label: 'lowest', alpha: 0.14, values: [0, 0, 0, 0] },
    { ...one, label: 'highest', alpha: 0.14, values: [100, 100, 100, 100] },
    { ...one, label: 'test', dots: true, dash: [4, 4], values: [null, 50, null, 100] },
    { ...one, label: 'empty', values: [null, null, null, null] },
  ];
  const svg = chartSvg([panel({ series, band: [1, 0] })], LOOK);
  assert.match(svg, /<path d="M56,56L269.3,56L482.7,56L696,56L696,252L482.7,252L269.3,252L56,252Z" fill="#c25a00" fill-opacity="0.14"\/>/);
  assert.match(svg, /stroke-dasharray="4 4"/);
  assert.equal(svg.match(/<circle /g)?.length, 2);
  assert.match(svg, /<circle cx="269.3" cy="154" r="2.5"\/>/);
  assert.match(svg, />lowest to highest<\/text>/);
  assert.doesNotMatch(svg, />empty</);
});

test('words are no markup, and panels lie one above another', () => {
  const svg = chartSvg([panel({ title: '<a> & "b"' }), panel()], LOOK);
  assert.match(svg, />&#60;a&#62; &#38; &#34;b&#34;<\/text>/);
  assert.match(svg, /viewBox="0 0 720 600"/);
  assert.match(svg, /translate\(0 300\)/);
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, 2);
});

test('ticks are round numbers within the axis', () => {
  assert.deepEqual(ticksOf(axis({ max: 300 })), [0, 50, 100, 150, 200, 250, 300]);
  assert.deepEqual(ticksOf(axis({ min: 0.03, max: 0.31 })), [0.05, 0.1, 0.15, 0.2, 0.25, 0.3]);
  assert.deepEqual(ticksOf(axis({ min: 0.02, max: 1.5, logarithmic: true })), [0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  assert.deepEqual(ticksOf(axis({ min: 1, max: 20000, logarithmic: true })), [1, 10, 100, 1000, 10000]);
  assert.deepEqual(ticksOf(axis({ min: 5, max: 5 })), []);
  assert.deepEqual(ticksOf(axis({ min: 0, max: 5, logarithmic: true })), []);
});
