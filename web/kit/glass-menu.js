/**
 * What can be taken along of a figure: a link to it as it stands, its picture, the data behind it;
 * and where to read how it is computed.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { snapshot } from './snapshot.js';
import { controls, shared } from './styles.js';

export class GlassMenu extends LitElement {
  static properties = { figure: { attribute: false }, drawing: { attribute: false }, data: { attribute: false }, name: { type: String }, source: { type: String }, told: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      details {
        position: relative;
      }

      summary {
        list-style: none;
        cursor: pointer;
        padding: 0 var(--space-2);
        border: 1px solid transparent;
        border-radius: var(--radius);
        line-height: 18px;
        margin-block: -1px;
        color: var(--muted);
      }

      summary::-webkit-details-marker {
        display: none;
      }

      summary:hover {
        border-color: var(--line);
      }

      .menu {
        position: absolute;
        right: 0;
        z-index: 4;
        display: grid;
        min-width: 200px;
        padding: var(--space-1);
        background: var(--page);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        box-shadow: var(--shadow);
      }

      .menu button {
        transition: none; /* what is folded away would never come to the end of one */
        border-color: transparent;
        text-align: left;
        font-size: var(--size-small);
        min-height: 32px;
        padding: 2px var(--space-2);
      }

      .menu a {
        padding: var(--space-1) calc(var(--space-2) + 1px);
        font-size: var(--size-small);
        font-weight: 400;
        white-space: nowrap;
      }

      output {
        margin: var(--space-1) var(--space-2);
        font-size: var(--size-small);
        font-weight: 400;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    /** What it is about. @type {Element|null} */
    this.figure = null;
    /** Its lines as SVG, if they are drawn; null: it has none, but pixels. @type {(() => string|null)|null} */
    this.drawing = null;
    /** The data behind it, as CSV; null: there is none to take. @type {(() => string)|null} */
    this.data = null;
    /** Of files that are saved. */
    this.name = 'glassnet';
    /** Address of the page that shows the source; empty: there is none. */
    this.source = '';
    this.told = '';
  }

  render() {
    return html`<details @keydown=${this.#onKey} @focusout=${this.#onLeave} @toggle=${() => void (this.told = '')}>
      <summary aria-label="Take this along">⋯</summary>
      <div class="menu">
        <button @click=${this.#copy}>Copy a link to this</button>
        <button @click=${this.#picture}>Save the picture (PNG)</button>
        ${this.drawing ? html`<button @click=${this.#draw}>Save the drawing (SVG)</button>` : nothing}
        ${this.data ? html`<button @click=${this.#save}>Save its data (CSV)</button>` : nothing}
        ${this.source ? html`<a href=${this.source} target="_blank" rel="noopener">Source: how this is computed</a>` : nothing}
        <output ?hidden=${!this.told}>${this.told}</output>
      </div>
    </details>`;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.told = 'The link is copied.';
    } catch {
      this.told = `This browser does not let the page copy. The link: ${location.href}`;
    }
  }

  async #picture() {
    const ground = getComputedStyle(this).getPropertyValue('background-color');
    const page = getComputedStyle(document.body).backgroundColor;
    const blob = this.figure && (await snapshot(this.figure, ground === 'rgba(0, 0, 0, 0)' ? page : ground));
    this.#hand(blob, 'png');
  }

  #draw() {
    const text = this.drawing?.();
    this.#hand(text ? new Blob([text], { type: 'image/svg+xml' }) : null, 'svg');
  }

  #save() {
    this.#hand(new Blob([this.data?.() ?? ''], { type: 'text/csv' }), 'csv');
  }

  /** Gives a file to the visitor, if there is one. @param {Blob|null} blob @param {string} kind */
  #hand(blob, kind) {
    if (!blob) return void (this.told = 'There is no picture yet.');
    const url = URL.createObjectURL(blob);
    Object.assign(document.createElement('a'), { href: url, download: `${this.name}.${kind}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    this.told = `Saved as ${this.name}.${kind}.`;
  }

  get #details() {
    return /** @type {HTMLDetailsElement|null} */ (this.renderRoot.querySelector('details'));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const details = this.#details;
    if (event.key !== 'Escape' || !details?.open) return;
    event.stopPropagation();
    details.open = false;
    details.querySelector('summary')?.focus();
  }

  /** @param {FocusEvent} event */
  #onLeave({ relatedTarget: to }) {
    const details = this.#details;
    if (details && to instanceof Node && !details.contains(to)) details.open = false;
  }
}

customElements.define('glass-menu', GlassMenu);
