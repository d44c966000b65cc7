/**
 * The worker that holds Python. JavaScript owns the clock here: it lets the Python session train
 * for a slice of a few milliseconds, posts a frame if the page has drawn the one before, and turns
 * to the page's commands. Python owns the maths. The handler is set before anything is awaited,
 * or a module worker would lose the messages that arrive meanwhile.
 *
 * @module
 */

import { boot } from './boot.js';
import { LoadError } from '../wire/download.js';
import { PROTOCOL_VERSION } from './protocol.js';
import { installRest } from './rest.js';

/**
 * @typedef {import('./protocol.js').Command} Command
 * @typedef {import('./protocol.js').Report} Report
 * @typedef {import('./protocol.js').Failure} Failure
 * @typedef {import('./protocol.js').Frame|import('./protocol.js').RaceFrame} Frame
 *
 * The Python side (glassnet_bridge.session.Session, or race.Race), as seen through its proxy.
 * @typedef {object} Session
 * @property {(message: object) => any} handle a command; returns a failure's proxy, or undefined
 * @property {(milliseconds: number) => any} advance trains; returns a failure's proxy, or undefined
 * @property {() => any} frame
 * @property {() => any} answer to the last browse request, or undefined
 * @property {boolean} busy whether there is work for another slice
 */

/** Milliseconds of Python between two looks at the messages: pause takes effect within it. */
const SLICE_MS = 14;

/** @type {Promise<Session>|null} */
let ready = null;
let driving = false;
let awaitingAck = false;
/** Whether digits have come that no frame has told of yet. */
let untold = false;

const turns = new MessageChannel();

self.onmessage = ({ data }) => void receive(data).catch(report);
post({ type: 'hello', version: PROTOCOL_VERSION });

/** @param {Command} command */
async function receive(command) {
  if (command.type === 'boot') {
    if (command.version !== PROTOCOL_VERSION) {
      throw new LoadError('E-VERSION', 'the page and its worker are of different versions', 'Reload the page.');
    }
    ready ??= prepare(command.manifest, command.session);
    await ready;
    return;
  }
  if (!ready) throw new Error(`“${command.type}” was sent before “boot”`);
  const session = await ready;
  if (command.type === 'ack') {
    awaitingAck = false;
    if (untold) show(session);
    return;
  }
  if (!accepted(session.handle(toPython(command)))) return;
  if (command.type === 'browse') {
    const answer = plain(session.answer());
    if (command.what === 'images_part') answer.images = command.images; // Python has a copy; this is the page's again
    post({ type: 'answer', answer }, buffers(answer));
    return;
  }
  if (command.type === 'open') {
    const opened = plain(session.answer());
    post({ type: 'opened', ...opened }, buffers(opened));
  }
  if (command.type === 'save') {
    const saved = plain(session.answer());
    post({ type: 'files', ...saved }, buffers(saved));
    return;
  }
  if (driving) return; // the next slice shows what has changed
  if (command.type === 'data' && awaitingAck) untold = true;
  else show(session);
  if (session.busy) await drive(session);
}

/** @param {string} manifestURL @param {'run'|'race'} [kind] @returns {Promise<Session>} */
async function prepare(manifestURL, kind = 'run') {
  const { pyodide, manifest } = await boot(manifestURL, (stage, loaded, total) =>
    post({ type: 'progress', stage, loaded, total }),
  );
  installRest(pyodide, manifestURL, manifest);
  const session = kind === 'race' ? pyodide.pyimport('glassnet_bridge.race').Race() : pyodide.pyimport('glassnet_bridge').Session();
  post({ type: 'ready', versions: { ...manifest.versions, ...plain(session.versions()) } });
  return session;
}

/** Trains in slices until there is nothing left to do. @param {Session} session */
async function drive(session) {
  driving = true;
  try {
    while (session.busy) {
      if (!accepted(session.advance(SLICE_MS))) break;
      if (!awaitingAck) show(session);
      await nextTurn();
    }
    show(session);
  } finally {
    driving = false;
  }
}

/** Lets waiting messages in; a timer would cost at least four milliseconds. @returns {Promise<void>} */
function nextTurn() {
  return new Promise((resolve) => {
    turns.port1.onmessage = () => resolve();
    turns.port2.postMessage(null);
  });
}

/** Posts the newest frame, its arrays moved rather than copied. @param {Session} session */
function show(session) {
  const frame = /** @type {Frame|undefined} */ (plain(session.frame()));
  if (!frame) return;
  awaitingAck = true;
  untold = false;
  post({ type: 'frame', frame }, buffers(frame));
}

/**
 * A command as Python is to see it: pixels, labels and files stay JavaScript buffers, which Python copies
 * straight into its own arrays.
 *
 * @param {Command} command
 */
function toPython(command) {
  if (command.type === 'open') {
    const files = Object.entries(command.files).map(([name, data]) => [name, new Uint8Array(data)]);
    return { ...command, files: Object.fromEntries(files) };
  }
  if (command.type !== 'data') return command;
  return { ...command, images: new Uint8Array(command.images), labels: new Uint8Array(command.labels) };
}

/**
 * A Python value as plain JavaScript; arrays become typed arrays of their own.
 *
 * @param {any} proxy
 */
function plain(proxy) {
  if (typeof proxy?.toJs !== 'function') return proxy;
  try {
    return proxy.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
  } finally {
    proxy.destroy();
  }
}

/** Whether Python took the call; if not, its failure is posted. @param {any} proxy */
function accepted(proxy) {
  const failure = /** @type {Failure|undefined} */ (plain(proxy));
  if (failure) post({ type: 'error', error: failure });
  return !failure;
}

/** @param {unknown} value @param {ArrayBuffer[]} [found] @returns {ArrayBuffer[]} */
function buffers(value, found = []) {
  if (ArrayBuffer.isView(value)) found.push(/** @type {ArrayBuffer} */ (value.buffer));
  else if (value && typeof value === 'object') for (const part of Object.values(value)) buffers(part, found);
  return found;
}

/** @param {any} error */
function report(error) {
  const { message = String(error) } = error ?? {};
  if (error instanceof LoadError) {
    post({ type: 'error', error: { code: error.code, message, advice: error.advice, fatal: true } });
    return;
  }
  const python = typeof error?.type === 'string'; // a PythonError: its message is the whole traceback
  post({
    type: 'error',
    error: {
      code: 'E-WORKER',
      message: `the worker failed: ${python ? message.trim().split('\n').pop() : message}`,
      advice: 'Reload the page to start again.',
      ...(python ? { traceback: message } : {}),
      fatal: true,
    },
  });
}

/** @param {Report} message @param {Transferable[]} [transfer] */
function post(message, transfer = []) {
  /** @type {any} */ (self).postMessage(message, transfer);
}
