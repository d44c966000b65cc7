/**
 * Words about a figure, for those who ask: they lie over the page beside what they explain.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { Foldaway } from './foldaway.js';
import { shared } from './styles.js';

/** @slot (default) the words: paragraphs, or a list of terms */
export class GlassWords extends LitElement {
  static properties = { about: { type: String } };

  static styles = [
    shared,
    css`
      :host {
        flex: none;
      }

      summary {
        list-style: none;
        cursor: pointer;
        padding: 0 var(--space-2);
        border: 1px solid transparent;
        border-radius: var(--radius);
        line-height: 18px;
        margin-block: -1px;
        font-size: var(--size-small);
        color: var(--muted);
      }

      summary::-webkit-details-marker {
        display: none;
      }

      summary:hover {
        border-color: var(--line);
      }

      .words {
        position: absolute; /* in the card's head, whose whole width there is */
        right: 0;
        top: 100%;
        z-index: 4;
        width: min(440px, 100vw - 40px);
        max-height: min(70vh, 560px);
        overflow: auto;
        margin-top: var(--space-1);
        padding: var(--space-3) var(--space-4);
        background: var(--page);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        box-shadow: var(--shadow);
        font-size: var(--size-small);
        line-height: 1.5;
      }

      ::slotted(p) {
        margin: 0 0 var(--space-2);
      }

      ::slotted(h3) {
        margin: 0 0 var(--space-1);
        font-size: var(--size-small);
        font-weight: 600;
      }
    `,
  ];

  #fold = new Foldaway(this);

  constructor() {
    super();
    /** What they are about. */
    this.about = '';
  }

  render() {
    return html`<details @keydown=${this.#fold.onKey} @focusout=${this.#fold.onLeave}>
      <summary aria-label=${`Explain: ${this.about}`}>Explain</summary>
      <div class="words" tabindex="0" role="note" aria-label=${this.about}><slot></slot></div>
    </details>`;
  }
}

customElements.define('glass-words', GlassWords);
