/**
 * The worker that holds Python. JavaScript owns the clock here: it lets Python's hosts train for a
 * slice of a few milliseconds, posts what readers are to see, and turns to the pages' requests.
 * Python owns the maths. One page starts it and is its host; that page may let in others.
 *
 * @module
 */

import { boot } from './boot.js';
import { LoadError } from '../wire/download.js';
import { serve } from '../wire/serve.js';
import { plain, toPython } from './crossing.js';
import { PROTOCOL_VERSION } from './protocol.js';
import { broken, Unable } from './refused.js';
import { installRest } from './rest.js';

/**
 * @typedef {import('./protocol.js').Failure} Failure
 *
 * The Python side (glassnet_bridge.host.Host), as seen through its proxy.
 * @typedef {object} Host
 * @property {(request: unknown) => any} handle gives `value` or `failure`
 * @property {(milliseconds: number) => any} advance trains; gives what has stopped by an error, or undefined
 * @property {() => any} frames those that are due, or undefined
 * @property {(reader: string, id: number) => void} acknowledge
 * @property {() => any} versions
 * @property {boolean} busy whether there is work for another slice
 * @property {number} silence seconds that the next slice may take, to be told before; 0 if it is short
 */

/** Milliseconds of Python between two looks at the messages: pause takes effect within it. */
const SLICE_MS = 14;

/** Seconds for which each request may keep Python, and so this whole worker, from any other sign of life. */
const SILENT = /** @type {Record<string, number|undefined>} */ ({
  map: 120, query: 30, images_part: 30, columns: 30, data: 30, create: 30, reset: 30, fork: 30,
  open: 60, save: 60, state: 30, restore: 30, trace: 30, arrays: 30, watch: 30,
  adaline_open: 30, adaline_train: 30, adaline_measure: 30, adaline_letter: 30,
  examples: 30, subject: 30, subject_file: 30, subject_fresh: 30, subject_step: 30, subject_map: 30,
  subject_arrays: 30, subject_census: 60, subject_unit: 30, subject_edit: 30, subject_flip: 60,
  subject_active: 30, subject_train: 60,
  sweep_plan: 30, sweep_open: 120, sweep_result: 30, sweep_pack: 120, sweep_look: 60,
}); // prettier-ignore

/** Seconds that the interpreter may take to start, once it has begun. */
const START = 90;

/** Milliseconds after which a Python that was kept gets its files: what was asked meanwhile goes first. */
const FURNISH_MS = 500;

/** Requests of a run's first moments: a Python that was kept answers them before its files are there. */
const SOON = new Set(['data', 'create', 'reset', 'dispose', 'start', 'pause', 'step', 'watch', 'unwatch', 'arrays', 'state']);

/** What Python says when it does not find a module. */
const MISSING = /^No module named /;

/** Python, started or starting; null before anybody has asked for it. @type {Promise<import('./boot.js').Booted>|null} */
let booting = null;
/** @type {import('pyodide').PyodideAPI|null} */
let pyodide = null;
/** Whether the interpreter was there and is lost. */
let over = false;
/** @type {Set<Guest>} */
const guests = new Set();
let driving = false;
const turns = new MessageChannel();

/**
 * One who uses this Python: the page that started it, or a figure somewhere that was let in by that
 * page. Each has a world of its own: its data sets, its runs, its readers. What takes up the whole
 * worker is told to all.
 */
class Guest {
  /** @type {Host|null} */
  host = null;
  /** Requests are answered one behind the other, in their order: the last of them. @type {Promise<unknown>} */
  #line = Promise.resolve();
  #manifest;

