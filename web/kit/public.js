/**
 * A figure as other people's pages know it: attributes set it, `status` says how it does, and events
 * tell of it. A Lit controller.
 *
 *     <glass-train digit="7" theme="dark" status="ready">
 *
 * Each row of the figure's table is an attribute under its own name, or with `data-` before it (so
 * has to be what HTML has another use for, such as `data-hidden`).
 *
 * @module
 */

import { effect } from '@preact/signals-core';
import { Settings } from '../state/settings.js';

/** @typedef {import('../embed/messages.js').Status} Status */

/** What an HTML page means by these is something else. */
const TAKEN = new Set(['hidden', 'python', 'title', 'style', 'class', 'id', 'slot', 'part']);

export class Public {
  /** @type {Settings<any>|null} */
  #settings = null;
  #host;
  #table;
  /** @type {Status} */
  #status = 'idle';
  #words = '';
  /** So that a style sheet can know: `glass-train:state(ready)`. */
  #internals;
  #observer = new MutationObserver(() => this.#take());
  #stop = () => {};

  /** @param {import('lit').ReactiveControllerHost & HTMLElement} host @param {import('../state/settings.js').AnyTable} table */
  constructor(host, table) {
    this.#host = host;
    this.#internals = host.attachInternals();
    this.#table = table;
    host.addController(this);
  }

  /** Settings as its attributes say them, for a figure that is given none by its page. @returns {Settings<any>} */
  settings() {
    this.#settings ??= new Settings(this.#table);
    this.#take();
    this.#observe();
    return this.#settings;
  }

  hostConnected() {
    this.#observe();
  }

  hostDisconnected() {
    this.#observer.disconnect();
    this.#stop();
  }

  /** What the figure is about, told when it has been drawn. @param {Status} status @param {string} [words] of what is wrong */
  say(status, words = '') {
    [this.#status, this.#words] = [status, words];
  }

  hostUpdated() {
    if (this.#host.getAttribute('status') === this.#status) return;
    const was = this.#host.getAttribute('status');
    this.#host.setAttribute('status', this.#status);
    this.#internals.states?.clear(); // older browsers have none
    this.#internals.states?.add(this.#status);
    this.#tell('glass-status', { status: this.#status, words: this.#words });
    if (this.#status === 'failed') this.#tell('glass-error', { words: this.#words });
    else if (!was || was === 'loading') this.#status !== 'loading' && this.#tell('glass-ready', {});
  }

  #observe() {
    const settings = this.#settings;
    if (!settings || !this.#host.isConnected) return;
    const names = settings.names.flatMap((name) => [name, `data-${name}`]);
    this.#observer.observe(this.#host, { attributes: true, attributeFilter: names });
    this.#stop();
    let known = settings.toQuery();
    this.#stop = effect(() => {
      const query = settings.toQuery();
      if (query !== known) this.#tell('glass-change', { query: (known = query) });
    });
  }

  /** An attribute that is gone leaves what was set. */
  #take() {
    const settings = this.#settings;
    const notes = [];
    for (const name of settings?.names ?? []) {
      const text = this.#host.getAttribute(`data-${name}`) ?? (TAKEN.has(name) ? null : this.#host.getAttribute(name));
      const fault = text === null ? null : settings?.set(name, text);
      if (fault) notes.push(`${fault}; the attribute says “${String(text).slice(0, 24)}”.`);
    }
    if (settings && notes.length) settings.notes.value = notes;
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.#host.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
