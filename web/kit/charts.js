/**
 * The charts of an element, as a Lit controller. Their library is fetched, and they are made, when
 * they are first drawn: what matters more is on the screen by then. They are drawn while they can
 * be seen and no more often than an eye can follow, resized with their element, and made again in
 * the colours of another theme.
 *
 * @module
 */

import { effect } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { onPaper, paletteAt, scheme } from './palette.js';

/** Milliseconds between two drawings. */
const PACE_MS = 100;

/**
 * @typedef {object} Chart
 * @property {(width: number) => void} resize
 * @property {(palette: import('./palette.js').Palette) => void} print draws it for paper, beside what the screen shows
 * @property {() => void} destroy
 */

/** @template {Chart} T */
export class Charts {
  /** The charts, once made. @type {T|null} */
  made = null;
  /** Why there are none, in words; empty as long as nothing is wrong. */
  fault = '';

  #visible = false;
  #drawn = -Infinity;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  #resized = new ResizeObserver(() => this.made?.resize(this.plan.width()));
  #seen = new IntersectionObserver((entries) => {
    this.#visible = entries[entries.length - 1].isIntersecting;
    this.invalidate();
  });
  /** @type {() => void} */
  #unwatch = () => {};

  /**
   * @param {import('lit').LitElement} host
   * @param {object} plan
   * @param {() => Promise<(palette: import('./palette.js').Palette) => T>} plan.load fetches what makes them
   * @param {(charts: T) => void} plan.draw
   * @param {() => number} plan.width of one, in CSS pixels
   * @param {() => boolean} plan.ready whether there is something to draw
   */
  constructor(host, plan) {
    this.host = host;
    this.plan = plan;
    host.addController(this);
  }

  hostConnected() {
    this.host.addEventListener('glass-draw', this.#now);
    this.#resized.observe(this.host);
    this.#seen.observe(this.host);
    this.#unwatch = effect(() => {
      scheme.value;
      if (onPaper()) return this.#print();
      this.#forget();
      this.invalidate();
    });
  }

  hostDisconnected() {
    this.#unwatch();
    this.host.removeEventListener('glass-draw', this.#now);
    this.#resized.disconnect();
    this.#seen.disconnect();
    this.#visible = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#forget();
  }

  /** Asks for a drawing, soon. */
  invalidate() {
    if (!this.#visible || this.#timer !== undefined || !this.host.hasUpdated || !this.plan.ready()) return;
    const wait = Math.max(0, this.#drawn + PACE_MS - performance.now());
    this.#timer = setTimeout(() => void this.#make().then(() => requestAnimationFrame(() => this.#draw())), wait);
  }

  /** For a picture that somebody takes of them, who may be far from them. @param {Event} event */
  #now = (event) => {
    const { waits } = /** @type {CustomEvent<{waits: Promise<unknown>[]}>} */ (event).detail;
    if (this.plan.ready() && this.host.hasUpdated) waits.push(this.#make().then(() => this.#draw()));
  };

  /** Making them takes longer than drawing them: it is not done within a frame. */
  async #make() {
    if (this.made || this.fault) return;
    try {
      const make = await this.plan.load();
      if (this.host.isConnected) this.made ??= make(paletteAt(this.host));
      this.host.requestUpdate(); // what stood in for them goes
    } catch (error) {
      console.error(error);
      this.fault = `The charts could not be drawn: ${/** @type {Error} */ (error).message}.`;
      this.host.requestUpdate();
    }
  }

  #draw() {
    this.#timer = undefined;
    if (this.fault || !this.host.isConnected) return;
    if (!this.made) return this.invalidate(); // the theme has changed meanwhile
    this.#drawn = performance.now();
    this.plan.draw(this.made);
    if (onPaper()) queueMicrotask(() => this.made?.print(paletteAt(this.host))); // uPlot has taken its data by then
  }

  /** At once, if they were drawn before: no frame comes before the page is printed. */
  #print() {
    if (this.made) return this.made.print(paletteAt(this.host));
    if (this.plan.ready() && this.host.hasUpdated) void this.#make().then(() => this.#draw());
  }

  /** Makes them anew, as they are wanted now. */
  renew() {
    this.#forget();
    this.invalidate();
  }

  /** What a figure shows beside the fault. */
  retry() {
    return this.fault ? html`<button @click=${() => this.#again()}>Try again</button>` : nothing;
  }

  #again() {
    this.fault = '';
    this.host.requestUpdate();
    this.invalidate();
  }

  /** Gives the charts back; they are made again when they are next drawn. */
  #forget() {
    this.made?.destroy();
    this.made = null;
  }
}