  /**
   * @param {import('../wire/requests.js').Endpoint} endpoint
   * @param {number} number by which its host knows it; 0 is the host
   * @param {string|null} manifest from where Python comes; null: the guest says so, being the page itself
   */
  constructor(endpoint, number, manifest) {
    this.number = number;
    this.#manifest = manifest;
    this.tell = serve(endpoint, { answer: (request) => this.#answer(request), hear: (message) => this.#hear(message), describe });
    this.tell('hello', { version: PROTOCOL_VERSION });
  }

  /** @param {any} request */
  async #answer(request) {
    if (request.type === 'boot') return this.#start(request);
    if (!booting) throw new LoadError('E-EARLY', `“${request.type}” was asked before Python was`, 'Reload the page.');
    const answered = this.#line.then(() => this.#carryOut(request));
    this.#line = answered.catch(() => {});
    const value = await answered;
    void proceed();
    return value;
  }

  /** @param {any} request */
  async #carryOut(request) {
    const { furnish } = await /** @type {Promise<import('./boot.js').Booted>} */ (booting);
    if (!SOON.has(request.type)) await furnish();
    try {
      return this.#handled(request);
    } catch (error) {
      if (!(error instanceof Unable && MISSING.test(error.message))) throw error;
      await furnish(); // it needs one of the files after all: nothing has been changed, so it is tried again
      return this.#handled(request);
    }
  }

  /** @param {any} request */
  #handled(request) {
    const python = this.#python();
    turnTo(this);
    const { value, failure } = silently(SILENT[request.type] ?? 0, () => plain(python.handle(toPython(request))));
    if (failure) throw new Unable(failure);
    // Python has a copy of pixels; their memory is the page's again
    return request.type === 'images_part' ? { images: request.images } : value;
  }

  /** @param {{version: number, manifest: string}} request */
  async #start({ version, manifest }) {
    if (version !== PROTOCOL_VERSION) {
      throw new LoadError('E-VERSION', 'the page and its worker are of different versions', 'Reload the page.');
    }
    const { versions, moments } = await prepare(this.#manifest ?? manifest);
    return { versions: { ...versions, ...plain(this.#python().versions()) }, moments };
  }

  /** Its world, which begins when it is first needed. @returns {Host} */
  #python() {
    if (over || !pyodide) throw new LoadError('E-EARLY', 'Python is lost', 'Reload the page.');
    return (this.host ??= makeHost(pyodide));
  }

  /** @param {any} message */
  #hear(message) {
    if (message.tell === 'leave') return void this.#leave();
    if (this.number === 0) this.#hearHost(message);
    if (message.tell !== 'ack' || !this.host) return;
    this.host.acknowledge(message.reader, message.id);
    if (!driving) attempt(this, show); // the next slice shows what is new
  }

  /** Who else may come, only the page that started this says. @param {any} message */
  #hearHost(message) {
    if (message.tell === 'prepare') void prepare(message.manifest);
    if (message.tell === 'join' && !over) guests.add(new Guest(message.port, message.number, message.manifest));
    if (message.tell === 'part') for (const guest of guests) if (guest.number === message.number) guest.#leave();
  }

  /** Its world ends, and its memory is free. */
  #leave() {
    guests.delete(this);
    /** @type {any} */ (this.host)?.destroy();
    this.host = null;
  }
}

guests.add(new Guest(/** @type {any} */ (self), 0, null));

/** Starts Python, once. @param {string} url of the manifest */
function prepare(url) {
  booting ??= begin(url);
  booting.catch(() => {}); // whoever asks for it is told
  return booting;
}

/** @param {string} url */
async function begin(url) {
  const booted = await boot(url, {
    progress: (stage, loaded, total) => tellAll('progress', { stage, loaded, total }),
    silent: () => tellAll('busy', { seconds: START }),
  });
  try {
    installRest(booted.pyodide, url, booted.later);
    makeHost(booted.pyodide).destroy(); // that one can be made is for this attempt to find out
  } catch (error) {
    await booted.forget(); // should it have been kept: the next one is begun from its files
    throw error;
  }
  pyodide = booted.pyodide;
  booted.moments.host = performance.timeOrigin + performance.now();
  tellAll('busy', { seconds: 0 });
  tellAll('progress', { stage: 'ready', loaded: 0, total: 0 });
  setTimeout(() => booted.furnish().catch(() => {}), FURNISH_MS); // whoever needs the files is told
  return booted;
}

