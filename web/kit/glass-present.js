/**
 * For a projector: a press, or `f`, leaves the figure alone on the page, in larger type; `f` or
 * Escape brings the page back. It belongs on pages of ours alone: it is about the whole page.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { controls, shared } from './styles.js';

const PRESENTED = 'data-present';
const TYPING = 'input, textarea, select, [contenteditable]';

export class GlassPresent extends LitElement {
  static properties = { on: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      button {
        border-color: transparent;
        font-size: var(--size-small);
      }

      @media (max-width: 719px) {
        button {
          display: none;
        }
      }
    `,
  ];

  #listening = new AbortController();

  constructor() {
    super();
    /** Whether the figure is alone on the page. */
    this.on = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#listening = new AbortController();
    document.addEventListener('keydown', (event) => this.#hear(event), { signal: this.#listening.signal });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  render() {
    return html`<button title="The figure alone, as for a projector (f); f or Escape comes back" @click=${() => this.#present(!this.on)}>${this.on ? 'Back' : 'Present'}</button>`;
  }

  /** @param {KeyboardEvent} event */
  #hear(event) {
    const [target] = event.composedPath();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (target instanceof Element && target.closest(TYPING)) return;
    if (new URLSearchParams(location.search).get('keys') === 'off') return; // the visitor wants no single keys
    if (event.key !== 'f' && !(this.on && event.key === 'Escape')) return;
    event.preventDefault();
    this.#present(!this.on);
  }

  /** @param {boolean} on */
  #present(on) {
    this.on = document.documentElement.toggleAttribute(PRESENTED, on);
  }
}

customElements.define('glass-present', GlassPresent);
