/**
 * The digits that questions about a network are measured on: the first test digits, and for steps
 * the first training digits.
 *
 * @module
 */

import { fetchIndex } from '../data/index.js';
import { fetchShard } from '../data/shard.js';

/** Test digits, at most. */
const MEASURED = 1000;

/**
 * Hands them to Python.
 *
 * @param {import('./interpreter.js').Interpreter} interpreter
 * @param {string} place address of the data set's index
 * @param {AbortSignal} signal
 * @throws {import('../wire/download.js').LoadError}
 */
export async function giveExamples(interpreter, place, signal) {
  const index = await fetchIndex(place, signal);
  for (const part of /** @type {const} */ (['test', 'train'])) {
    const { images, labels, rows, columns, start, count } = await fetchShard(place, index, part, 0, { signal });
    const number = part === 'test' ? Math.min(count, MEASURED) : count;
    const given = { images: images.slice(0, number * rows * columns), labels: labels.slice(0, number) };
    await interpreter.ask('examples', { part, ...given, rows, columns, first: start }, [given.images.buffer, given.labels.buffer]);
  }
}
