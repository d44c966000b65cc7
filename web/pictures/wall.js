/**
 * The worker that keeps all digits of the wall: fetches and checks them, makes pictures of any part
 * of the plane, measures, finds neighbours. Whatever takes longer than a frame happens here.
 *
 * @module
 */

import { aboutPacked, Examples, UNLABELLED } from '../data/examples.js';
import { fetchIndex } from '../data/index.js';
import { classFigures, measure } from '../data/measures.js';
import { nearest } from '../data/nearest.js';
import { readFiles } from '../data/own-files.js';
import { fetchShard } from '../data/shard.js';
import { LoadError } from '../wire/download.js';
import { Painter } from './painter.js';

/**
 * @typedef {import('./protocol.js').Order} Order
 * @typedef {import('./protocol.js').Question} Question
 * @typedef {import('./protocol.js').News} News
 */

/** Shards fetched at the same time. */
const LANES = 3;

/** @type {Examples|null} */
let examples = null;
const painter = new Painter();
/** Shards that are here or on their way, by file; a second try fetches only the others. @type {Set<string>} */
const here = new Set();

self.onmessage = ({ data }) => void obey(/** @type {Order} */ (data));
post({ type: 'hello' });

/** @param {Order} order */
async function obey(order) {
  if (order.type === 'open') return open(order.index, order.cache);
  if (order.type === 'arrange') return painter.arrange(order.version, order.places, order.before);
  if (order.type === 'mark') return painter.mark(order.ids, examples?.about.count ?? 0);
  if (order.type === 'colours') return painter.colour(order.plain, order.marked);
  const { number, question } = order;
  try {
    const value = await answer(question);
    post({ type: 'answer', number, value }, transferable(value));
  } catch (error) {
    post({ type: 'refusal', number, message: /** @type {Error} */ (error).message });
  }
}

/** @param {string} url @param {RequestCache} cache */
async function open(url, cache) {
  try {
    const index = await fetchIndex(url, undefined, cache);
    if (!examples) take(new Examples(aboutPacked(index)));
    const kept = examples;
    const queue = /** @type {const} */ (['test', 'train']).flatMap((split) =>
      index.splits[split].shards.map(({ file }, number) => ({ split, number, file })),
    );
    const lane = async () => {
      for (let part = queue.shift(); part; part = queue.shift()) {
        if (here.has(part.file)) continue;
        here.add(part.file);
        const shard = await fetchShard(url, index, part.split, part.number, { cache }).catch((error) => {
          here.delete(part.file);
          throw error;
        });
        if (kept !== examples || !kept) return; // the visitor has opened files of their own
        const start = (part.split === 'test' ? 0 : index.splits.test.count) + shard.start;
        kept.add(start, shard.images, shard.labels);
        post({ type: 'arrived', start, labels: shard.labels, arrived: kept.arrived });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    const { code = 'E-PAGE', message, advice = 'Try again.' } = /** @type {LoadError} */ (error);
    post({ type: 'failure', code, message, advice });
  }
}

/** @param {Examples} set */
function take(set) {
  examples = set;
  painter.show(set);
  post({ type: 'set', about: set.about });
}

/** @param {Question} question @returns {Promise<any>} */
async function answer(question) {
  if (question.type === 'files') return takeFiles(question.files);
  if (!examples) throw new Error('no digits are here yet');
  switch (question.type) {
    case 'tile':
      return painter.tile(question.tile, question.version);
    case 'moment':
      return painter.moment(question.moment);
    case 'pixels':
      return examples.pixels(question.id);
    case 'near':
      return nearest(examples.images, question.id, question.count, examples.area);
    case 'figures':
      return classFigures(examples, question.ids);
    case 'images':
      return gather(examples, question.ids, question.into);
    case 'measures':
      return measure(examples);
  }
}

/** @param {import('../data/own-files.js').Given[]} files @returns {Promise<string[]|null>} the classes' names, if only those were given */
async function takeFiles(files) {
  const found = await readFiles(files); // throws before anything here has changed
  if ('classes' in found) return rename(found.classes);
  const set = new Examples(found.about);
  found.parts.forEach(({ images, labels }, i) => set.add(found.about.parts[i].start, images, labels));
  take(set);
  post({ type: 'arrived', start: 0, labels: set.labels.slice(), arrived: set.arrived });
  return null;
}

/** Gives the classes of the visitor's set other names. @param {string[]} names */
function rename(names) {
  if (examples?.about.name !== 'own') throw new Error('a list of names belongs to files of your own; drop it together with them, or after them');
  const { about } = examples;
  const named = about.classes.filter((name) => name !== UNLABELLED).length;
  const rest = about.classes.slice(named);
  if (!named) throw new Error('a list of names, but no image of this set has a label');
  if (names.length < named || (rest.length && names.length > named)) throw new Error(`the list of names has ${names.length}; this set has ${named} classes`);
  examples.about = { ...about, classes: [...names, ...rest] };
  return examples.about.classes;
}

/** @param {Examples} set @param {Uint32Array} ids @param {Uint8Array<ArrayBuffer>} [into] memory to use again, if it is large enough */
function gather({ images, area }, ids, into) {
  const length = ids.length * area;
  const chosen = into && into.buffer.byteLength >= length ? new Uint8Array(into.buffer, 0, length) : new Uint8Array(length);
  ids.forEach((id, k) => chosen.set(images.subarray(id * area, (id + 1) * area), k * area));
  return chosen;
}

/** @param {any} value @returns {Transferable[]} */
function transferable(value) {
  if (typeof ImageBitmap !== 'undefined' && value instanceof ImageBitmap) return [value];
  if (ArrayBuffer.isView(value)) return [value.buffer];
  if (value && typeof value === 'object') return Object.values(value).flatMap(transferable);
  return [];
}

/** @param {News} message @param {Transferable[]} [transfer] */
function post(message, transfer = []) {
  /** @type {any} */ (self).postMessage(message, transfer);
}
