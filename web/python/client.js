/**
 * The page's end of the bridge: a small state machine (off, loading, ready, failed) around the
 * worker. Nothing is downloaded before `boot()`; commands given earlier than Python is ready wait
 * in line. Events: `state`, `progress`, `ready`, `frame`, `answer`, `files`, `opened`, `failure`; details as in protocol.js.
 *
 * @module
 */

import { openWorker } from '../wire/open-worker.js';
import { PROTOCOL_VERSION } from './protocol.js';

/**
 * @typedef {import('./protocol.js').Command} Command
 * @typedef {import('./protocol.js').Report} Report
 * @typedef {import('./protocol.js').Failure} Failure
 * @typedef {import('./protocol.js').RunConfig} RunConfig
 * @typedef {import('./protocol.js').Watch} Watch
 * @typedef {import('./protocol.js').BrowseRequest} BrowseRequest
 * @typedef {'off'|'loading'|'ready'|'failed'} State
 *
 * A part of a data set: `count` labels and images, of which this page needs no copy any more.
 * @typedef {object} Shard
 * @property {string} name
 * @property {'train'|'test'} split
 * @property {number} start index of the first example
 * @property {number} count
 * @property {number} total examples in the whole split
 * @property {number} rows
 * @property {number} columns
 * @property {Uint8Array<ArrayBuffer>} images
 * @property {Uint8Array<ArrayBuffer>} labels
 */

export class TrainerClient extends EventTarget {
  /** @type {Worker|null} */
  #worker = null;
  /** @type {State} */
  #state = 'off';
  /** @type {{command: Command, transfer: Transferable[]}[]} */
  #waiting = [];
  /** Counts the starts, so that a late answer from a disposed worker is not heard. */
  #attempt = 0;
  #urls;

  #session;

  /**
   * @param {{worker: URL|string, manifest: URL|string}} urls absolute
   * @param {'run'|'race'} [session] what Python is to hold
   */
  constructor(urls, session = 'run') {
    super();
    this.#session = session;
    this.#urls = { worker: String(urls.worker), manifest: String(urls.manifest) };
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** Starts the worker and Python. Doing so twice is doing it once; after a failure it tries anew. */
  async boot() {
    if (this.#state === 'loading' || this.#state === 'ready') return;
    const attempt = ++this.#attempt;
    this.#become('loading');
    const worker = await openWorker(this.#urls.worker).catch((/** @type {import('../wire/download.js').LoadError} */ error) => {
      const { code, message, advice } = error;
      if (attempt === this.#attempt) this.#fail({ code, message, advice, fatal: true });
    });
    if (worker === undefined) return;
    if (attempt !== this.#attempt) return void worker?.terminate();
    if (!worker) {
      this.#fail({
        code: 'E-WORKER-START',
        message: 'this browser did not start the worker that runs Python',
        advice: 'An embedding page may forbid workers: open this page in a tab of its own.',
        fatal: true,
      });
      return;
    }
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) =>
      this.#fail({ code: 'E-WORKER', message: event.message || 'the worker stopped', advice: 'Try again.', fatal: true });
    worker.postMessage({ type: 'boot', version: PROTOCOL_VERSION, manifest: this.#urls.manifest, session: this.#session });
  }

  /** Hands over a part of a data set; its buffers are moved. @param {Shard} shard */
  data(shard) {
    this.#send({ type: 'data', ...shard }, [...new Set([shard.images.buffer, shard.labels.buffer])]);
  }

  /**
   * @param {Partial<RunConfig>} config what differs from the defaults
   * @param {{train?: Uint32Array, test?: Uint32Array}} [chosen] digits of splits that are not to be used whole
   */
  configure(config, chosen = {}) {
    this.#send({ type: 'configure', config, chosen });
  }

  /** @param {Watch} watch */
  watch(watch) {
    this.#send({ type: 'watch', watch });
  }

  start() {
    this.#send({ type: 'start' });
  }

  pause() {
    this.#send({ type: 'pause' });
  }

  /** @param {number} [steps] */
  step(steps = 1) {
    this.#send({ type: 'step', steps });
  }

  /** The same configuration from the same seed. */
  reset() {
    this.#send({ type: 'reset' });
  }

  /** Asks for the run as files; the event `files` brings them. */
  save() {
    this.#send({ type: 'save' });
  }

  /** Goes on with the run in some files, whose buffers are moved. @param {Record<string, ArrayBuffer>} files */
  open(files) {
    this.#send({ type: 'open', files }, Object.values(files));
  }

  /** Tells that a frame has been drawn, so that the next may come. @param {number} frame its id */
  ack(frame) {
    this.#send({ type: 'ack', frame });
  }

  /** @param {number} request its number; the event `answer` will carry the same @param {BrowseRequest} what */
  browse(request, what) {
    const arrays = Object.values('columns' in what ? what.columns : what).filter((part) => ArrayBuffer.isView(part));
    this.#send(
      { type: 'browse', request, ...what },
      arrays.map(({ buffer }) => buffer),
    );
  }

  dispose() {
    this.#attempt += 1;
    this.#worker?.terminate();
    this.#worker = null;
    this.#waiting = [];
    this.#become('off');
  }

  /** @param {Command} command @param {Transferable[]} [transfer] */
  #send(command, transfer = []) {
    if (this.#state === 'ready') this.#worker?.postMessage(command, transfer);
    else this.#waiting.push({ command, transfer });
  }

  /** @param {Report} report */
  #hear(report) {
    switch (report.type) {
      case 'hello':
        break;
      case 'progress':
        this.#emit('progress', report);
        break;
      case 'ready':
        this.#become('ready');
        this.#emit('ready', report);
        for (const { command, transfer } of this.#waiting.splice(0)) this.#worker?.postMessage(command, transfer);
        break;
      case 'frame':
        this.#emit('frame', report.frame);
        break;
      case 'answer':
        this.#emit('answer', report.answer);
        break;
      case 'opened':
        this.#emit('opened', report);
        break;
      case 'files':
        this.#emit('files', report);
        break;
      case 'error':
        if (report.error.fatal) this.#fail(report.error);
        else this.#emit('failure', report.error);
        break;
    }
  }

  /** @param {Failure} failure */
  #fail(failure) {
    this.#attempt += 1;
    this.#worker?.terminate();
    this.#worker = null;
    this.#become('failed');
    this.#emit('failure', failure);
  }

  /** @param {State} state */
  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#emit('state', state);
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
