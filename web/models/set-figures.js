/**
 * What is found as a whole: how many of each class, their means and spreads; and those of which the
 * shipped network is surest that their labels are wrong, with their pixels.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { sortBy } from '../data/sorting.js';

/** @typedef {import('./collection.js').Collection} Collection */

const DOUBTFUL = 24;

export class SetFigures {
  measured = signal(/** @type {import('../pictures/protocol.js').ClassFigures|null} */ (null));
  /** Highest loss first; null where the network has read nothing. */
  doubtful = signal(/** @type {{ids: Uint32Array, images: Uint8Array}|null} */ (null));

  #collection;
  /** What they are about. */
  #of = { ids: /** @type {Uint32Array|null} */ (null), columns: /** @type {object|null} */ (null), worker: -1 };

  /** @param {Collection} collection */
  constructor(collection) {
    this.#collection = collection;
  }

  /** Another set has come. */
  forget() {
    this.#of = { ids: null, columns: null, worker: -1 };
    this.measured.value = this.doubtful.value = null;
  }

  /** Called in an effect: asks for what is missing, while somebody looks. */
  follow() {
    const { settings, found, complete, columns, workers } = this.#collection;
    if (settings.get('panel') !== 'set' || !complete.value) return;
    const of = { ids: found.value.ids, columns: columns.value, worker: workers.value };
    const last = this.#of;
    if (of.ids === last.ids && of.columns === last.columns && of.worker === last.worker) return;
    this.#of = of;
    void this.#measure(of, of.ids);
  }

  /** @param {object} of @param {Uint32Array} ids */
  async #measure(of, ids) {
    const { wall } = this.#collection;
    try {
      const measured = await wall.ask('figures', { ids });
      const worst = this.#worst(ids);
      const doubtful = worst && { ids: worst, images: await wall.ask('images', { ids: worst }) };
      if (of !== this.#of) return;
      this.measured.value = measured;
      this.doubtful.value = doubtful;
    } catch {
      // the wall's worker is gone, which has been told; the next one will be asked
    }
  }

  /** @param {Uint32Array} ids */
  #worst(ids) {
    const { loss, prediction, label } = this.#collection.columns.peek() ?? {};
    if (!loss || !prediction || !label) return null;
    const wrong = ids.filter((id) => prediction[id] !== label[id]);
    return sortBy(wrong, loss, true).slice(0, DOUBTFUL);
  }
}
