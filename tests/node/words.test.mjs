import assert from 'node:assert/strict';
import { test } from 'node:test';

import { precise } from '../../web/models/words.js';
import { each } from './random.mjs';

test('a number is told to the digits that count', () => {
  const told = [0, 1, -0.25, 1234.56, 0.000123449, -0.00001, 1.2e-7, -4e12, NaN, Infinity, -Infinity].map((value) => precise(value));
  assert.deepEqual(told, ['0', '1', '−0.25', '1235', '0.0001234', '−1·10⁻⁵', '1.2·10⁻⁷', '−4·10¹²', 'NaN', '∞', '−∞']);
  assert.equal(precise(2 / 3, 2), '0.67');
  assert.equal(precise(-0), '0');
});

test('and read again, is that number', () => {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  each(500, (next) => {
    const value = (next() - 0.5) * 10 ** (40 * next() - 20);
    const plain = precise(value).replace('−', '-').replace(/·10(⁻?)([⁰¹²³⁴-⁹]+)/, (_, sign, power) => `e${sign && '-'}${[...power].map((one) => digits.indexOf(one)).join('')}`);
    assert.ok(Math.abs(Number(plain) - value) <= 5.1e-4 * Math.abs(value), `${value} became ${plain}`);
  });
});
