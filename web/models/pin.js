/**
 * A digit that is held, to be compared with others.
 *
 * @module
 */

import { computed, signal } from '@preact/signals-core';
import { seen } from '../data/forward.js';
import { exampleOf } from './supply.js';

export class Pin {
  /** @type {import('@preact/signals-core').Signal<{pixels: Uint8Array, label: number}|null>} */
  example = signal(/** @type {{pixels: Uint8Array, label: number}|null} */ (null));
  /** As a network is shown it, 0..1. */
  input = computed(() => this.example.value && seen(this.example.value.pixels));
  #settings;
  #supply;
  #place;
  #stop;

  /**
   * @param {import('../state/inside-table.js').InsideSettings} settings
   * @param {import('./supply.js').Supply} supply
   * @param {string} place address of the data set's index
   * @param {AbortSignal} stop
   */
  constructor(settings, supply, place, stop) {
    this.#settings = settings;
    this.#supply = supply;
    this.#place = place;
    this.#stop = stop;
  }

  /** Called in an effect: gets the digit that the settings name. */
  follow() {
    const [pin, here] = [this.#settings.get('pin'), this.#supply.arrived.value];
    if (!pin) this.example.value = null;
    else if (here) void this.#get(pin);
  }

  /** @param {string} pin */
  async #get(pin) {
    const [split, index] = pin.split('-');
    const example = await exampleOf(this.#supply, this.#place, /** @type {'train'|'test'} */ (split), Number(index), this.#stop).catch(() => null);
    if (pin === this.#settings.peek('pin')) this.example.value = example;
  }
}
