/**
 * The runs that a `glassnet watch` behind this page follows: what is new in them, a look at one
 * run's network, and its weights as they were last kept. On any other server there are none.
 *
 * @module
 */

/**
 * What has changed in a run. Curves come as the place from which they are new, and the points from
 * there on, (step, value).
 *
 * @typedef {[number, [number, number][]]} Part
 *
 * @typedef {object} News
 * @property {'waiting'|'going'|'ended'|'damaged'} state
 * @property {string} reason why it has ended, or what is wrong with its log
 * @property {number} step
 * @property {number} epoch
 * @property {Part} losses of batches, averaged
 * @property {Part} tested mean loss over the test examples
 * @property {Part} accuracies on the test examples, 0..1
 * @property {number|null} weights when its network was last kept, in milliseconds since 1970
 * @property {Record<string, any>} [config] with the first news of it; then what was known before is void
 * @property {{name: string, counts: Record<string, number>}} [data]
 *
 * @typedef {object} Answer
 * @property {number} version to ask with the next time
 * @property {Record<string, News>} runs those that have changed
 * @property {Record<string, number>} silent for how many seconds each run's log has not grown
 *
 * @typedef {object} Mistake
 * @property {number} index among the test examples
 * @property {string} label
 * @property {string} said what it was read as
 * @property {number} sure 0..1
 * @property {Uint8Array<ArrayBuffer>} image
 *
 * @typedef {object} Look
 * @property {number} step
 * @property {number} rows of its images
 * @property {number} columns
 * @property {number} units of the layer whose weights are shown; some of them, if there are many
 * @property {Float32Array|null} weights (units, rows * columns)
 * @property {number} count of the examples that it was measured on
 * @property {number} wrong how many of them it misread
 * @property {Mistake[]} mistakes the surest first
 */

const HEADER = 'X-Glassnet-Token';

/** No such server is there, or it tells us nothing; `status` says which. */
export class Unwatched extends Error {
  /** @param {number} status @param {string} words */
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

export class RunsServer {
  #token;

  /** @param {string} token brought by the address; empty: none is needed */
  constructor(token) {
    this.#token = token;
  }

  /**
   * What has changed since a version; the answer waits a while for something to change.
   *
   * @param {number} after
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   * @throws {Unwatched|TypeError} also if the server cannot be reached
   */
  async news(after, signal) {
    const answer = await (await this.#ask('news', { after: String(after) }, signal)).json();
    return answer;
  }

  /** @param {string} run its name @param {AbortSignal} signal @returns {Promise<Look>} @throws {Unwatched|TypeError} */
  async look(run, signal) {
    return lookOf(await (await this.#ask('look', { run }, signal)).json());
  }

  /** @param {string} run its name @returns {Promise<Uint8Array<ArrayBuffer>>} its network, a safetensors file of ours */
  async weights(run) {
    return new Uint8Array(await (await this.#ask('weights', { run })).arrayBuffer());
  }

  /** @param {string} what @param {Record<string, string>} about @param {AbortSignal} [signal] */
  async #ask(what, about, signal) {
    const address = new URL(`runs/${what}?${new URLSearchParams(about)}`, document.baseURI);
    const response = await fetch(address, { signal, cache: 'no-store', headers: this.#token ? { [HEADER]: this.#token } : {} });
    const ours = response.headers.has('X-Glassnet-Runs');
    if (!response.ok || !ours) throw new Unwatched(ours ? response.status : 0, ours ? (await response.text()).trim() : 'no runs are followed here');
    return response;
  }
}

/** @param {any} told as Python tells it, arrays in base64 @returns {Look} */
export function lookOf(told) {
  const mistakes = told.mistakes.map((/** @type {any} */ one) => ({ ...one, image: bytesOf(one.image) }));
  return { ...told, mistakes, weights: told.weights && new Float32Array(bytesOf(told.weights).buffer) };
}

/** @param {string} text in base64 */
function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
