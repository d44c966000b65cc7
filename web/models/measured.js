/**
 * The digits that questions about a network are measured on: the first test digits, and for steps
 * the first training digits; and which of them a network misreads.
 *
 * @module
 */

import { breathing } from '../data/breath.js';
import { fetchIndex } from '../data/index.js';
import { answer } from '../data/network.js';
import { fetchShard } from '../data/shard.js';
import { indexOfLargest } from '../draw/bars.js';

/** Digits of each split, at most. */
const MEASURED = { test: 1000, train: 4000 };

/**
 * Hands them to Python.
 *
 * @param {import('./interpreter.js').Interpreter} interpreter
 * @param {import('./supply.js').Supply} supply shows them, where they are told of
 * @param {string} place address of the data set's index
 * @param {AbortSignal} signal
 * @throws {import('../wire/download.js').LoadError}
 */
export async function giveExamples(interpreter, supply, place, signal) {
  const index = await fetchIndex(place, signal);
  for (const part of /** @type {const} */ (['test', 'train'])) {
    const wanted = Math.min(MEASURED[part], index.splits[part].count);
    const area = index.rows * index.columns;
    const [images, labels] = [new Uint8Array(wanted * area), new Uint8Array(wanted)];
    for (let number = 0, have = 0; have < wanted; number++) {
      const shard = await fetchShard(place, index, part, number, { signal });
      supply.keep(shard);
      const count = Math.min(shard.count, wanted - have);
      images.set(shard.images.subarray(0, count * area), have * area);
      labels.set(shard.labels.subarray(0, count), have);
      have += count;
    }
    await interpreter.ask('examples', { part, images, labels, rows: index.rows, columns: index.columns, first: 0 }, [images.buffer, labels.buffer]);
  }
}

/**
 * The next test digit that a network misreads, among those that are here.
 *
 * @param {import('../data/network.js').Network|null} network
 * @param {import('./supply.js').Supply} supply
 * @param {number} from which digit on; after the last one comes the first
 * @returns {Promise<number>} -1: none
 */
export async function nextMistake(network, supply, from) {
  const [digits, arrived] = [supply.digits.peek(), supply.arrived.peek()];
  const breath = breathing(); // a network with windows takes milliseconds a digit
  for (let i = 0; network && digits && i < arrived; i++) {
    const at = (from + i) % arrived;
    if (indexOfLargest(answer(network, digits.pixels(at))) !== digits.labels[at]) return at;
    await breath();
  }
  return -1;
}
