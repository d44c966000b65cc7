import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Examples } from '../../web/data/examples.js';
import { aboutPacked } from '../../web/data/packed.js';
import { picturesOf } from '../../web/data/pictures.js';
import { unpack } from '../../web/data/shard.js';
import { drop, release } from '../../web/wire/release.js';
import { each } from './random.mjs';

/** Pixels of which a share is ink, in runs of about that length; some of it the darkest there is. */
function picture(next, area, share, length) {
  const pixels = new Uint8Array(area);
  let ink = next() < share;
  for (let i = 0; i < area; i++) {
    if (next() < 1 / length) ink = next() < share;
    if (ink) pixels[i] = next() < 0.3 ? 255 : 1 + Math.floor(255 * next());
  }
  return pixels;
}

/** In an order as digits arrive. */
function shuffled(next, count) {
  const ids = Array.from({ length: count }, (_, k) => k);
  return ids.map((id) => [next(), id]).sort(([a], [b]) => a - b).map(([, id]) => id);
}

/** @returns {Uint8Array} as it is kept */
function read(pictures, id, area) {
  const from = pictures.find(id);
  return pictures.pixels.slice(from, from + area);
}

test('every picture is found as it was put there, whatever is on it', () => {
  each(60, (next) => {
    const area = 1 + Math.floor(next() * (next() < 0.5 ? 100 : 3000));
    const all = Array.from({ length: 40 }, () => picture(next, area, [0, 0.02, 0.2, 0.5, 0.98, 1][Math.floor(6 * next())], 1 + 400 * next() ** 4));
    const pictures = picturesOf(all.length, area);
    for (const id of shuffled(next, all.length).slice(0, 30)) {
      pictures.put(id, all[id]);
      assert.deepEqual(read(pictures, id, area), all[id]);
      all[id].put = true;
    }
    all.forEach((one, id) => assert.deepEqual(read(pictures, id, area), one.put ? Uint8Array.from(one) : new Uint8Array(area)));
  });
});

test('pictures go on in the next block of memory', () => {
  each(2, (next) => {
    const area = 128 * 128;
    const all = Array.from({ length: 300 }, () => picture(next, area, 0.6, 20)); // about 3 MB
    const pictures = picturesOf(all.length, area);
    for (const id of shuffled(next, all.length)) pictures.put(id, all[id]);
    all.forEach((one, id) => assert.deepEqual(read(pictures, id, area), one));
    assert.ok(pictures.bytes > 2 << 20);
  });
});

test('none takes much more than its pixels, and one like a digit a third', () => {
  each(3, (next) => {
    const [count, area] = [4000, 784];
    const taken = (share, length) => {
      const pictures = picturesOf(count, area);
      for (let id = 0; id < count; id++) pictures.put(id, picture(next, area, share, length));
      return pictures.bytes / (count * area);
    };
    assert.ok(taken(1, 9) < 1.5, 'all ink'); // the rest of a block of memory, at the most
    assert.ok(taken(0.5, 1.2) < 1.5, 'ink and blanks by turns');
    assert.ok(taken(0.19, 12) < 0.34 + (1 << 20) / (count * area), 'a fifth of ink');
  });
});

const INDEX = { name: 'some', title: 'Some', sample: true, source: '', rows: 28, columns: 28, classes: ['0', '1'], splits: { test: { count: 30 }, train: { count: 50 } } };

test('the smaller copies are means of what they cover, and each digit its own', () => {
  each(5, (next) => {
    const examples = new Examples(aboutPacked(INDEX));
    const images = Uint8Array.from({ length: 80 * 784 }, () => (next() < 0.2 ? 256 * next() : 0));
    for (const [start, end] of [[30, 80], [0, 30]]) examples.add(start, images.slice(start * 784, end * 784), new Uint8Array(end - start));
    assert.deepEqual(examples.gather(Uint32Array.of(79, 0), new Uint8Array(2 * 784)), Uint8Array.of(...images.slice(79 * 784), ...images.slice(0, 784)));
    for (let id = 0; id < 80; id++) {
      const whole = examples.pixels(id);
      assert.deepEqual(whole, images.slice(id * 784, (id + 1) * 784));
      const half = read(examples.copy(14), id, 196);
      const at = (row, column) => whole[28 * row + column];
      half.forEach((value, i) => {
        const [row, column] = [2 * Math.floor(i / 14), 2 * (i % 14)];
        assert.equal(value, (at(row, column) + at(row, column + 1) + at(row + 1, column) + at(row + 1, column + 1) + 2) >> 2);
      });
      const small = read(examples.copy(4), id, 16);
      small.forEach((value, i) => {
        const [row, column] = [7 * Math.floor(i / 4), 7 * (i % 4)];
        let sum = 0;
        for (let k = 0; k < 49; k++) sum += at(row + Math.floor(k / 7), column + (k % 7)) ** 2;
        assert.equal(value, Math.floor(Math.sqrt(sum / 49) + 0.5));
      });
    }
  });
});

test('what is unpacked lies in the memory that was handed over, if there is enough', async () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, k) => (k * k) >> 7);
  const packed = new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer());
  const into = new ArrayBuffer(300_000);
  const found = await unpack(packed, bytes.length, 'some.gz', into);
  assert.equal(found.buffer, into);
  assert.deepEqual(found, bytes);
  const other = await unpack(packed, bytes.length, 'some.gz', new ArrayBuffer(10));
  assert.deepEqual(other, bytes);
  assert.equal(packed.length > 0, true, 'whoever gave the bytes keeps them');
  for (const length of [bytes.length - 1, bytes.length + 1]) await assert.rejects(unpack(packed, length, 'some.gz', into), /holds/);
});

test('what is released is gone, but not what somebody else may read', () => {
  const [whole, part] = [new Uint8Array(1000), new Uint8Array(1000).subarray(1)];
  [whole, part, whole].forEach(release);
  assert.deepEqual([whole.length, part.length], [0, 999]);
  drop(part.buffer);
  assert.equal(part.length, 0);
});
