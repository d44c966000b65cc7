/**
 * One connection to a worker, from its start to its end: off, opening, open, failed. Whatever ends
 * it (an error, a silence, a worker that could not be started) is told once, as a `Failure`, after
 * everything that was asked has been rejected with it; `open` begins anew.
 *
 * @module
 */

import { PATIENCE, Pulse } from './pulse.js';
import { Refused, Requests } from './requests.js';

/**
 * @typedef {import('./requests.js').Failure} Failure
 * @typedef {import('./requests.js').Endpoint} Endpoint
 * @typedef {Endpoint & {terminate?: () => void, close?: () => void, onerror?: any, unheard?: any[], ended?: ErrorEvent, patience?: number}} Opened
 *   `unheard`, `ended`: what it said, and that it ended, before anybody listened; `patience`: see `Pulse`
 *
 * @typedef {object} Plan
 * @property {() => Promise<Opened|null>} start a worker that has said hello, or a port; null if there is none
 * @property {string} name of the worker in sentences: `the worker that runs Python`
 * @property {(news: any) => void} hear
 * @property {(failure: Failure) => void} lost
 */

/**
 * What a worker leaves behind that died, fell silent or was ended: without a word, in the midst of
 * something. The next may well do better; what could not be fetched is another matter.
 */
export const DIED = new Set(['E-WORKER', 'E-SILENT', 'E-ENDED']);

/** How many times as patient a connection is with a worker whose predecessor fell silent. */
const LENIENCY = 3;

export class Connection {
  /** @type {'off'|'opening'|'open'|'failed'} */
  state = 'off';
  #plan;
  /** @type {Opened|null} */
  #worker = null;
  /** @type {Requests|null} */
  #requests = null;
  /** @type {Pulse|null} */
  #pulse = null;
  /** Settles when the worker is there; asked-for things wait for it. @type {PromiseWithResolvers<Requests>} */
  #there = Promise.withResolvers();
  /** Counts the starts, so that a worker which comes too late is sent away. */
  #attempt = 0;
  /** One that fell silent may have been slow only: the next is given more time. */
  #leniency = 1;

  /** @param {Plan} plan */
  constructor(plan) {
    this.#plan = plan;
    this.#there.promise.catch(() => {});
  }

  /** Starts the worker. Doing so twice is doing it once; after a failure it begins anew. */
  async open() {
    if (this.state === 'opening' || this.state === 'open') return;
    if (this.state === 'failed') this.#renew();
    const attempt = ++this.#attempt;
    this.state = 'opening';
    /** @type {any} */
    let cause = null;
    const worker = await this.#plan.start().catch((error) => void (cause = error));
    if (attempt !== this.#attempt) return void (worker?.terminate ?? worker?.close)?.call(worker);
    if (!worker) {
      return this.fail({
        code: cause?.code ?? 'E-WORKER-START',
        message: cause?.message ?? `this browser did not start ${this.#plan.name}`,
        advice: cause?.advice ?? 'An embedding page may forbid workers: open this page in a tab of its own.',
        fatal: true,
      });
    }
    this.#worker = worker;
    const requests = (this.#requests = new Requests(worker, (news) => this.#hear(news)));
    this.#pulse = new Pulse(
      requests,
      (seconds) =>
        this.fail({
          code: seconds ? 'E-SILENT' : 'E-ENDED',
          message: `${this.#plan.name} has ${seconds ? `given no sign of life for ${seconds} seconds` : 'ended'}`,
          advice: 'Try again.',
          fatal: true,
        }),
      (worker.patience ?? PATIENCE) * this.#leniency,
    );
    worker.onerror = (/** @type {ErrorEvent} */ event) =>
      this.fail({ code: 'E-WORKER', message: `${this.#plan.name} stopped: ${event.message || 'no reason was given'}`, advice: 'Try again.', fatal: true });
    this.state = 'open';
    this.#there.resolve(requests);
    requests.catchUp(worker.unheard ?? []);
    if (worker.ended) worker.onerror(worker.ended);
  }

  /**
   * As `Requests.ask`; what is asked before there is a worker waits for it.
   *
   * @param {string} type
   * @param {object} [what]
   * @param {{transfer?: Transferable[], seconds?: number}} [how]
   */
  ask(type, what, how) {
    if (this.#requests) return this.#requests.ask(type, what, how); // in order, without a turn between
    return this.#there.promise.then((requests) => requests.ask(type, what, how));
  }

  /** As `Requests.tell`; lost when there is no worker. @param {string} type @param {object} [what] @param {Transferable[]} [transfer] */
  tell(type, what, transfer) {
    this.#requests?.tell(type, what, transfer);
  }

  /** Acts once the worker is there; not at all, if it does not come. @param {() => void} act */
  whenOpen(act) {
    this.#there.promise.then(act, () => {});
  }

  /** Ends the connection for a reason, which everybody who waits is told. @param {Failure} failure */
  fail(failure) {
    if (this.state === 'off' || this.state === 'failed') return;
    if (failure.code === 'E-SILENT') this.#leniency = LENIENCY;
    this.#end('failed', failure);
    this.#plan.lost(failure);
  }

  /** Ends it because nobody needs it any more. */
  close() {
    this.#end('off', { code: 'E-CLOSED', message: `${this.#plan.name} is not needed any more`, fatal: true });
    this.#renew();
  }

  /** @param {'off'|'failed'} state @param {Failure} failure */
  #end(state, failure) {
    this.#attempt += 1;
    this.state = state;
    this.#pulse?.stop();
    const worker = this.#worker;
    if (worker) worker.onerror = null;
    (worker?.terminate ?? worker?.close)?.call(worker);
    const requests = this.#requests;
    this.#worker = this.#requests = this.#pulse = null;
    this.#there.reject(new Refused(failure));
    requests?.close(failure);
  }

  #renew() {
    this.#there = Promise.withResolvers();
    this.#there.promise.catch(() => {});
  }

  /** @param {any} news */
  #hear(news) {
    if (news.news === 'busy') this.#pulse?.busy(news.seconds);
    else if (news.news === 'fatal') this.fail(news.failure);
    else this.#plan.hear(news);
  }
}
