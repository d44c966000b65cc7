import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { crc32 as zlibs } from 'node:zlib';

import { md5 } from '../../web/data/md5.js';
import { formatNpz } from '../../web/data/npz.js';
import { EMPTY, inside, reach, read, SIDE, write } from '../../web/data/strokes.js';
import { each } from './random.mjs';

test('md5 is Node’s, at every length around a block', () => {
  each(200, (next, length) => {
    const bytes = Uint8Array.from({ length: length - 1 }, () => Math.floor(256 * next()));
    assert.equal(md5(bytes), createHash('md5').update(bytes).digest('hex'));
  });
});

test('an npz holds each array where its directory says, under the right checksum', () => {
  const arrays = [
    { name: 'x', type: '|u1', shape: [2, 3], values: Uint8Array.of(1, 2, 3, 4, 5, 6) },
    { name: 'ids', type: '<u4', shape: [4], values: Uint32Array.of(7, 8, 9, 4_000_000_000) },
    { name: 'none', type: '<f4', shape: [0, 2], values: new Float32Array() },
  ];
  const file = Buffer.concat(formatNpz(arrays));
  const end = file.length - 22;
  assert.equal(file.readUInt32LE(end), 0x06054b50);
  assert.equal(file.readUInt16LE(end + 10), arrays.length);
  let at = file.readUInt32LE(end + 16);
  for (const { name, type, shape, values } of arrays) {
    assert.equal(file.readUInt32LE(at), 0x02014b50);
    const [crc, size, named] = [file.readUInt32LE(at + 16), file.readUInt32LE(at + 24), file.readUInt16LE(at + 28)];
    assert.equal(file.toString('latin1', at + 46, at + 46 + named), `${name}.npy`);
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const data = file.subarray(start, start + size);
    if (zlibs) assert.equal(crc, zlibs(data));
    assert.equal(data.toString('latin1', 0, 6), '\x93NUMPY');
    const header = data.toString('latin1', 10, 10 + data.readUInt16LE(8));
    assert.ok(header.includes(`'descr': '${type}'`) && header.includes(`'shape': (${shape.join(', ')}`), header);
    assert.deepEqual([...data.subarray(10 + header.length)], [...new Uint8Array(values.buffer)]);
    at += 46 + named + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
});

test('strokes are read back as they were drawn', () => {
  each(100, (next) => {
    const unit = () => Math.floor(SIDE * next());
    const strokes = Array.from({ length: 1 + Math.floor(4 * next()) }, () => {
      const stroke = [{ x: unit(), y: unit() }];
      for (let i = Math.floor(6 * next()); i; i--) reach(stroke, { x: unit() * 1.2, y: unit() });
      return stroke;
    });
    const text = write(strokes);
    assert.match(text, /^[A-Za-w]{3,}(\.[A-Za-w]{3,})*$/);
    assert.deepEqual(read(text), strokes);
  });
  assert.deepEqual(read(EMPTY), []);
  assert.equal(write([]), EMPTY);
});

test('whatever has the form of strokes is some drawing on the paper', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw';
  each(100, (next) => {
    const text = Array.from({ length: 3 + Math.floor(60 * next()) }, () => letters[Math.floor(49 * next())]).join('');
    for (const { x, y } of read(text).flat()) assert.ok(x === inside(x) && y === inside(y));
  });
});
