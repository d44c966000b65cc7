/**
 * The frame that every figure has, on a page or in a post: a title that says what it is, the
 * picture, its legend, a strip of controls, and the data behind it for those who want numbers.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import './glass-menu.js';
import './glass-words.js';
import { shared } from './styles.js';

/**
 * @slot (default) the picture
 * @slot legend
 * @slot controls
 * @slot data a table of what the picture shows
 */
export class GlassCard extends LitElement {
  static properties = { words: { attribute: false }, heading: { type: String }, drawing: { attribute: false }, data: { attribute: false }, file: { type: String }, source: { type: String } };

  static styles = [
    shared,
    css`
      section {
        display: flex;
        flex-direction: column;
        gap: var(--space-3);
        height: 100%;
      }

      .head {
        position: relative;
        display: flex;
        align-items: start;
        justify-content: space-between;
        gap: var(--space-2);
      }

      /* A long heading gives way, and not what stands beside it. */
      .head > :not(h2) {
        flex: none;
      }

      @media print {
        section {
          display: block;
          height: auto;
          break-inside: avoid;
        }

        .head {
          margin-bottom: var(--space-3);
        }

        glass-menu,
        glass-words {
          display: none;
        }
      }

      h2 {
        margin: 0 auto 0 0;
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
    /** What explains it, for those who ask; null: nothing needs to. @type {import('lit').TemplateResult|null} */
    this.words = null;
    /** Its lines as SVG. @type {(() => string|null)|null} */
    this.drawing = null;
    /** The data behind it, as CSV. @type {(() => string|Promise<string>)|null} */
    this.data = null;
    /** What its picture and data are called when they are saved. */
    this.file = 'glassnet';
    /** Address of the page that shows how it is computed. */
    this.source = '';
  }

  render() {
    return html`
      <section aria-labelledby="heading">
        <div class="head"><h2 id="heading">${this.heading}</h2>${this.words ? html`<glass-words about=${this.heading}>${this.words}</glass-words>` : nothing}<glass-menu .figure=${this} .drawing=${this.drawing} .data=${this.data} name=${this.file} source=${this.source}></glass-menu></div>
        <slot></slot>
        <div class="foot"><slot name="legend"></slot><slot name="controls"></slot></div>
        <slot name="data"></slot>
      </section>
    `;
  }
}

customElements.define('glass-card', GlassCard);
