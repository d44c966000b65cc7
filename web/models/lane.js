/**
 * One worker of a sweep: a Python with all the digits, which trains one run after another.
 *
 * @module
 */

import { PythonClient } from '../python/client.js';
import { openWorker } from '../wire/open-worker.js';
import { failureOf } from './failures.js';
import { Supply } from './supply.js';

/**
 * @typedef {import('../python/client.js').Seen} Seen
 * @typedef {import('../python/protocol.js').Requests} Requests
 * @typedef {import('../python/protocol-sweep.js').Files} Files
 *
 * @typedef {object} Work what a run begins with
 * @property {number} number
 * @property {Partial<import('../python/protocol.js').RunConfig>} config
 * @property {Files|null} files one that was saved under way: it is gone on with
 */

const SET = 'mnist';

/** Python itself was lost, and with it what the lane did. */
export class Lost extends Error {}

export class Lane {
  #places;
  #stop = new AbortController();
  #client;
  /** Ends the run that is waited for. @type {(error: Error) => void} */
  #break = () => {};
  #whole = true;
  /** Whether what it trains is to go on. */
  #going = true;
  /** The run that goes on, and all that its log tells. @type {{run: string, log: object[]}|null} */
  #current = null;

  /** @param {{worker: string, python: string, mnist: string}} places @param {(loaded: number, total: number) => void} [progress] bytes of Python and digits */
  constructor(places, progress = () => {}) {
    this.#places = places;
    this.#client = new PythonClient(
      { manifest: places.python, start: () => openWorker(places.worker) },
      {
        progress: ({ loaded, total }) => progress(loaded, total),
        trouble: (_, { message }) => this.#break(new Error(message)),
        lost: ({ message }) => this.#break(new Lost(message)),
      },
    );
  }

  /** Starts Python and hands it all digits. @throws {Error} what did not come */
  async open() {
    try {
      await this.#open();
    } catch (error) {
      this.#whole = false;
      throw error;
    }
  }

  /** Whether it is of use: what was lost, or never came, is not. */
  get sound() {
    return this.#whole && (this.#client.state === 'loading' || this.#client.state === 'ready');
  }

  async #open() {
    void this.#client.boot();
    const supply = new Supply(this.#places.mnist, this.#stop.signal, true);
    await supply.open();
    const give = (/** @type {import('./supply.js').Shard} */ shard) => this.ask('data', { set: SET, ...shard }, [shard.images.buffer, shard.labels.buffer]);
    await supply.deliver(1, give, () => {});
  }

  /**
   * @template {Exclude<keyof Requests, 'boot'>} T
   * @param {T} type
   * @param {Parameters<Requests[T]>[0]} what
   * @param {Transferable[]} [transfer]
   */
  ask(type, what, transfer) {
    return this.#client.ask(type, what, transfer);
  }

  /** What `glassnet watch` would tell of a network. @param {Uint8Array<ArrayBuffer>} weights */
  look(weights) {
    return this.ask('sweep_look', { set: SET, weights });
  }

  /**
   * Trains a run to its end.
   *
   * @param {Work} work
   * @param {(told: Pick<Seen, 'description'|'losses'|'evaluations'|'step'|'epoch'>) => void} hear
   * @returns {Promise<Files>}
   * @throws {Lost|Error} the latter concerns this run alone
   */
  async train({ number, config, files }, hear) {
    const run = `run ${number}`;
    /** @type {object[]} */
    const log = [];
    this.#current = { run, log };
    try {
      if (files) {
        const copies = Object.fromEntries(Object.entries(files).map(([name, data]) => [name, data.slice().buffer]));
        const opened = await this.ask('open', { run, set: SET, files: copies });
        log.push(...opened.log);
        const { description, losses, evaluations } = opened;
        hear({ description, losses, evaluations, step: losses.at(-3) ?? 0, epoch: 0 }); // how far it was
      } else await this.ask('create', { run, set: SET, config });
      await this.#follow(run, log, hear);
      return await this.#save(run, log);
    } catch (error) {
      const failure = failureOf(error);
      throw failure.fatal ? new Lost(failure.message) : error;
    } finally {
      this.#current = null;
      this.#break = () => {};
      if (this.#client.state === 'ready') await this.ask('dispose', { run }).catch(() => {}); // it may not have begun
    }
  }

  /** Lets what it trains stand still, or go on. @param {boolean} going */
  async drive(going) {
    this.#going = going;
    if (this.#current) await this.ask(going ? 'start' : 'pause', { run: this.#current.run });
  }

  /** The run under way, as it stands. @returns {Promise<Files|null>} null: there is none, or it has not begun */
  async keep() {
    return this.#current?.log.length ? this.#save(this.#current.run, this.#current.log) : null;
  }

  close() {
    this.#stop.abort();
    this.#client.close();
    this.#break(new Lost('the sweep was left'));
  }

  /** @param {string} run @param {object[]} log @param {(told: Seen) => void} hear @returns {Promise<void>} when it has ended */
  #follow(run, log, hear) {
    return new Promise((resolve, reject) => {
      this.#break = reject;
      const see = (/** @type {Seen} */ frame) => {
        log.push(...frame.log);
        hear(frame);
        this.#client.drawn(run, frame.id);
        if (frame.state === 'finished') resolve();
      };
      this.#client.watch(run, { run, digit: null, arrays: [] }, see).catch(reject);
      if (this.#going) this.ask('start', { run }).catch(reject);
    });
  }

  /** @param {string} run @param {object[]} log @returns {Promise<Files>} */
  async #save(run, log) {
    return /** @type {Files} */ ((await this.ask('save', { run, log })).files);
  }
}
