import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Connection } from '../../web/wire/connection.js';
import { Clock, Live, ending, settled } from './endpoints.mjs';

/** A connection whose workers the test starts. @param {any} t */
function connection(t) {
  /** @type {any[]} */
  const heard = [], lost = [], workers = [];
  /** @type {(() => Promise<any>)|null} */
  let start = null;
  const made = new Connection({
    name: 'the worker',
    start: () => (start ?? (async () => workers[workers.push(new Live()) - 1]))(),
    hear: (news) => heard.push(news),
    lost: (failure) => lost.push(failure.code),
  });
  return { made, heard, lost, workers, clock: new Clock(t), startBy: (/** @type {any} */ act) => (start = act) };
}

test('what is asked before there is a worker waits for it, in order', async (t) => {
  const { made, workers } = connection(t);
  const asked = [made.ask('a'), made.ask('b')];
  assert.equal(made.state, 'off');
  void made.open();
  void made.open(); // twice is once
  assert.equal(made.state, 'opening');
  await settled();
  assert.equal(made.state, 'open');
  assert.equal(workers.length, 1);
  assert.deepEqual(workers[0].sent.map((/** @type {any} */ one) => one.type), ['life', 'a', 'b']);
  workers[0].say({ answer: 2, value: 'A' });
  workers[0].say({ answer: 3, value: 'B' });
  assert.deepEqual(await Promise.all(asked), ['A', 'B']);
});

for (const [how, code] of [['silence', 'E-SILENT'], ['error', 'E-WORKER'], ['fatal', 'E-PYTHON-GONE']]) {
  test(`a worker that is lost by ${how} is told of once, and everybody who waits`, async (t) => {
    const { made, heard, lost, workers, clock } = connection(t);
    await made.open();
    const asked = Array.from({ length: 50 }, () => ending(made.ask('a')));
    await settled();
    if (how === 'silence') {
      workers[0].alive = false;
      await clock.pass(3000);
    } else if (how === 'error') workers[0].onerror({ message: 'broken' });
    else workers[0].say({ news: 'fatal', failure: { code, message: 'gone', fatal: true } });
    assert.deepEqual(lost, [code]);
    assert.deepEqual(new Set((await Promise.all(asked)).map((one) => one.code)), new Set([code]));
    assert.deepEqual(await ending(made.ask('b')), { code });
    assert.equal(workers[0].ended, 1);
    assert.deepEqual(heard, []);
    await clock.pass(10_000);
    assert.equal(lost.length, 1);

    await made.open(); // and begins anew
    const again = made.ask('c');
    workers[1].say({ answer: workers[1].asked('c')[0], value: 3 });
    assert.equal(await again, 3);
  });
}

test('a worker that does not start is a failure', async (t) => {
  const { made, lost, startBy } = connection(t);
  startBy(async () => null);
  const asked = ending(made.ask('a'));
  await made.open();
  assert.deepEqual(lost, ['E-WORKER-START']);
  assert.deepEqual(await asked, { code: 'E-WORKER-START' });
});

test('a way of starting that throws is a failure, with its own code if it has one', async (t) => {
  const { made, lost, startBy } = connection(t);
  for (const code of [undefined, 'E-CHECKSUM']) {
    startBy(async () => Promise.reject(Object.assign(new Error('forbidden'), { code })));
    const opening = made.open();
    const asked = made.ask('a').catch((error) => [error.message, error.failure.code]);
    await opening;
    assert.deepEqual(await asked, ['forbidden', code ?? 'E-WORKER-START']);
  }
  assert.deepEqual(lost, ['E-WORKER-START', 'E-CHECKSUM']);
});

test('a worker that comes too late is sent away', async (t) => {
  const { made, lost, startBy } = connection(t);
  const late = Promise.withResolvers();
  startBy(() => late.promise);
  const opening = made.open();
  made.close();
  const worker = new Live();
  late.resolve(worker);
  await opening;
  assert.equal(worker.ended, 1);
  assert.equal(made.state, 'off');
  assert.deepEqual(lost, []);
});

test('closing rejects what waits, tells nobody, and opening begins anew', async (t) => {
  const { made, lost, workers } = connection(t);
  await made.open();
  const asked = ending(made.ask('a'));
  made.close();
  assert.deepEqual(await asked, { code: 'E-CLOSED' });
  assert.equal(workers[0].ended, 1);
  const waiting = made.ask('b');
  await made.open();
  await settled();
  workers[1].say({ answer: workers[1].asked('b')[0], value: 2 });
  assert.equal(await waiting, 2);
  assert.deepEqual(lost, []);
});

test('news are heard, but those of being busy', async (t) => {
  const { made, heard, lost, workers, clock } = connection(t);
  await made.open();
  workers[0].say({ news: 'busy', seconds: 20 });
  workers[0].say({ news: 'progress', stage: 'download' });
  assert.deepEqual(heard, [{ news: 'progress', stage: 'download' }]);
  workers[0].alive = false;
  await clock.pass(10_000);
  assert.deepEqual(lost, []);
});
