/**
 * The page's end of the wall's worker: orders out, news in, and questions that are answered by a
 * promise. Events: `set`, `arrived`, `failure`; details as in wall-protocol.js.
 *
 * @module
 */

import { openWorker } from '../wire/open-worker.js';

/**
 * @typedef {import('./protocol.js').Order} Order
 * @typedef {import('./protocol.js').Question} Question
 * @typedef {import('./protocol.js').News} News
 * @typedef {{resolve: (value: any) => void, reject: (error: Error) => void}} Asked
 */

export class WallClient extends EventTarget {
  /** @type {Worker|null} */
  #worker = null;
  /** @type {{order: Order, transfer: Transferable[]}[]} given before the worker has started */
  #waiting = [];
  /** @type {Map<number, Asked>} */
  #asked = new Map();
  #questions = 0;
  #closed = false;

  /** @param {string} url of the worker's module */
  async open(url) {
    const worker = await openWorker(url).catch((/** @type {import('../wire/download.js').LoadError} */ { code, message, advice }) => {
      this.#tell('failure', { code, message, advice });
    });
    if (worker === undefined) return;
    if (this.#closed) return void worker?.terminate();
    if (!worker) {
      this.#tell('failure', {
        code: 'E-WORKER-START',
        message: 'this browser did not start the worker that draws the digits',
        advice: 'An embedding page may forbid workers: open this page in a tab of its own.',
      });
      return;
    }
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) =>
      this.#tell('failure', { code: 'E-WORKER', message: event.message || 'the wall’s worker stopped', advice: 'Reload the page.' });
    for (const { order, transfer } of this.#waiting.splice(0)) worker.postMessage(order, transfer);
  }

  /** @param {Order} order @param {Transferable[]} [transfer] */
  send(order, transfer = []) {
    if (this.#worker) this.#worker.postMessage(order, transfer);
    else this.#waiting.push({ order, transfer });
  }

  /** @param {Question} question @param {Transferable[]} [transfer] @returns {Promise<any>} see wall-worker.js for what each is answered with */
  ask(question, transfer) {
    const number = ++this.#questions;
    return new Promise((resolve, reject) => {
      this.#asked.set(number, { resolve, reject });
      this.send({ type: 'ask', number, question }, transfer);
    });
  }

  close() {
    this.#closed = true;
    this.#worker?.terminate();
    this.#worker = null;
    this.#asked.clear();
  }

  /** @param {News} news */
  #hear(news) {
    if (news.type === 'answer' || news.type === 'refusal') {
      const asked = this.#asked.get(news.number);
      this.#asked.delete(news.number);
      if (news.type === 'answer') asked?.resolve(news.value);
      else asked?.reject(new Error(news.message));
      return;
    }
    if (news.type !== 'hello') this.#tell(news.type, news);
  }

  /** @param {string} type @param {unknown} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
