/**
 * One line that says what is happening, in a sentence, often enough to follow and seldom enough to
 * be heard; and above it what went wrong, with what to do about it.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from './styles.js';

/** @typedef {import('../python/protocol.js').Failure} Failure */

/** Least milliseconds between two sentences about the same state. */
const PACE_MS = 1000;

/** @fires retry when the visitor wants what failed to be tried again */
export class GlassStatus extends LitElement {
  static properties = {
    sentence: { type: String },
    about: { type: String },
    detail: { type: String },
    progress: { attribute: false },
    failures: { attribute: false },
    notes: { attribute: false },
    said: { state: true },
  };

  static styles = [
    shared,
    controls,
    // The status has as many lines as the longest sentence, and the bar a place of its own: nothing moves.
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }

      p {
        margin: 0;
      }

      [role='status'] {
        min-height: 1.5em;
      }

      .loading {
        position: relative;
        padding-bottom: var(--space-3);
      }

      progress {
        position: absolute;
        bottom: 0;
      }

      @media (max-width: 1099px) {
        [role='status'] {
          min-height: 3em;
        }
      }

      @media (max-width: 479px) {
        [role='status'] {
          min-height: 4.5em;
        }
      }

      .failure {
        border-left: 3px solid var(--negative);
        padding: var(--space-2) var(--space-4);
        background: var(--panel);
        display: grid;
        gap: var(--space-2);
        justify-items: start;
      }

      pre {
        max-width: 100%;
        overflow: auto;
        font: var(--size-small) / 1.4 var(--code-font);
        margin: var(--space-2) 0 0;
      }

      details {
        max-width: 100%;
      }

      ul {
        margin: 0;
        padding-left: 1.2em;
        overflow-wrap: anywhere;
      }
    `,
  ];

  #spoke = -Infinity;
  /** @type {number|undefined} */
  #timer;

  constructor() {
    super();
    this.sentence = '';
    /** What the sentence is about; when that changes it is said at once. */
    this.about = '';
    /** What only those want to know who point at the sentence. */
    this.detail = '';
    /** @type {{loaded: number, total: number}|null} of a download */
    this.progress = null;
    /** @type {Failure[]} */
    this.failures = [];
    /** @type {string[]} */
    this.notes = [];
    this.said = '';
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (this.sentence === this.said) return;
    const wait = changed.has('about') ? 0 : this.#spoke + PACE_MS - performance.now();
    if (wait <= 0) this.#say();
    else this.#timer ??= setTimeout(() => this.#say(), wait);
  }

  #say() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#spoke = performance.now();
    this.said = this.sentence;
  }

  render() {
    const { loaded, total } = this.progress ?? { loaded: 0, total: 0 };
    return html`
      ${this.failures.map((failure) => this.#failure(failure))}
      ${this.notes.length ? html`<ul class="notes small">${this.notes.map((note) => html`<li>${note}</li>`)}</ul>` : nothing}
      <div class="loading">
        <p role="status" title=${this.detail || nothing}>${this.said}</p>
        ${total ? html`<progress aria-label="Download" max=${total} .value=${loaded}></progress>` : nothing}
      </div>
    `;
  }

  /** @param {Failure} failure */
  #failure({ code, message, advice, traceback }) {
    return html`<section class="failure" role="alert">
      <p><strong>${message}</strong> <span class="muted small">${code}</span></p>
      ${advice ? html`<p>${advice}</p>` : nothing}
      <button @click=${() => this.dispatchEvent(new CustomEvent('retry'))}>Try again</button>
      ${traceback
        ? html`<details>
            <summary>What Python said</summary>
            <pre tabindex="0" role="region" aria-label="Python’s traceback">${traceback}</pre>
          </details>`
        : nothing}
    </section>`;
  }
}

customElements.define('glass-status', GlassStatus);
