/**
 * The current value of every property in the table, each as a signal, and the notes about values
 * that could not be taken. Whoever wants to know of a change reads a signal inside an effect.
 *
 * @module
 */

import { batch, signal } from '@preact/signals-core';
import { read, write } from './property.js';
import { NAMES, TABLE } from './table.js';

/**
 * @typedef {import('./table.js').Name} Name
 * @typedef {import('./property.js').Value} Value
 * @typedef {import('./property.js').Property} Property
 */

/**
 * @template {Name} N
 * @typedef {import('./table.js').Table[N]['default']} ValueOf
 */

/** Longest part of a refused value that a note repeats. */
const QUOTED = 24;

export class Settings {
  #signals = new Map(NAMES.map((name) => [name, signal(/** @type {Value} */ (TABLE[name].default))]));

  /** Sentences about values that were refused, newest reading only. */
  notes = signal(/** @type {string[]} */ ([]));

  /**
   * The value; inside an effect, also a subscription to it.
   *
   * @template {Name} N
   * @param {N} name
   * @returns {ValueOf<N>}
   */
  get(name) {
    return /** @type {ValueOf<N>} */ (this.#of(name).value);
  }

  /**
   * Takes a value as text, from a field or an address.
   *
   * @param {Name} name
   * @param {string} text
   * @returns {string|null} why it was refused, or null
   */
  set(name, text) {
    const reading = read(TABLE[name], text);
    if ('fault' in reading) return `${TABLE[name].label} ${reading.fault}`;
    this.#of(name).value = reading.value;
    return null;
  }

  /**
   * Takes what an address says. What it does not name gets its default; what it names badly gets
   * its default and a note; names that are not in the table are no business of ours.
   *
   * @param {string} query such as `?digit=7&rate=0.5`
   */
  fromQuery(query) {
    const given = new URLSearchParams(query);
    /** @type {string[]} */
    const notes = [];
    batch(() => {
      for (const name of NAMES) {
        const text = given.get(name);
        const fault = text === null ? null : this.set(name, text);
        if (text !== null && fault === null) continue;
        this.#of(name).value = TABLE[name].default;
        if (fault) notes.push(`${fault}; the address says “${quoted(text ?? '')}”, so ${write(TABLE[name].default)} is used.`);
      }
      this.notes.value = notes;
    });
  }

  /**
   * Holds a value below a bound that was not known before, such as the size of a data set.
   *
   * @param {Exclude<Name, 'keys'>} name
   * @param {number} max
   * @param {string} reason a clause for the note
   */
  bound(name, max, reason) {
    if (this.get(name) <= max) return;
    this.notes.value = [...this.notes.peek(), `${TABLE[name].label} ${this.get(name)}: ${reason}, so ${TABLE[name].default} is used.`];
    this.#of(name).value = TABLE[name].default;
  }

  /** What differs from the defaults, in the table's order: the shortest address of this state. */
  toQuery() {
    const query = new URLSearchParams();
    for (const name of NAMES) {
      const value = this.#of(name).value;
      if (value !== TABLE[name].default) query.set(name, write(value));
    }
    const text = query.toString();
    return text && `?${text}`;
  }

  /** @param {Name} name */
  #of(name) {
    return /** @type {import('@preact/signals-core').Signal<Value>} */ (this.#signals.get(name));
  }
}

/** @param {string} text */
function quoted(text) {
  const printable = text.replace(/[\p{C}\p{Z}]+/gu, ' ');
  return printable.length > QUOTED ? `${printable.slice(0, QUOTED)}…` : printable;
}
