/**
 * The worker that holds Python. JavaScript owns the clock here: it lets Python's host train for a
 * slice of a few milliseconds, posts what readers are to see, and turns to the page's requests.
 * Python owns the maths.
 *
 * @module
 */

import { boot } from './boot.js';
import { LoadError } from '../wire/download.js';
import { serve } from '../wire/serve.js';
import { plain, toPython } from './crossing.js';
import { PROTOCOL_VERSION } from './protocol.js';
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
}); // prettier-ignore

/** Seconds that the interpreter may take to start, once it has begun. */
const START = 90;

/** Milliseconds after which a Python that was kept gets its files: what was asked meanwhile goes first. */
const FURNISH_MS = 500;

/** Requests of a run's first moments: a Python that was kept answers them before its files are there. */
const SOON = new Set(['data', 'create', 'reset', 'dispose', 'start', 'pause', 'step', 'watch', 'unwatch', 'arrays', 'state']);

/** What Python says when it does not find a module. */
const MISSING = /^No module named /;

/** @type {Host|null} */
let host = null;
/** Python, started or starting; null before anybody has asked for it. @type {Promise<import('./boot.js').Booted>|null} */
let booting = null;
/** @type {import('pyodide').PyodideAPI|null} */
let pyodide = null;
let driving = false;
const turns = new MessageChannel();

const tell = serve(/** @type {any} */ (self), { answer, hear, describe });
tell('hello', { version: PROTOCOL_VERSION });

/** Requests are answered one behind the other, in their order: the last of them. @type {Promise<unknown>} */
let line = Promise.resolve();

/** @param {any} request */
async function answer(request) {
  if (request.type === 'boot') return start(request);
  if (!booting) throw new LoadError('E-EARLY', `“${request.type}” was asked before Python was`, 'Reload the page.');
  const answered = line.then(() => carryOut(request));
  line = answered.catch(() => {});
  const value = await answered;
  void proceed();
  return value;
}

/** @param {any} request */
async function carryOut(request) {
  const { furnish } = await /** @type {Promise<import('./boot.js').Booted>} */ (booting);
  if (!SOON.has(request.type)) await furnish();
  try {
    return handled(request);
  } catch (error) {
    if (!(error instanceof Unable && MISSING.test(error.message))) throw error;
    await furnish(); // it needs one of the files after all: nothing has been changed, so it is tried again
    return handled(request);
  }
}

/** @param {any} request */
function handled(request) {
  if (!host) throw new LoadError('E-EARLY', 'Python is lost', 'Reload the page.');
  const python = host;
  const { value, failure } = silently(SILENT[request.type] ?? 0, () => plain(python.handle(toPython(request))));
  if (failure) throw new Unable(failure);
  // Python has a copy of pixels; their memory is the page's again
  return request.type === 'images_part' ? { images: request.images } : value;
}

/** @param {{version: number, manifest: string}} request */
async function start({ version, manifest }) {
  if (version !== PROTOCOL_VERSION) {
    throw new LoadError('E-VERSION', 'the page and its worker are of different versions', 'Reload the page.');
  }
  const { versions, moments } = await prepare(manifest);
  return { versions: { ...versions, ...plain(/** @type {Host} */ (host).versions()) }, moments };
}

/** Starts Python, once. @param {string} url of the manifest */
function prepare(url) {
  booting ??= begin(url);
  booting.catch(() => {}); // whoever asks for it is told
  return booting;
}

/** @param {string} url */
async function begin(url) {
  const booted = await boot(url, {
    progress: (stage, loaded, total) => tell('progress', { stage, loaded, total }),
    silent: () => tell('busy', { seconds: START }),
  });
  pyodide = booted.pyodide;
  try {
    installRest(pyodide, url, booted.later);
    host = /** @type {Host} */ (pyodide.pyimport('glassnet_bridge').Host.callKwargs({ announce: expect }));
  } catch (error) {
    await booted.forget(); // should it have been kept: the next one is begun from its files
    throw error;
  }
  booted.moments.host = performance.timeOrigin + performance.now();
  tell('busy', { seconds: 0 });
  tell('progress', { stage: 'ready', loaded: 0, total: 0 });
  setTimeout(() => booted.furnish().catch(() => {}), FURNISH_MS); // whoever needs the files is told
  return booted;
}

/** @param {any} message */
function hear(message) {
  if (message.tell === 'prepare') return void prepare(message.manifest);
  if (message.tell !== 'ack' || !host) return;
  host.acknowledge(message.reader, message.id);
  if (!driving) attempt(show); // the next slice shows what is new
}
/** Shows what has changed, and trains until there is nothing left to do. */
async function proceed() {
  if (driving) return;
  driving = true;
  await nextTurn(); // the answer goes first
  while (attempt(show) && host?.busy && attempt(slice)) await nextTurn();
  driving = false;
}

/** Whether Python has announced, in this slice, that it takes longer. */
let expected = false;

/** Python takes up this whole worker for a while, as it has found out just now. @param {number} seconds */
function expect(seconds) {
  if (seconds) tell('busy', { seconds });
  expected ||= seconds > 0;
}

/** @param {Host} host */
function slice(host) {
  const stopped = silently(host.silence, () => plain(host.advance(SLICE_MS)));
  if (expected) tell('busy', { seconds: 0 });
  expected = false;
  for (const trouble of stopped ?? []) tell('trouble', trouble);
}

/** Posts what readers are to see, its arrays moved rather than copied. @param {Host} host */
function show(host) {
  for (const told of plain(host.frames()) ?? []) tell(told.frame ? 'frame' : 'trouble', told);
}

/** Whether something that nobody has asked for could be done; if not, the page is told. @param {(host: Host) => void} act */
function attempt(act) {
  if (!host) return false;
  try {
    act(host);
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
  if (seconds) tell('busy', { seconds });
  try {
    return act();
  } finally {
    if (seconds) tell('busy', { seconds: 0 });
  }
}

/** Lets waiting messages in; a timer would cost at least four milliseconds. @returns {Promise<void>} */
function nextTurn() {
  return new Promise((resolve) => {
    turns.port1.onmessage = () => resolve();
    turns.port2.postMessage(null);
  });
}

/** What Python itself has refused. */
class Unable extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** An error in words; one that has cost the interpreter its life is told to everybody. @param {any} error @returns {Failure} */
function describe(error) {
  if (error instanceof Unable) return error.failure;
  if (error instanceof LoadError) return { code: error.code, message: error.message, advice: error.advice, fatal: !host };
  const failure = broken(error);
  if (host && alive()) return { ...failure, fatal: false }; // such as a message too deep to be read
  if (host) lose(failure);
  return failure;
}

/** The interpreter is lost: the page is told, and nothing more is asked of it. @param {Failure} failure */
function lose(failure) {
  host = null;
  tell('fatal', { failure });
}

/** Whether Pyodide can still be used; what it offers throws once it has failed for good. */
function alive() {
  try {
    return Boolean(pyodide?.globals);
  } catch {
    return false;
  }
}

/** @param {any} error @returns {Failure} */
function broken(error) {
  const { message = String(error) } = error ?? {};
  const python = typeof error?.type === 'string'; // a PythonError: its message is the whole traceback
  return {
    code: 'E-WORKER',
    message: `the worker failed: ${python ? message.trim().split('\n').pop() : message}`,
    advice: 'Try again.',
    ...(python ? { traceback: message } : {}),
    fatal: true,
  };
}
