// Frames that share nothing start one behind the other, and each at once where nobody can wait.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn } from '../../web/wire/turns.js';

/** A browser's locks, as far as they are used. */
class Locks {
  #last = Promise.resolve();

  request(name, act) {
    this.#last = this.#last.then(act);
    return this.#last;
  }
}

function withLocks(t, locks) {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
  t.after(() => (before ? Object.defineProperty(globalThis, 'navigator', before) : delete globalThis.navigator));
  t.mock.timers.enable({ apis: ['setTimeout'] });
}

const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await null;
};

test('the second start waits until the first has had its time', async (t) => {
  withLocks(t, new Locks());
  const begun = [];
  const start = (name) => inTurn(async () => (begun.push(name), name));
  const [one, two] = [start('one'), start('two')];
  await settled();
  assert.equal(await one, 'one');
  assert.deepEqual(begun, ['one']);
  t.mock.timers.tick(4000);
  assert.equal(await two, 'two');
});

test('one that fails says so, and the next has its turn', async (t) => {
  withLocks(t, new Locks());
  const one = inTurn(() => Promise.reject(new Error('no worker')));
  const two = inTurn(async () => 'two');
  await assert.rejects(one, /no worker/);
  await settled();
  t.mock.timers.tick(4000);
  assert.equal(await two, 'two');
});

test('without locks each starts at once', async (t) => {
  for (const locks of [undefined, { request: () => Promise.reject(new Error('denied')) }]) {
    await t.test(String(locks), async (inner) => {
      withLocks(inner, locks);
      const begun = [];
      const start = (name) => inTurn(async () => (begun.push(name), name));
      assert.deepEqual(await Promise.all([start('one'), start('two')]), ['one', 'two']);
      assert.deepEqual(begun, ['one', 'two']);
    });
  }
});
