/**
 * A Python that several figures share. A hidden frame of the site's own holds it (room.js); a figure
 * that wants Python sends that frame a port, addressed to our origin and no other, and speaks through
 * it to the worker in there. The page around them grants nothing and sees nothing of what is said.
 * Where there is no such frame, a figure starts a Python of its own.
 *
 * @module
 */

/**
 * @typedef {import('../wire/connection.js').Opened} Opened
 *
 * @typedef {() => Entry} Way how a page's figures come by Python, if not by starting one: each has an entry of its own
 */

/** Where a page leaves its way to a shared Python, for all figures on it. */
export const SHARED = Symbol.for('glassnet: a way to a shared Python');

/** Milliseconds in which the hidden frame answers. */
const HERE_MS = 3000;
/** Milliseconds in which its worker greets: it may be about to start, which takes the whole of it. */
const HELLO_MS = 100_000;
/** Workers that may be lost on the way in. */
const TRIES = 3;

/** @returns {Way|undefined} */
export function shared() {
  return /** @type {{[SHARED]?: Way}} */ (globalThis)[SHARED];
}

/** All figures of this page take this way; the first that is told counts. @param {Way} way */
export function share(way) {
  /** @type {{[SHARED]?: Way}} */ (globalThis)[SHARED] ??= way;
}

export class Entry {
  #find;
  #origin;
  /** Speaks with the hidden frame. @type {Promise<MessagePort|null>|null} */
  #door = null;
  /** Ends the wire that is in use, its worker being lost. */
  #lose = (/** @type {string} */ _message) => {};

  /**
   * @param {() => Promise<Pick<Window, 'postMessage'>|null>} find the hidden frame's window
   * @param {string} origin of the site
   */
  constructor(find, origin) {
    this.#find = find;
    this.#origin = origin;
  }

  /** @returns {Promise<Opened|null>} a wire to the worker, which has greeted; null: there is none to share */
  async start() {
    for (let tries = 0; tries < TRIES; tries++) {
      const door = await this.#opened();
      if (!door) {
        this.#door = null; // there may be one the next time
        return null;
      }
      const wire = await this.#wire(door);
      if (wire) return wire;
    }
    throw new Error('the Python that figures share was lost while it was starting');
  }

  /** The way into the hidden frame, or another, should that frame have been taken away. @returns {Promise<MessagePort|null>} */
  async #opened() {
    const known = await this.#door;
    if (known && (await this.#answers(known, () => known.postMessage({ ask: 'here' })))) return known;
    return (this.#door = this.#knock());
  }

  /** @returns {Promise<MessagePort|null>} */
  async #knock() {
    const room = await this.#find();
    if (!room) return null;
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', ({ data }) => {
      if (data?.news === 'lost') this.#lose(String(data.message));
    });
    addEventListener('pagehide', ({ persisted }) => persisted || port1.postMessage({ ask: 'leave' }));
    return (await this.#answers(port1, () => room.postMessage({ glassnet: 1, ask: 'python' }, this.#origin, [port2]))) ? port1 : null;
  }

  /** Whether the hidden frame is there, and answers what is asked of it. @param {MessagePort} door @param {() => void} ask @returns {Promise<boolean>} */
  #answers(door, ask) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, HERE_MS, false);
      const hear = (/** @type {MessageEvent} */ { data }) => {
        if (data?.news !== 'here') return;
        clearTimeout(timer);
        door.removeEventListener('message', hear);
        resolve(true);
      };
      door.addEventListener('message', hear);
      door.start();
      ask();
    });
  }

  /** @param {MessagePort} door @returns {Promise<Opened|null>} null: its worker was lost before it greeted */
  #wire(door) {
    const { port1, port2 } = new MessageChannel();
    const wire = /** @type {Opened & MessagePort} */ (/** @type {unknown} */ (port1));
    wire.patience = 8; // who holds the worker notices first, and says whose fault it was
    wire.terminate = () => {
      this.#lose = () => {};
      wire.postMessage({ tell: 'leave' });
      port1.close();
    };
    return new Promise((resolve) => {
      const end = (/** @type {Opened|null} */ opened) => {
        clearTimeout(timer);
        if (!opened) wire.terminate?.();
        resolve(opened);
      };
      const timer = setTimeout(end, HELLO_MS, null);
      this.#lose = () => end(null);
      wire.onmessage = () => {
        this.#lose = (message) => wire.onerror?.(/** @type {any} */ ({ message }));
        end(wire);
      };
      door.postMessage({ ask: 'wire' }, [port2]);
    });
  }
}
