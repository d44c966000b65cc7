/** Stand-ins for the other side of a wire, for tests without a browser. */

Promise.withResolvers ??= () => {
  /** @type {any} */
  const made = {}; // browsers have it; Node since version 22
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

/** Time that passes when a test says so: timers and `performance.now`. */
export class Clock {
  now = 0;
  /** @type {Map<number, {act: () => void, at: number, every: number}>} */ #timers = new Map();
  #last = 0;

  /** @param {any} t the test's context, at whose end all is as before */
  constructor(t) {
    /** @param {boolean} again */
    const set = (again) => (/** @type {() => void} */ act, delay = 0) => {
      this.#timers.set(++this.#last, { act, at: this.now + delay, every: again ? delay : 0 });
      return this.#last;
    };
    const clear = (/** @type {number} */ timer) => void this.#timers.delete(timer);
    t.mock.method(globalThis, 'setTimeout', set(false));
    t.mock.method(globalThis, 'setInterval', set(true));
    t.mock.method(globalThis, 'clearTimeout', clear);
    t.mock.method(globalThis, 'clearInterval', clear);
    t.mock.method(performance, 'now', () => this.now);
  }

  /** Lets time pass, in steps within which promises are kept. @param {number} milliseconds */
  async pass(milliseconds) {
    for (const end = this.now + milliseconds; this.now < end; ) {
      this.now += 100;
      for (const [timer, one] of this.#timers) {
        if (one.at > this.now || !this.#timers.has(timer)) continue;
        if (one.every) one.at = this.now + one.every; // what was missed is not made up for
        else this.#timers.delete(timer);
        one.act();
      }
      await settled();
    }
  }
}

/** An endpoint whose other side is the test: `sent` is what came to it, `say` answers. */
export class Endpoint {
  /** @type {any[]} */ sent = [];
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onerror = null;
  ended = 0;

  /** @param {any} message @param {any[]} transfer */
  postMessage(message, transfer = []) {
    this.sent.push(structuredClone(message, { transfer }));
  }

  /** @param {any} data */
  say(data) {
    this.onmessage?.({ data });
  }

  terminate() {
    this.ended += 1;
  }

  /** The numbers of the requests of a type. @param {string} type */
  asked(type) {
    return this.sent.filter((one) => one.type === type).map((one) => one.ask);
  }
}

/** An endpoint that answers pings, as a live worker does. */
export class Live extends Endpoint {
  alive = true;

  /** @param {any} message @param {any[]} transfer */
  postMessage(message, transfer) {
    super.postMessage(message, transfer);
    if (message.type === 'ping' && this.alive) queueMicrotask(() => this.say({ answer: message.ask, value: null }));
  }
}

/** Lets everything that waits for a promise go on. */
export async function settled() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** How a promise ends: its value, or the code of its failure. @param {Promise<any>} promise */
export function ending(promise) {
  return promise.then(
    (value) => ({ value }),
    (error) => ({ code: error.failure.code }),
  );
}
