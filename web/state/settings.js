/**
 * The current value of every property in the table, each as a signal, and the notes about values
 * that could not be taken. Whoever wants to know of a change reads a signal inside an effect.
 *
 * @module
 */

import { batch, signal } from '@preact/signals-core';
import { read, write } from './property.js';
import { TABLE } from './table.js';

/**
 * @typedef {import('./property.js').Value} Value
 * @typedef {import('./property.js').Property} Property
 * @typedef {Readonly<Record<string, Property>>} AnyTable
 */

/** Longest part of a refused value that a note repeats. */
const QUOTED = 24;

/** @template {AnyTable} [T=import('./table.js').Table] */
export class Settings {
  /** @type {Map<keyof T, import('@preact/signals-core').Signal<Value>>} */
  #signals;

  /** Sentences about values that were refused, newest reading only. */
  notes = signal(/** @type {string[]} */ ([]));

  /** @param {T} [table] of what can be set; the training page's, if none is named */
  constructor(table = /** @type {any} */ (TABLE)) {
    this.table = table;
    /** In the table's order. */
    this.names = /** @type {(keyof T & string)[]} */ (Object.keys(table));
    this.#signals = new Map(this.names.map((name) => [name, signal(/** @type {Value} */ (table[name].default))]));
  }

  /**
   * The value; inside an effect, also a subscription to it.
   *
   * @template {keyof T & string} N
   * @param {N} name
   * @returns {T[N]['default']}
   */
  get(name) {
    return this.#of(name).value;
  }

  /** The value, without a subscription to it. @template {keyof T & string} N @param {N} name @returns {T[N]['default']} */
  peek(name) {
    return this.#of(name).peek();
  }

  /**
   * Takes a value as text, from a field or an address.
   *
   * @param {keyof T & string} name
   * @param {string} text
   * @returns {string|null} why it was refused, or null
   */
  set(name, text) {
    const reading = read(this.table[name], text);
    if ('fault' in reading) return `${this.table[name].label} ${reading.fault}`;
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
      for (const name of this.names) {
        const text = given.get(name);
        const fault = text === null ? null : this.set(name, text);
        if (text !== null && fault === null) continue;
        this.#of(name).value = this.table[name].default;
        if (fault) notes.push(`${fault}; the address says “${quoted(text ?? '')}”, so ${usual(this.table[name])} is used.`);
      }
      this.notes.value = notes;
    });
  }

  /**
   * Holds a value below a bound that was not known before, such as the size of a data set.
   *
   * @param {keyof T & string} name of a number
   * @param {number} max
   * @param {string} reason a clause for the note
   */
  bound(name, max, reason) {
    if (Number(this.get(name)) <= max) return;
    this.notes.value = [...this.notes.peek(), `${this.table[name].label} ${this.get(name)}: ${reason}, so ${usual(this.table[name])} is used.`];
    this.#of(name).value = this.table[name].default;
  }

  /** What differs from the defaults, in the table's order: the shortest address of this state. */
  toQuery() {
    const query = new URLSearchParams();
    for (const name of this.names) {
      const value = this.#of(name).value;
      const { default: usual, always = false } = /** @type {import('./property.js').ChoiceProperty} */ (this.table[name]);
      if (always || value !== usual) query.set(name, write(value));
    }
    const text = query.toString();
    return text && `?${text}`;
  }

  /** @param {keyof T & string} name */
  #of(name) {
    return /** @type {import('@preact/signals-core').Signal<Value>} */ (this.#signals.get(name));
  }
}

/** What is taken if nothing is given. @param {Property} property */
function usual(property) {
  return ('unset' in property && property.unset) || write(property.default) || 'none';
}

/** @param {string} text */
function quoted(text) {
  const printable = text.replace(/[\p{C}\p{Z}]+/gu, ' ');
  return printable.length > QUOTED ? `${printable.slice(0, QUOTED)}…` : printable;
}
