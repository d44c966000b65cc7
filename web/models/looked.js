/**
 * The digit looked at, whichever kind it is: a test digit, a training digit, or the visitor's own
 * drawing. All that a figure, the recorded run and the worker need of it, as signals.
 *
 * @module
 */

import { batch, computed } from '@preact/signals-core';
import { normalise } from '../data/drawn.js';
import { seen } from '../data/forward.js';
import { inkOf } from '../data/ink.js';
import { read, SIDE } from '../data/strokes.js';
import { count } from './words.js';

/**
 * @typedef {import('../data/index.js').SplitName} SplitName
 * @typedef {import('../python/protocol.js').Watch} Watch
 *
 * @typedef {object} Look what a picture of the digit shows
 * @property {SplitName} split of the digit that is chosen, be it under a drawing or not
 * @property {number} index of it
 * @property {string} name of it: `Test digit 7`
 * @property {string} drawing the strokes on the paper, as an address spells them; '' if there is no paper
 * @property {Uint8Array|null} pixels (rows, columns) of what is looked at, 0..255; null if there is nothing yet
 * @property {number|null} label its true class; a drawing has none
 */

export class Looked {
  /** The digit of the data set that is chosen. */
  chosen = computed(() => ({ split: /** @type {SplitName} */ (this.settings.get('split')), index: this.settings.get('digit') }));

  /** @type {import('@preact/signals-core').ReadonlySignal<Look>} */
  look = computed(() => {
    const { split, index } = this.chosen.value;
    const drawing = this.settings.get('drawing');
    const example = drawing ? null : this.#supply.example(split, index);
    return {
      split,
      index,
      name: `${split === 'test' ? 'Test' : 'Training'} digit ${count(index)}`,
      drawing,
      pixels: drawing ? normalise(inkOf(read(drawing)), SIDE) : (example?.pixels ?? null),
      label: example?.label ?? null,
    };
  });

  /** As the network sees it, 0..1. */
  input = computed(() => {
    const { pixels } = this.look.value;
    return pixels && seen(pixels);
  });

  /** What a worker is asked to watch. @type {import('@preact/signals-core').ReadonlySignal<Watch['digit']>} */
  watch = computed(() => {
    if (!this.settings.get('drawing')) return this.chosen.value;
    const pixels = this.input.value;
    return pixels && { pixels };
  });

  #supply;

  /** @param {import('../state/settings.js').Settings} settings @param {import('./supply.js').Supply} supply of the digits */
  constructor(settings, supply) {
    this.settings = settings;
    this.#supply = supply;
  }

  /** Looks at a digit of the data set. @param {SplitName} split @param {number} index */
  choose(split, index) {
    batch(() => {
      this.settings.set('drawing', '');
      this.settings.set('split', split);
      this.settings.set('digit', String(index));
    });
  }

  /** Called in an effect: the digit looked at is one that there is. @param {import('../data/digits.js').Digits|null} digits */
  hold(digits) {
    const { split } = this.chosen.value;
    const kind = split === 'test' ? 'test' : 'training';
    if (digits) this.settings.bound('digit', digits.totals[split] - 1, `${digits.title} has ${count(digits.totals[split])} ${kind} digits`);
  }

  /** Looks at a drawing. @param {string} strokes as an address spells them; '' takes the paper away */
  draw(strokes) {
    this.settings.set('drawing', strokes);
  }
}
