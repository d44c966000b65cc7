/**
 * The chosen digit at the foot of a phone's window: what it is, in one line, and the rest of it one
 * press away. The wall stays in sight.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import '../../kit/glass-thumb.js';
import { controls, shared } from '../../kit/styles.js';

/** @fires more when all of it is wanted */
export class GlassPeek extends LitElement {
  static properties = { digit: { type: Number }, pixels: { attribute: false }, shape: { attribute: false }, words: { type: String } };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: flex;
        gap: var(--space-3);
        align-items: center;
      }

      p {
        flex: 1;
        min-width: 0;
        margin: 0;
        font-size: var(--size-small);
      }

      button {
        flex: none;
      }
    `,
  ];

  constructor() {
    super();
    this.digit = -1;
    /** @type {Uint8Array|null} */
    this.pixels = null;
    this.shape = { rows: 28, columns: 28 };
    /** The digit in words. */
    this.words = '';
  }

  render() {
    const more = () => this.dispatchEvent(new CustomEvent('more'));
    return html`<glass-thumb .digit=${this.digit} .pixels=${this.pixels} .shape=${this.shape} .words=${this.words} @choose=${more}></glass-thumb>
      <p>${this.words || 'It is on its way.'}</p>
      <button aria-expanded="false" @click=${more}>More</button>`;
  }
}

customElements.define('glass-peek', GlassPeek);
