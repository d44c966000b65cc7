import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { leisure } from '../../web/models/leisure.js';
import { signal } from '../../web/node_modules/@preact/signals-core/dist/signals-core.mjs'; // the page's own

let now, interpreter, run, over;

beforeEach(() => {
  mock.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(performance, 'now', () => now);
  now = 1_000;
  interpreter = { phase: signal('loading'), progress: signal({ stage: 'download' }) };
  run = { frame: signal(null) };
  over = false;
  void leisure(interpreter, run).then(() => (over = true));
});

/** @param {number} milliseconds that pass */
async function pass(milliseconds) {
  now += milliseconds;
  mock.timers.tick(milliseconds);
  for (let turn = 0; turn < 4; turn++) await Promise.resolve();
  return over;
}

test('it comes with the run', async () => {
  interpreter.progress.value = { stage: 'interpreter' };
  assert.ok(!(await pass(10_000)), 'Python starts');
  interpreter.phase.value = 'ready';
  assert.ok(!(await pass(499)), 'the run is not there');
  run.frame.value = {};
  assert.ok(await pass(0));
});

test('it does not wait for long for a run', async () => {
  interpreter.phase.value = 'ready';
  assert.ok(!(await pass(499)));
  assert.ok(await pass(1));
});

test('on a slow line it begins when Python’s files are there', async () => {
  assert.ok(!(await pass(4_001)), 'they are not');
  interpreter.progress.value = { stage: 'interpreter' };
  assert.ok(await pass(0));
});

test('a Python that is lost keeps nobody waiting', async () => {
  interpreter.phase.value = 'off';
  assert.ok(await pass(0));
});
