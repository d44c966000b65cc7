import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hold, whenGone } from '../../web/wire/life.js';
import { Pulse } from '../../web/wire/pulse.js';
import { Requests } from '../../web/wire/requests.js';
import { serve } from '../../web/wire/serve.js';
import { Clock, Endpoint, settled } from './endpoints.mjs';

/** A browser's locks: each has one holder, and a queue. Nothing is granted before a turn has passed. */
class Locks {
  /** @type {Map<string, {act: () => any, granted: boolean, end: PromiseWithResolvers<any>}[]>} */
  queues = new Map();

  /** @param {string} name @param {...any} more options, if any, and what to do with the lock */
  async request(name, ...more) {
    const act = more.pop();
    const { signal, ifAvailable } = more[0] ?? {};
    const queue = this.queues.get(name) ?? [];
    if (signal?.aborted) throw signal.reason;
    if (ifAvailable && queue.length) return act(null);
    const one = { act, granted: false, end: Promise.withResolvers() };
    this.queues.set(name, queue);
    queue.push(one);
    signal?.addEventListener('abort', () => {
      if (!one.granted) this.#leave(name, one, () => one.end.reject(signal.reason));
    });
    this.#grant(name);
    return one.end.promise;
  }

  /** The browser takes a lock from a worker that is gone. @param {string} name */
  take(name) {
    const [holder] = this.queues.get(name) ?? [];
    if (holder) this.#leave(name, holder, () => {});
  }

  /** @param {string} name @param {any} one @param {() => void} tell */
  #leave(name, one, tell) {
    const queue = this.queues.get(name) ?? [];
    if (queue.includes(one)) queue.splice(queue.indexOf(one), 1);
    tell();
    this.#grant(name);
  }

  /** @param {string} name */
  #grant(name) {
    queueMicrotask(async () => {
      const [one] = this.queues.get(name) ?? [];
      if (!one || one.granted) return;
      one.granted = true;
      const value = await one.act({ name });
      this.#leave(name, one, () => one.end.resolve(value));
    });
  }
}

/** Gives the test a `navigator` with such locks. @param {any} t @param {any} locks */
function browser(t, locks) {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { locks } });
  t.after(() => {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  });
  return locks;
}

/** How often something was done. */
function counted() {
  const act = () => void (act.times += 1);
  act.times = 0;
  return act;
}

test('who waits is told when the holder has gone, once, and not before', async (t) => {
  const locks = browser(t, new Locks());
  const name = /** @type {string} */ (await hold());
  const gone = counted();
  whenGone(name, gone);
  await settled();
  assert.equal(gone.times, 0);
  locks.take(name);
  await settled();
  assert.equal(gone.times, 1);
  assert.equal(locks.queues.get(name).length, 0); // and keeps no lock
});

test('each worker holds a lock of its own', async (t) => {
  const locks = browser(t, new Locks());
  const [one, other] = /** @type {string[]} */ (await Promise.all([hold(), hold()]));
  assert.notEqual(one, other);
  const gone = counted();
  whenGone(one, gone);
  locks.take(other);
  await settled();
  assert.equal(gone.times, 0);
});

test('of a lock that nobody holds nothing is told: the worker has other locks than the page', async (t) => {
  const locks = browser(t, new Locks());
  const gone = counted();
  whenGone('glassnet of another origin', gone);
  await settled();
  assert.equal(gone.times, 0);
  assert.equal(locks.queues.get('glassnet of another origin').length, 0);
});

test('who waits no longer is told nothing, and is in nobody’s way', async (t) => {
  const locks = browser(t, new Locks());
  const name = /** @type {string} */ (await hold());
  const [given, kept] = [counted(), counted()];
  const stop = whenGone(name, given);
  whenGone(name, kept);
  stop();
  locks.take(name);
  await settled();
  assert.deepEqual([given.times, kept.times], [0, 1]);
  stop(); // twice is once
});

test('a lock has its name only once it is held', async (t) => {
  /** @type {() => void} */
  let grant = () => {};
  browser(t, { request: (/** @type {string} */ _, /** @type {any} */ act) => new Promise((resolve) => (grant = () => resolve(act()))) });
  /** @type {string|null|undefined} */
  let name;
  void hold().then((held) => (name = held));
  await settled();
  assert.equal(name, undefined);
  grant();
  await settled();
  assert.match(name ?? '', /^glassnet \d+-\d+-\d+-\d+$/);
});

for (const [where, locks] of [
  ['there are none', undefined],
  ['a page has no origin', { request: async () => Promise.reject(new DOMException('no origin', 'SecurityError')) }],
]) {
  test(`no lock is held where ${where}`, async (t) => {
    browser(t, locks);
    assert.equal(await hold(), null);
  });
}

/** A worker that answers until it is gone, and the page's pulse of it. @param {any} t */
function wired(t) {
  const clock = new Clock(t);
  const [page, worker] = [new Endpoint(), new Endpoint()];
  const state = { alive: true };
  /** @type {number[]} */
  const lost = [];
  /** @type {any} */ (page).postMessage = (/** @type {any} */ data) => queueMicrotask(() => state.alive && worker.say(data));
  /** @type {any} */ (worker).postMessage = (/** @type {any} */ data) => queueMicrotask(() => page.say(data));
  serve(/** @type {any} */ (worker), { answer: () => null, describe: () => ({ code: 'E', message: '', fatal: false }) });
  const pulse = new Pulse(new Requests(/** @type {any} */ (page), () => {}), (seconds) => lost.push(seconds));
  return { clock, state, lost, pulse };
}

test('a worker that ends while it is busy is lost at once, by its lock', async (t) => {
  const locks = browser(t, new Locks());
  const { clock, state, lost, pulse } = wired(t);
  await settled();
  pulse.busy(90); // before the first beat
  state.alive = false;
  await clock.pass(5000);
  assert.deepEqual(lost, []);
  for (const name of locks.queues.keys()) locks.take(name);
  await settled();
  assert.deepEqual(lost, [0]);
  await clock.pass(120_000);
  assert.deepEqual(lost, [0]);
});

test('without locks its silence tells, and a pulse that has stopped tells nothing', async (t) => {
  browser(t, undefined);
  const { clock, state, lost } = wired(t);
  await clock.pass(5000);
  state.alive = false;
  await clock.pass(3000);
  assert.deepEqual(lost, [2]);

  const locks = browser(t, new Locks());
  const other = wired(t);
  await settled();
  other.pulse.stop();
  for (const name of locks.queues.keys()) locks.take(name);
  await settled();
  assert.deepEqual(other.lost, []);
});
