import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Pulse } from '../../web/wire/pulse.js';
import { Requests } from '../../web/wire/requests.js';
import { Clock, Live } from './endpoints.mjs';

/** A wire with a pulse, and a clock that the test moves. @param {any} t */
function beating(t) {
  const clock = new Clock(t);
  const endpoint = new Live();
  /** @type {number[]} */
  const lost = [];
  const pulse = new Pulse(new Requests(endpoint, () => {}), (seconds) => lost.push(seconds));
  return { clock, endpoint, lost, pulse, pass: (/** @type {number} */ time) => clock.pass(time) };
}

test('a worker that answers is alive for as long as it does', async (t) => {
  const { endpoint, lost, pulse, pass } = beating(t);
  await pass(60_000);
  assert.deepEqual(lost, []);
  assert.ok(endpoint.asked('ping').length > 100);
  pulse.stop();
  const asked = endpoint.asked('ping').length;
  await pass(5000);
  assert.equal(endpoint.asked('ping').length, asked);
});

test('a worker that falls silent is lost within three seconds, once', async (t) => {
  const { endpoint, lost, pass } = beating(t);
  await pass(5000);
  endpoint.alive = false;
  await pass(3000);
  assert.deepEqual(lost, [2]);
  await pass(20_000);
  assert.equal(lost.length, 1);
});

test('a worker that said it would be busy is waited for, and only then', async (t) => {
  const { endpoint, lost, pulse, pass } = beating(t);
  pulse.busy(30);
  endpoint.alive = false;
  await pass(29_000);
  assert.deepEqual(lost, []);
  await pass(4500);
  assert.deepEqual(lost, [2]);
});

test('a worker that is done before its time is listened to again', async (t) => {
  const { endpoint, lost, pulse, pass } = beating(t);
  pulse.busy(30);
  await pass(1000);
  pulse.busy(0);
  endpoint.alive = false;
  await pass(3000);
  assert.deepEqual(lost, [2]);
});

test('a page that was asleep does not take its worker for lost', async (t) => {
  const { clock, endpoint, lost, pass } = beating(t);
  await pass(2000);
  clock.now += 3_600_000; // an hour later, and not one question asked
  endpoint.alive = false; // and the worker is slow to wake up
  await pass(1000);
  assert.deepEqual(lost, []);
  endpoint.alive = true;
  await pass(5000);
  assert.deepEqual(lost, []);
});
