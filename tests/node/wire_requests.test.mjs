import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Refused, Requests } from '../../web/wire/requests.js';
import { Clock, Endpoint, ending } from './endpoints.mjs';

const GONE = { code: 'E-GONE', message: 'gone', fatal: true };

/** A wire and what is heard on it. */
function wire() {
  const endpoint = new Endpoint();
  /** @type {any[]} */
  const heard = [];
  return { endpoint, heard, requests: new Requests(endpoint, (news) => heard.push(news)) };
}

test('an answer finds the request that asked for it, in any order', async () => {
  const { endpoint, requests } = wire();
  const [one, two] = [requests.ask('a', { x: 1 }), requests.ask('b')];
  assert.deepEqual(endpoint.sent, [{ ask: 1, type: 'a', x: 1 }, { ask: 2, type: 'b' }]);
  endpoint.say({ answer: 2, value: 'second' });
  endpoint.say({ answer: 1, value: 'first' });
  assert.deepEqual(await Promise.all([one, two]), ['first', 'second']);
  assert.equal(requests.waiting, 0);
});

test('a refusal rejects its own request, and the next one works', async () => {
  const { endpoint, requests } = wire();
  const asked = [requests.ask('a'), requests.ask('a')];
  endpoint.say({ refusal: 1, failure: { code: 'E-DATA', message: 'no', fatal: false } });
  endpoint.say({ answer: 2, value: 7 });
  assert.deepEqual(await Promise.all(asked.map(ending)), [{ code: 'E-DATA' }, { value: 7 }]);
  await assert.rejects(asked[0], Refused);
});

test('two hundred requests are lost with their worker, and so is the next one', async () => {
  const { endpoint, requests } = wire();
  const asked = Array.from({ length: 200 }, () => requests.ask('a', {}, { seconds: 60 }));
  requests.close(GONE);
  assert.deepEqual(await Promise.all(asked.map(ending)), Array(200).fill({ code: 'E-GONE' }));
  assert.deepEqual(await ending(requests.ask('a')), { code: 'E-GONE' });
  requests.tell('ack');
  assert.equal(endpoint.sent.length, 200);
  assert.equal(requests.waiting, 0);
});

test('a request that is not answered in time is rejected once', async (t) => {
  const clock = new Clock(t);
  const { endpoint, requests } = wire();
  const asked = [requests.ask('slow', {}, { seconds: 10 }), requests.ask('endless')];
  const told = ending(asked[0]);
  await clock.pass(9900);
  assert.equal(requests.waiting, 2);
  await clock.pass(100);
  assert.deepEqual(await told, { code: 'E-TIMEOUT' });
  endpoint.say({ answer: 1, value: 'too late' });
  assert.equal(requests.waiting, 1);
  endpoint.say({ answer: 2, value: 'in its time' });
  assert.equal(await asked[1], 'in its time');
});

test('what cannot be sent is refused', async () => {
  const { requests } = wire();
  assert.deepEqual(await ending(requests.ask('a', { f: () => {} })), { code: 'E-MESSAGE' });
  assert.equal(requests.waiting, 0);
});

test('news are heard, and answers that nobody waits for are not', () => {
  const { endpoint, heard } = wire();
  endpoint.say({ news: 'frame', frame: 1 });
  endpoint.say({ answer: 9, value: 1 });
  endpoint.say({ refusal: 9, failure: GONE });
  assert.deepEqual(heard, [{ news: 'frame', frame: 1 }]);
});

test('memory is handed over', async () => {
  const { endpoint, requests } = wire();
  const bytes = new Uint8Array(8);
  void requests.ask('data', { bytes }, { transfer: [bytes.buffer] });
  assert.equal(bytes.length, 0);
  assert.equal(endpoint.sent[0].bytes.length, 8);
});
