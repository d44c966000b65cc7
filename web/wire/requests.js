/**
 * Requests that are answered: each has its number and is a promise, kept or broken exactly once.
 * The other side may be a Worker or a MessagePort. When it dies, everything that was asked of it is
 * rejected with the reason, and so is everything that is asked afterwards.
 *
 *     page → worker   {ask: 7, type: 'query', ...}      {tell: 'ack', ...}
 *     worker → page   {answer: 7, value}  {refusal: 7, failure}  {news: 'progress', ...}
 *
 * @module
 */

/**
 * What went wrong, in words a visitor can use, with the traceback for those who can use that.
 *
 * @typedef {object} Failure
 * @property {string} code stable, such as `E-NET-404` or `E-PYTHON`
 * @property {string} message what failed, in which file or field
 * @property {string} [advice] what to do
 * @property {string} [traceback] Python's, whole
 * @property {string} [field] the configuration's field, when one is to blame
 * @property {boolean} fatal whether the other side is lost
 *
 * What both a Worker and a MessagePort are.
 * @typedef {Pick<MessagePort, 'postMessage'> & {onmessage: ((event: MessageEvent) => any)|null}} Endpoint
 *
 * @typedef {object} Asked
 * @property {(value: any) => void} resolve
 * @property {(error: Refused) => void} reject
 * @property {ReturnType<typeof setTimeout>|undefined} timer
 */

/** A request that was not carried out. */
export class Refused extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.name = 'Refused';
    this.failure = failure;
  }
}

export class Requests {
  #endpoint;
  #hear;
  #last = 0;
  /** @type {Map<number, Asked>} */
  #asked = new Map();
  /** Why nothing more can be asked. @type {Failure|null} */
  #over = null;

  /**
   * @param {Endpoint} endpoint
   * @param {(news: any) => void} hear what the other side tells unasked
   */
  constructor(endpoint, hear) {
    this.#endpoint = endpoint;
    this.#hear = hear;
    endpoint.onmessage = ({ data }) => this.#take(data);
  }

  /** Takes up what the other side said before anybody listened. @param {any[]} unheard */
  catchUp(unheard) {
    for (const message of unheard.splice(0)) this.#take(message);
  }

  /** How many requests wait for their answer. */
  get waiting() {
    return this.#asked.size;
  }

  /**
   * @param {string} type
   * @param {object} [what]
   * @param {{transfer?: Transferable[], seconds?: number}} [how] `seconds`: rejected when it takes longer; no limit without
   * @returns {Promise<any>} rejected with a `Refused`
   */
  ask(type, what = {}, { transfer = [], seconds } = {}) {
    if (this.#over) return Promise.reject(new Refused(this.#over));
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = seconds === undefined ? undefined : setTimeout(() => this.#refuse(number, late(type, seconds)), 1000 * seconds);
      this.#asked.set(number, { resolve, reject, timer });
      try {
        this.#endpoint.postMessage({ ask: number, type, ...what }, transfer);
      } catch (error) {
        this.#refuse(number, { code: 'E-MESSAGE', message: `“${type}” could not be sent (${/** @type {Error} */ (error).message})`, fatal: false });
      }
    });
  }

  /** Says something that has no answer. @param {string} type @param {object} [what] @param {Transferable[]} [transfer] */
  tell(type, what = {}, transfer = []) {
    if (!this.#over) this.#endpoint.postMessage({ tell: type, ...what }, transfer);
  }

  /** The other side is lost: all that waits is rejected, and all that comes. @param {Failure} failure */
  close(failure) {
    this.#over ??= failure;
    this.#endpoint.onmessage = null;
    for (const number of [...this.#asked.keys()]) this.#refuse(number, this.#over);
  }

  /** @param {any} message */
  #take(message) {
    if ('answer' in message) this.#settle(message.answer)?.resolve(message.value);
    else if ('refusal' in message) this.#refuse(message.refusal, message.failure);
    else if ('news' in message) this.#hear(message);
  }

  /** @param {number} number @param {Failure} failure */
  #refuse(number, failure) {
    this.#settle(number)?.reject(new Refused(failure));
  }

  /** @param {number} number @returns {Asked|undefined} what was asked; an answer that comes too late has nobody to hear it */
  #settle(number) {
    const asked = this.#asked.get(number);
    this.#asked.delete(number);
    clearTimeout(asked?.timer);
    return asked;
  }
}

/** @param {string} type @param {number} seconds @returns {Failure} */
function late(type, seconds) {
  return { code: 'E-TIMEOUT', message: `“${type}” was not answered within ${seconds} seconds`, advice: 'Try again.', fatal: false };
}
