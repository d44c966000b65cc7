/**
 * The frame that every figure has, on a page or in a post: a title that says what it is, the
 * picture, its legend, a strip of controls, and the data behind it for those who want numbers.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { shared } from './styles.js';

/**
 * @slot (default) the picture
 * @slot legend
 * @slot controls
 * @slot data a table of what the picture shows
 */
export class GlassCard extends LitElement {
  static properties = { heading: { type: String } };

  static styles = [
    shared,
    css`
      section {
        display: flex;
        flex-direction: column;
        gap: var(--space-3);
        height: 100%;
      }

      h2 {
        margin: 0;
        font-size: var(--size-text);
        font-weight: 600;
        line-height: 1.2;
      }

      .foot {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: baseline;
        font-size: var(--size-small);
        color: var(--muted);
      }
    `,
  ];

  constructor() {
    super();
    /** What the figure is, in words. */
    this.heading = '';
  }

  render() {
    return html`
      <section aria-labelledby="heading">
        <h2 id="heading">${this.heading}</h2>
        <slot></slot>
        <div class="foot"><slot name="legend"></slot><slot name="controls"></slot></div>
        <slot name="data"></slot>
      </section>
    `;
  }
}

customElements.define('glass-card', GlassCard);
