/**
 * The first test digits as a wall, each a way to the page where a network reads it. Only the first
 * shard is fetched; there is no Python here.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { Digits } from '../../data/digits.js';
import { fetchIndex } from '../../data/index.js';
import { fetchShard } from '../../data/shard.js';
import { failureOf } from '../../models/failures.js';
import '../../kit/glass-card.js';
import '../../kit/glass-status.js';
import './glass-strip.js';
import { figure } from '../../kit/figure.js';
import { places } from '../../wire/places.js';
import { shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

/** @typedef {import('../../python/protocol.js').Failure} Failure */

/** @fires open with `detail.index`, from the wall */
export class GlassGallery extends LitElement {
  static properties = {
    rows: { type: Number },
    digits: { state: true },
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

  constructor() {
    super();
    /** Rows of digits. */
    this.rows = 8;
    /** @type {Digits|null} */
    this.digits = null;
    /** @type {Failure|null} */
    this.failure = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#closed = new AbortController();
    if (!this.digits) void this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#closed.abort();
  }

  async #load() {
    const { signal } = this.#closed;
    this.failure = null;
    try {
      const { mnist } = places();
      const index = await fetchIndex(mnist, signal);
      const digits = new Digits(index);
      digits.add(await fetchShard(mnist, index, 'test', 0, { signal }));
      this.digits = digits;
    } catch (error) {
      if (signal.aborted) return;
      this.failure = failureOf(error);
    }
  }

  render() {
    const { digits, failure } = this;
    const shown = digits ? `${digits.title}. These are the first ${count(digits.arrived)} of its ${count(digits.total)} for testing.` : 'Test digits';
    return html`<glass-card heading=${shown}>
      ${failure ? html`<glass-status .failures=${[failure]} @retry=${() => void this.#load()}></glass-status>` : nothing}
      <glass-strip .digits=${digits} .arrived=${digits?.arrived ?? 0} .rows=${this.rows} quiet></glass-strip>
    </glass-card>`;
  }
}

customElements.define('glass-gallery', GlassGallery);
