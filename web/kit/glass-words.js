/**
 * Words about a figure, for those who ask: they lie over the page beside what they explain.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { Foldaway, foldaway } from './foldaway.js';
import { shared } from './styles.js';

/** @slot (default) the words: paragraphs, or a list of terms */
export class GlassWords extends LitElement {
  static properties = { about: { type: String } };

  static styles = [
    shared,
    foldaway,
    css`
      :host {
        flex: none;
      }

      .sheet {
        top: 100%; /* of the card's head, whose whole width there is */
        width: min(440px, 100vw - 40px);
        max-height: min(70vh, 560px);
        overflow: auto;
        margin-top: var(--space-1);
        padding: var(--space-3) var(--space-4);
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
      <div class="sheet" tabindex="0" role="note" aria-label=${this.about}><slot></slot></div>
    </details>`;
  }
}

customElements.define('glass-words', GlassWords);
