/**
 * The first test digits as a wall, each a way to the page where a network reads it. Only the first
 * shard is fetched; there is no Python here.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { failureOf } from '../../models/failures.js';
import '../../kit/glass-card.js';
import '../../kit/glass-status.js';
import './glass-strip.js';
import { Supply } from '../../models/supply.js';
import { figure } from '../../kit/figure.js';
import { places } from '../../wire/places.js';
import { shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

/** @typedef {import('../../python/protocol.js').Failure} Failure */

/** @fires open with `detail.index`, from the wall */
export class GlassGallery extends SignalWatcher(LitElement) {
  static properties = {
    rows: { type: Number },
    failure: { state: true },
  };

  static styles = [
    figure,
    shared,
    css`
      glass-status {
        margin-bottom: var(--space-3);
      }
    `,
  ];

  #closed = new AbortController();
  /** @type {Supply|null} */
  #supply = null;

  constructor() {
    super();
    /** Rows of digits. */
    this.rows = 8;
    /** @type {Failure|null} */
    this.failure = null;
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.#supply?.arrived.peek()) return;
    this.#closed = new AbortController();
    this.#supply = new Supply(places().mnist, this.#closed.signal);
    void this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#closed.abort();
  }

  async #load() {
    const { signal: stop } = this.#closed;
    this.failure = null;
    try {
      await this.#supply?.open();
    } catch (error) {
      if (stop.aborted) return;
      this.failure = failureOf(error);
    }
  }

  render() {
    const { failure } = this;
    const arrived = this.#supply?.arrived.value ?? 0;
    const digits = arrived ? (this.#supply?.digits.value ?? null) : null;
    const shown = digits ? `${digits.title}. These are the first ${count(arrived)} of its ${count(digits.total)} for testing.` : 'Test digits';
    return html`<glass-card heading=${shown}>
      ${failure ? html`<glass-status .failures=${[failure]} @retry=${() => void this.#load()}></glass-status>` : nothing}
      <glass-strip .digits=${digits} .arrived=${arrived} .rows=${this.rows} quiet></glass-strip>
    </glass-card>`;
  }
}

customElements.define('glass-gallery', GlassGallery);
