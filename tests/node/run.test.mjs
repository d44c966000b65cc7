import assert from 'node:assert/strict';
import { test } from 'node:test';

import { History } from '../../web/models/history.js';
import { Run } from '../../web/models/run.js';

const COUNTS = { train: 10, test: 5 };
const measured = (step) => ({ step, split: 'test', count: 5, loss: 1, accuracy: 0.5 });
const line = (step, event = 'step') => ({ event, step });

/** A run in a Python that does as this test says: what it was asked, and how it answers and tells. */
function beginning() {
  const asked = [];
  let see = null;
  const replies = { create: { generation: 1 }, restore: { generation: 1 } };
  const interpreter = {
    ask: (type) => new Promise((resolve) => (replies[type] ? resolve(replies[type]) : asked.push({ type, resolve }))),
    watch: (_, __, sees) => void (see = sees),
    drawn: () => {},
    forgive: () => {},
    forget: () => {},
  };
  const run = new Run('run', interpreter, { set: 'digits', curve: () => new History() });
  const frame = (step, { losses = [], evaluations = [], log = [] }) =>
    see({ generation: 1, state: 'paused', step, arrived: COUNTS, description: { data: { counts: COUNTS } }, losses, evaluations, log });
  return { run, frame, asked };
}

const LOSSES = Array.from({ length: 10 }, (_, i) => [i + 1, 1, 0]).flat();
const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a checkpoint counts once all that was told until then is here, its evaluation too', async () => {
  const { run, frame, asked } = beginning();
  run.plan({ config: {}, chosen: {} });
  await run.raise();
  frame(10, { losses: LOSSES, log: [line(10)] });
  assert.equal(asked.at(-1).type, 'state');
  asked.at(-1).resolve({ step: 10, lines: 2, state: new Uint8Array() });
  await settled();
  assert.equal(run.checkpoint, null, 'what was measured at step 10 is still on its way');
  frame(10, { evaluations: [measured(10)], log: [line(10, 'evaluation')] });
  assert.equal(run.checkpoint, 10);

  run.lost();
  await run.raise();
  assert.deepEqual(run.past.value.history.evaluations, [measured(10)]);
  assert.deepEqual(run.past.value.log, [line(10), line(10, 'evaluation')]);
});

for (const early of [false, true]) {
  test(`what comes after a checkpoint is told again by the run that is raised from it, once; ${early ? 'though it came before the checkpoint did' : ''}`, async () => {
    const { run, frame, asked } = beginning();
    run.plan({ config: {}, chosen: {} });
    await run.raise();
    frame(10, { losses: LOSSES, log: [line(10)] });
    const late = { evaluations: [measured(10)], log: [line(10, 'evaluation')] };
    if (early) frame(10, late);
    asked.at(-1).resolve({ step: 10, lines: 1, state: new Uint8Array() });
    await settled();
    assert.equal(run.checkpoint, 10);
    if (!early) frame(10, late);

    for (let death = 0; death < 2; death++) {
      run.lost();
      await run.raise();
      frame(10, late);
      assert.deepEqual(run.past.value.history.evaluations, [measured(10)]);
      assert.deepEqual(run.past.value.log, [line(10), line(10, 'evaluation')]);
    }
  });
}
