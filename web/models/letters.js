/**
 * The letters of an Adaline: ours and the visitor's, the one on the paper and what has become of it,
 * as signals.
 *
 * @module
 */

import { batch, computed, signal } from '@preact/signals-core';
import { AREA, classesOf, damaged, merged, ours } from '../data/letters.js';

/** @typedef {import('../data/letters.js').Letter} Letter */
/** @typedef {Uint8Array<ArrayBuffer>} Cells */

export class Letters {
  #ours = ours();
  /** Those that were damaged by hand: none of them is learned. */
  trials = this.#ours.damaged;

  /** The visitor's own. */
  own = signal(/** @type {Letter[]} */ ([]));
  /** Whether these alone are learned. */
  alone = signal(false);
  /** What is wrong with the files that were given last. */
  faults = signal(/** @type {string[]} */ ([]));

  /** All that are whole, in the order of their names. */
  whole = computed(() => merged(this.#ours.whole, this.own.value));
  learned = computed(() => (this.alone.value && this.own.value.length ? merged(this.own.value) : this.whole.value));
  classes = computed(() => classesOf(this.learned.value));

  /** The letter that was put on the paper. */
  letter = signal(/** @type {Letter} */ (this.of('A') ?? this.learned.peek()[0]));
  /** What is on the paper now. */
  cells = signal(/** @type {Cells} */ (this.letter.peek().cells));
  touched = computed(() => this.cells.value.some((ink, at) => ink !== this.letter.value.cells[at]));
  /** The class whose neuron is looked at. */
  looked = signal(this.letter.peek().label);
  /** The cell that is pointed at; -1: none is. */
  cell = signal(-1);
  /** How many cells a damage flips. */
  flips = signal(6);
  seed = signal(1);

  /** @param {Letter} letter @param {Cells} [cells] as it is drawn here */
  put(letter, cells = letter.cells) {
    batch(() => {
      this.letter.value = letter;
      this.cells.value = cells;
      this.looked.value = letter.label;
    });
  }

  /** The first letter of a class. @param {string} label @returns {Letter|undefined} */
  of(label) {
    const all = this.whole.peek();
    return all.find(({ file }) => file === `${label}.txt`) ?? all.find((letter) => letter.label === label);
  }

  /** The letter of a class that a drawing is most like. @param {string} label @param {Cells} cells @returns {Letter|undefined} */
  nearest(label, cells) {
    const apart = (/** @type {Letter} */ letter) => letter.cells.reduce((all, ink, at) => all + Number(ink !== cells[at]), 0);
    return this.learned.peek().filter((letter) => letter.label === label).sort((a, b) => apart(a) - apart(b))[0];
  }

  /** Turns a cell to ink or to paper. @param {number} at @param {number} ink 0 or 1 */
  set(at, ink) {
    if (this.cells.peek()[at] === ink) return;
    const copy = this.cells.peek().slice();
    copy[at] = ink;
    this.cells.value = copy;
  }

  /** Flips some cells of what is on the paper; the next time others. */
  damage() {
    batch(() => {
      this.cells.value = damaged(this.cells.peek(), this.flips.peek(), this.seed.peek());
      this.seed.value += 1;
    });
  }

  restore() {
    this.cells.value = this.letter.peek().cells;
  }

  clear() {
    this.cells.value = new Uint8Array(AREA);
  }

  /** @param {Letter[]} letters one at least */
  take(letters) {
    batch(() => {
      this.faults.value = [];
      this.own.value = merged(this.own.peek(), letters);
      this.put(letters[0]);
    });
  }

  /** @returns {Letter} what is on the paper, under a name of its own */
  drawn() {
    const { label } = this.letter.peek();
    const used = new Set(this.own.peek().map(({ file }) => file));
    let number = 1;
    while (used.has(`${label}.drawn-${number}.txt`)) number += 1;
    return { file: `${label}.drawn-${number}.txt`, label, cells: this.cells.peek() };
  }

  forget() {
    batch(() => {
      this.own.value = [];
      this.setAlone(false);
    });
  }

  /** @param {boolean} alone */
  setAlone(alone) {
    batch(() => {
      this.alone.value = alone;
      const known = this.classes.value.includes(this.letter.peek().label);
      if (!known) this.put(this.learned.value[0]);
      if (!this.classes.value.includes(this.looked.peek())) this.looked.value = this.letter.peek().label;
    });
  }
}
