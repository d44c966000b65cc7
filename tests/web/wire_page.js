/**
 * A page that has nothing but the wire: the site's own modules, unbundled, and the built worker.
 * Tests call what is on `window.wire`.
 */

import { PythonClient } from './python/client.js';

const SMALL = { layers: [{ type: 'dense', units: 8 }, { type: 'dense', units: 10 }], batch: 5, epochs: 100000, evaluate_every: 0 };

class Wire {
  /** @type {PythonClient} */ client;
  /** @type {Worker} */ worker;
  frames = {};
  lost = [];
  trouble = [];
  states = [];

  /** @param {string} worker @param {string} manifest */
  constructor(worker, manifest) {
    this.places = { worker, manifest };
  }

  /** Starts the client. @param {() => Promise<any>} [start] gives the endpoint, instead of a new worker */
  async boot(start) {
    const greet = () =>
      new Promise((resolve) => {
        this.worker = new Worker(this.places.worker, { type: 'module' });
        this.worker.onmessage = () => resolve(this.worker);
      });
    this.client ??= new PythonClient(
      { manifest: this.places.manifest, start: start ?? greet },
      {
        state: (state) => this.states.push(state),
        lost: (failure) => this.lost.push({ ...failure, at: performance.now() }),
        trouble: (run, failure) => this.trouble.push({ run, failure }),
      },
    );
    await this.client.boot();
    return this.client.state;
  }

  /** A data set of so many blank-ish digits. */
  async data(set = 'digits', train = 60, test = 20) {
    for (const [split, count] of Object.entries({ train, test })) {
      const images = new Uint8Array(count * 784).map((_, i) => (i * 7) % 251);
      const labels = new Uint8Array(count).map((_, i) => i % 10);
      const place = { set, name: 'mnist', split, start: 0, count, total: count, rows: 28, columns: 28 };
      await this.client.ask('data', { ...place, images, labels }, [images.buffer, labels.buffer]);
    }
  }

  create(run, config = {}) {
    return this.client.ask('create', { run, set: 'digits', config: { ...SMALL, ...config } });
  }

  /** Watches a run; `prompt`: whether its frames are acknowledged. */
  watch(run, prompt = true, arrays = ['layers.*.weight'], digit = null) {
    this.frames[run] = [];
    return this.client.watch(`reader of ${run}`, { run, digit, arrays }, (frame) => {
      this.frames[run].push({ id: frame.id, step: frame.step, state: frame.state, losses: [...frame.losses], arrays: Object.keys(frame.arrays), engine: frame.description.engine });
      if (prompt) this.client.drawn(`reader of ${run}`, frame.id);
    });
  }

  /** How a request ends. */
  async told(type, what) {
    try {
      return { value: await this.client.ask(type, what) };
    } catch (error) {
      return { code: error.failure?.code ?? String(error), message: error.message };
    }
  }

  /** Settles with whether something comes true in time. */
  async until(test, milliseconds = 10_000) {
    const end = performance.now() + milliseconds;
    while (!test()) {
      if (performance.now() > end) return false;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return true;
  }
}

window.Wire = Wire;