/** @param {import('pyodide').PyodideAPI} python @returns {any} a `Host` of its own */
function makeHost(python) {
  return python.pyimport('glassnet_bridge').Host.callKwargs({ announce: expect });
}

/** @param {string} news @param {object} what */
function tellAll(news, what) {
  for (const guest of guests) guest.tell(news, what);
}

/** The guest whose Python is at work. */
let at = 0;

/** The host of several guests knows whose Python is at work: should the worker fall silent, it was that. @param {Guest} guest */
function turnTo({ number }) {
  if (guests.size > 1 && number !== at) for (const host of guests) if (host.number === 0) host.tell('at', { guest: number });
  at = number;
}

/** Shows what has changed, and trains, guest by guest, until there is nothing left to do. */
async function proceed() {
  if (driving) return;
  driving = true;
  await nextTurn(); // the answers go first
  let more = true;
  while (more) {
    more = false;
    for (const guest of guests) {
      if (!attempt(guest, show) || !guest.host?.busy || !attempt(guest, slice)) continue;
      more = true;
      await nextTurn(); // after each slice, however many train
    }
  }
  driving = false;
}

/** Whether Python has announced, in this slice, that it takes longer. */
let expected = false;

/** Python takes up this whole worker for a while, as it has found out just now. @param {number} seconds */
function expect(seconds) {
  if (seconds) tellAll('busy', { seconds });
  expected ||= seconds > 0;
}

/** @param {Host} host @param {Guest} guest */
function slice(host, guest) {
  turnTo(guest);
  const stopped = silently(host.silence, () => plain(host.advance(SLICE_MS)));
  if (expected) tellAll('busy', { seconds: 0 });
  expected = false;
  for (const trouble of stopped ?? []) guest.tell('trouble', trouble);
}

/** Posts what readers are to see, its arrays moved rather than copied. @param {Host} host @param {Guest} guest */
function show(host, guest) {
  for (const told of plain(host.frames()) ?? []) guest.tell(told.frame ? 'frame' : 'trouble', told);
}

/** Whether something that nobody has asked for could be done; if not, the page is told. @param {Guest} guest @param {(host: Host, guest: Guest) => void} act */
function attempt(guest, act) {
  if (!guest.host) return false;
  try {
    act(guest.host, guest);
    return true;
  } catch (error) {
    lose(broken(error));
    return false;
  }
}

/**
 * @template T
 * @param {number} seconds that it may take; 0 if nobody would notice
 * @param {() => T} act
 * @returns {T}
 */
function silently(seconds, act) {
  if (seconds) tellAll('busy', { seconds });
  try {
    return act();
  } finally {
    if (seconds) tellAll('busy', { seconds: 0 });
  }
}

/** Lets waiting messages in; a timer would cost at least four milliseconds. @returns {Promise<void>} */
function nextTurn() {
  return new Promise((resolve) => {
    turns.port1.onmessage = () => resolve();
    turns.port2.postMessage(null);
  });
}

/** An error in words; one that has cost the interpreter its life is told to everybody. @param {any} error @returns {Failure} */
function describe(error) {
  if (error instanceof Unable) return error.failure;
  const there = pyodide !== null && !over;
  if (error instanceof LoadError) return { code: error.code, message: error.message, advice: error.advice, fatal: !there };
  const failure = broken(error);
  if (there && alive()) return { ...failure, fatal: false }; // such as a message too deep to be read
  if (there) lose(failure);
  return failure;
}

/** The interpreter is lost: all are told, and nothing more is asked of it. @param {Failure} failure */
function lose(failure) {
  over = true;
  for (const guest of guests) guest.host = null;
  tellAll('fatal', { failure });
}

/** Whether Pyodide can still be used; what it offers throws once it has failed for good. */
function alive() {
  try {
    return Boolean(pyodide?.globals);
  } catch {
    return false;
  }
}
