/**
 * The worker that keeps all digits of the wall: fetches and checks them, makes pictures of any part
 * of the plane, measures, finds neighbours. Whatever takes longer than a frame happens here.
 *
 * @module
 */

import { Examples, UNLABELLED } from '../data/examples.js';
import { fetchIndex } from '../data/index.js';
import { classFigures, measure } from '../data/measures.js';
import { nearest } from '../data/nearest.js';
import { readFiles } from '../data/own-files.js';
import { aboutPacked } from '../data/packed.js';
import { fetchShard } from '../data/shard.js';
import { readAll } from '../data/readings.js';
import { drop } from '../wire/release.js';
import { serve } from '../wire/serve.js';
import { Painter } from './painter.js';

/**
 * @typedef {import('./protocol.js').Requests} Requests
 * @typedef {{[T in keyof Requests]: {type: T} & Parameters<Requests[T]>[0]}[keyof Requests]} Request
 * @typedef {import('./protocol.js').Tells} Tells
 * @typedef {{[T in keyof Tells]: {tell: T} & Parameters<Tells[T]>[0]}[keyof Tells]} Told
 */

/** Milliseconds that the first digits have the worker for themselves, at the most: they are to be seen before the others come. */
const PATIENCE_MS = 250;
/** Shards fetched at the same time. */
const LANES = 3;
/** Pixels a second that a slow machine reads, at the least: how long the worker may be silent follows from it. */
const PACE = 20e6;

/** @type {Examples|null} */
let examples = null;
const painter = new Painter();
/** Shards that are here or on their way, by file; a second try fetches only the others. @type {Set<string>} */
const here = new Set();
/** Settles with the first picture of digits. @type {PromiseWithResolvers<void>} */
const seen = Promise.withResolvers();
/** Counts the visitor's files: those that came last are shown. */
let drops = 0;
/** A set that was begun before anybody asked for it: its index, and its first digits. @type {{url: string, index: ReturnType<typeof fetchIndex>, first: ReturnType<typeof fetchShard>}|null} */
let begun = null;
/** How much of what takes long is under way. */
let labours = 0;

const tell = serve(/** @type {any} */ (self), { answer, hear, describe });
tell('hello');

/** @param {Told} message */
function hear(message) {
  if (message.tell === 'prepare') prepare(message.index);
  else if (message.tell === 'arrange') painter.arrange(message.version, message.places, message.before);
  else if (message.tell === 'mark') painter.mark(message.ids, examples?.about.count ?? 0);
  else painter.colour(message.inks);
}

/** @param {Request} request @returns {Promise<any>} */
async function answer(request) {
  if (request.type === 'open') return open(request.index, request.cache);
  if (request.type === 'files') return takeFiles(request.files);
  const set = examples;
  if (!set) throw new Error('no digits are here yet');
  switch (request.type) {
    case 'tile':
      return painter.tile(request.tile, request.version).finally(() => void (set.arrived && seen.resolve()));
    case 'moment':
      return painter.moment(request.moment);
    case 'pixels':
      return set.pixels(request.id);
    case 'near':
      return labour(set.about.count * set.area, () => nearest(set, request.id, request.counts));
    case 'figures':
      return labour(request.ids.length * set.area, () => classFigures(set, request.ids));
    case 'images':
      return gather(set, request.ids, request.into);
    case 'read':
      return readAll(set, request.network); // it breathes, and so gives signs of life
    case 'measures':
      return labour(set.about.count * set.area, () => measure(set));
  }
}

/**
 * Does what keeps the worker from giving signs of life, and says so before.
 *
 * @template T
 * @param {number} pixels that it reads
 * @param {() => T|Promise<T>} work
 */
async function labour(pixels, work) {
  labours += 1;
  tell('busy', { seconds: 2 + pixels / PACE });
  try {
    return await work();
  } finally {
    labours -= 1;
    if (!labours) tell('busy', { seconds: 0 });
  }
}

/** What goes wrong here goes wrong again, and is told, when it is asked for. @param {string} url of an index */
function prepare(url) {
  const index = fetchIndex(url);
  const first = index.then((found) => fetchShard(url, found, 'test', 0));
  first.catch(() => {});
  begun = { url, index, first };
}

/** @param {string} url @param {RequestCache} cache */
async function open(url, cache) {
  const ready = begun?.url === url ? begun : null;
  begun = null;
  const index = (await ready?.index.catch(() => null)) ?? (await fetchIndex(url, undefined, cache));
  if (!examples) take(new Examples(aboutPacked(index)));
  const kept = examples;
  const queue = /** @type {const} */ (['test', 'train']).flatMap((split) =>
    index.splits[split].shards.map(({ file }, number) => ({ split, number, file })),
  );
  /** @param {typeof queue[number]} part @param {ArrayBuffer} [into] @param {Promise<import('../data/shard.js').Shard|null>} [early] @returns {Promise<ArrayBuffer|undefined>} its memory, for the next */
  const bring = async (part, into, early) => {
    if (here.has(part.file)) return into;
    here.add(part.file);
    const fetched = (async () => (await early) ?? fetchShard(url, index, part.split, part.number, { cache, into }))();
    const shard = await fetched.catch((error) => {
      here.delete(part.file);
      throw error;
    });
    if (kept !== examples || !kept) return undefined; // the visitor has opened files of their own
    const start = (part.split === 'test' ? 0 : index.splits.test.count) + shard.start;
    kept.add(start, shard.images, shard.labels);
    tell('arrived', { start, labels: shard.labels });
    return shard.images.buffer;
  };
  const first = queue.shift();
  if (first) await bring(first, undefined, ready?.first.catch(() => null));
  await Promise.race([seen.promise, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  const lane = async () => {
    /** One shard's memory is the next one's. @type {ArrayBuffer|undefined} */
    let into;
    for (let part = queue.shift(); part; part = queue.shift()) into = await bring(part, into);
    if (into) drop(into);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return null;
}

/** @param {Examples} set */
function take(set) {
  examples = set;
  painter.show(set);
  tell('set', { about: set.about });
}

/** @param {import('../data/own-files.js').Given[]} files @returns {Promise<string[]|null>} the classes' names, if only those were given */
async function takeFiles(files) {
  const found = await readFiles(files); // throws before anything here has changed
  if ('classes' in found) return rename(found.classes);
  const turn = ++drops;
  const set = new Examples(found.about);
  await found.fill(set, (arrived) => {
    if (turn !== drops) throw new Error('other files were opened meanwhile');
    tell('reading', { arrived, count: found.about.count });
  });
  take(set);
  tell('arrived', { start: 0, labels: set.labels.slice(), ...(found.writers && { writers: found.writers }) });
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
function gather(set, ids, into) {
  const length = ids.length * set.area;
  return set.gather(ids, into && into.buffer.byteLength >= length ? new Uint8Array(into.buffer, 0, length) : new Uint8Array(length));
}

/** @param {unknown} error @returns {import('../wire/requests.js').Failure} */
function describe(error) {
  const { code = 'E-WALL', message, advice } = /** @type {import('../wire/download.js').LoadError} */ (error);
  return { code, message, advice, fatal: false };
}
