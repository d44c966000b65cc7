/** Letters as files: read as the package reads them, damaged the same way each time, added up. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { asText, classesOf, damaged, merged, parse, readLetters, scoresOf } from '../../web/data/letters.js';
import { each } from './random.mjs';

const A = '...##...\n..#..#..\n.#....#.\n.#....#.\n.######.\n.#....#.\n.#....#.\n.#....#.\n';

test('a letter is read and written as its file has it', () => {
  const letter = parse(A, 'A.round.txt');
  assert.equal(letter.label, 'A');
  assert.deepEqual([...letter.cells.slice(0, 8)], [0, 0, 0, 1, 1, 0, 0, 0]);
  assert.equal(asText(letter.cells), A);
  assert.deepEqual(parse(`\n ${A.replaceAll('\n', ' \r\n')}`, 'A.txt').cells, letter.cells);
});

test('what is no letter is refused by file and place', () => {
  assert.throws(() => parse(A.replace('..#..#..', '..#..x..'), 'A.txt'), /^Error: A\.txt, line 2, column 6: expected # or \., got "x"$/);
  assert.throws(() => parse('##\n..', 'B.txt'), /B\.txt: expected 8 rows of 8 symbols, got rows of 2, 2/);
  assert.throws(() => parse('', 'B.txt'), /got rows of nothing/);
  assert.throws(() => parse(A, '.txt'), /the class is the name before the first dot/);
});

test('either all files are taken, or none', async () => {
  const file = (/** @type {string} */ name, /** @type {BlobPart} */ text) => new File([text], name);
  const good = await readLetters([file('Q.txt', A), file('R.txt', A), file('.hidden', 'x')]);
  assert.deepEqual(good.letters.map(({ label }) => label), ['Q', 'R']);
  assert.deepEqual(good.faults, []);
  const bad = await readLetters([file('Q.txt', A), file('R.txt', 'x'), file('S.txt', new Uint8Array([255])), file('T.txt', ' '.repeat(5000))]);
  assert.deepEqual(bad.letters, []);
  assert.deepEqual(bad.faults.map((fault) => fault.slice(0, 20)), ['R.txt, line 1, colum', 'S.txt: not a text fi', 'T.txt: 5000 bytes; a']);
  assert.match((await readLetters(Array.from({ length: 201 }, () => file('Q.txt', A)))).faults[0], /at most 200/);
  assert.equal((await readLetters([])).faults.length, 1);
});

test('so many cells are flipped, the same ones for the same seed', () => {
  const { cells } = parse(A, 'A.txt');
  each(50, (next, seed) => {
    const flips = Math.floor(next() * 65);
    const one = damaged(cells, flips, seed);
    assert.equal(one.filter((cell, i) => cell !== cells[i]).length, flips);
    assert.deepEqual(damaged(cells, flips, seed), one);
  });
  assert.notDeepEqual(damaged(cells, 8, 1), damaged(cells, 8, 2));
  assert.equal(asText(cells), A);
});

test('of two files with one name the later counts, in the order of names', () => {
  const [a, b] = [parse(A, 'A.txt'), parse(A.replaceAll('#', '.'), 'A.txt')];
  const all = merged([parse(A, 'B.txt'), a], [b, parse(A, 'A.2.txt')]);
  assert.deepEqual(all.map(({ file }) => file), ['A.2.txt', 'A.txt', 'B.txt']);
  assert.equal(all[1], b);
  assert.deepEqual(classesOf(all), ['A', 'B']);
});

test('a sum is the bias and the weights, each with the sign of its cell', () => {
  const weights = new Float64Array(130);
  weights.set([0.5, 2], 0);
  weights.set([-1], 65);
  weights[65 + 64] = 3;
  assert.deepEqual([...scoresOf(weights, new Uint8Array(64))], [-1.5, -4]);
  assert.deepEqual([...scoresOf(weights, new Uint8Array(64).fill(1))], [2.5, 2]);
});
