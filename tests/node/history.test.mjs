import assert from 'node:assert/strict';
import { test } from 'node:test';

import { History } from '../../web/models/history.js';
import { random } from './random.mjs';

/** A history of so many losses, given in frames of different sizes; and what the losses were. */
function run(count, seed = 1) {
  const next = random(seed);
  const losses = Array.from({ length: count }, (_, i) => Math.exp(-i / 5000) * (0.5 + next()));
  const history = new History();
  for (let step = 0; step < count; ) {
    const triples = [];
    for (let n = Math.ceil(50 * next()); n && step < count; n--, step++) triples.push(step + 1, losses[step], step / 1000);
    history.take({ losses: triples, evaluations: [] });
  }
  return { history, losses };
}

for (const count of [1, 1023, 1024, 1025, 2048, 2049, 10_000, 60_001]) {
  test(`${count} losses: spans follow on each other and keep every extreme`, () => {
    const { history, losses } = run(count);
    assert.ok(history.steps.length <= 1024);
    assert.ok(count <= 1024 || history.steps.length >= 512);
    assert.equal(history.steps.at(-1), count);
    let begin = 0;
    history.steps.forEach((end, i) => {
      assert.ok(end > begin && end - begin <= history.span, `span ${i} has ${end - begin} steps`);
      const own = losses.slice(begin, end);
      assert.equal(history.lowest[i], Math.min(...own));
      assert.equal(history.highest[i], Math.max(...own));
      begin = end;
    });
  });

  test(`${count} losses: the average is over every single step, halved or not`, () => {
    const { history, losses } = run(count);
    let [sum, at] = [0, 0];
    losses.forEach((loss, i) => {
      sum = 0.99 * sum + 0.01 * loss;
      if (history.steps[at] !== i + 1) return;
      const expected = sum / (1 - 0.99 ** (i + 1));
      assert.ok(Math.abs(history.averages[at] - expected) < 1e-12 * (i + 1));
      at += 1;
    });
    assert.equal(at, history.averages.length);
    assert.equal(history.average, history.averages.at(-1));
  });
}

test('what is told twice counts once, and a copy goes on by itself', () => {
  const told = (from, to) => ({ losses: Array.from({ length: to - from + 1 }, (_, i) => [from + i, 1 / (from + i), 0]).flat(), evaluations: [] });
  const [once, twice] = [new History(), new History()];
  once.take(told(1, 90));
  twice.take(told(1, 60));
  const kept = twice.copy();
  twice.take(told(41, 90));
  for (const name of ['steps', 'lowest', 'highest', 'averages']) assert.deepEqual(twice[name], once[name]);
  assert.equal(kept.step, 60);
  kept.take(told(61, 90), 70);
  assert.equal(kept.step, 70);
});

test('evaluations of the training digits are not shown, and nothing new is no new version', () => {
  const history = new History();
  assert.equal(history.average, null);
  history.take({ losses: [], evaluations: [] });
  assert.equal(history.version, 0);
  const test = { split: 'test', step: 1, accuracy: 0.5, loss: 1, count: 10 };
  history.take({ losses: [], evaluations: [test, { ...test, split: 'train' }] });
  assert.equal(history.version, 1);
  assert.deepEqual(history.evaluations, [test]);
});
