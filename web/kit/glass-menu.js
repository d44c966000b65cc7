/**
 * What can be taken along of a figure: a link to it as it stands, what others can paste, its picture,
 * the data behind it; and where to read how it is computed.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { Foldaway, foldaway } from './foldaway.js';
import { copyLacks, followLink, lacks, saved, uncopied } from './rights.js';
import { controls, shared } from './styles.js';

/** @fires share with `detail.open` for the figure around it to fill in, if it can be shared: what opens its panel */
export class GlassMenu extends LitElement {
  static properties = { figure: { attribute: false }, drawing: { attribute: false }, data: { attribute: false }, name: { type: String }, source: { type: String }, share: { state: true }, told: { state: true } };

  static styles = [
    shared,
    controls,
    foldaway,
    css`
      details {
        position: relative;
      }

      .sheet {
        display: grid;
        min-width: 200px;
        padding: var(--space-1);
      }

      .sheet button {
        transition: none; /* what is folded away would never come to the end of one */
        border-color: transparent;
        text-align: left;
        font-size: inherit;
        min-height: 32px;
        padding: 2px var(--space-2);
      }

      .sheet a {
        padding: var(--space-1) calc(var(--space-2) + 1px);
        white-space: nowrap;
      }

      .lacks,
      output {
        max-width: 280px;
        margin: var(--space-1) var(--space-2);
        overflow-wrap: anywhere;
      }
    `,
  ];

  #fold = new Foldaway(this);

  constructor() {
    super();
    /** What it is about. @type {Element|null} */
    this.figure = null;
    /** Its lines as SVG, if they are drawn; null: it has none, but pixels. @type {(() => string|null)|null} */
    this.drawing = null;
    /** The data behind it, as CSV; null: there is none to take. @type {(() => string|Promise<string>)|null} */
    this.data = null;
    /** Of files that are saved. */
    this.name = 'glassnet';
    /** Address of the page that shows the source; empty: there is none. */
    this.source = '';
    /** Opens the panel with what can be pasted elsewhere, until it is closed; null: nothing can be. @type {(() => Promise<void>)|null} */
    this.share = null;
    this.told = '';
  }

  connectedCallback() {
    super.connectedCallback();
    const detail = { open: null };
    this.dispatchEvent(new CustomEvent('share', { bubbles: true, composed: true, detail }));
    this.share = detail.open;
  }

  render() {
    return html`<details @keydown=${this.#fold.onKey} @focusout=${this.#fold.onLeave} @toggle=${() => (this.told = '', this.requestUpdate()) /* what is allowed may have been told meanwhile */}>
      <summary aria-label="Take this along">⋯</summary>
      <div class="sheet">
        <button @click=${this.#copy}>Copy a link to this</button>
        ${this.share ? html`<button @click=${this.#share}>Share or embed…</button>` : nothing}
        <button @click=${this.#picture}>Save the picture (PNG)</button>
        ${this.drawing ? html`<button @click=${this.#draw}>Save the drawing (SVG)</button>` : nothing}
        ${this.data ? html`<button @click=${this.#save}>Save its data (CSV)</button>` : nothing}
        ${this.source ? html`<a href=${this.source} target="_blank" rel="noopener" @click=${(/** @type {MouseEvent} */ event) => followLink(event, (words) => (this.told = words))}>Source: how this is computed</a>` : nothing}
        ${this.#lacks.map((words) => html`<p class="lacks muted">${words}</p>`)}
        <output ?hidden=${!this.told}>${this.told}</output>
      </div>
    </details>`;
  }

  /** What the page around the frame has not allowed it. */
  get #lacks() {
    return [copyLacks(), lacks('downloads'), this.source ? lacks('popups') : ''].filter(Boolean);
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.told = 'The link is copied.';
    } catch {
      this.told = `${uncopied()}. The link: ${location.href}`;
    }
  }

  async #share() {
    const details = /** @type {HTMLDetailsElement} */ (this.renderRoot.querySelector('details'));
    try {
      await this.share?.();
    } catch (error) {
      return void (this.told = `Its panel did not come: ${/** @type {Error} */ (error).message}. Reload the page.`);
    }
    details.open = false;
    details.querySelector('summary')?.focus();
  }

  async #picture() {
    const { snapshot } = await import('./snapshot.js');
    const ground = getComputedStyle(this).getPropertyValue('background-color');
    const page = getComputedStyle(document.body).backgroundColor;
    const blob = this.figure && (await snapshot(this.figure, ground === 'rgba(0, 0, 0, 0)' ? page : ground));
    this.#hand(blob, 'png');
  }

  #draw() {
    const text = this.drawing?.();
    this.#hand(text ? new Blob([text], { type: 'image/svg+xml' }) : null, 'svg');
  }

  async #save() {
    try {
      this.#hand(new Blob([(await this.data?.()) ?? ''], { type: 'text/csv' }), 'csv');
    } catch (error) {
      this.told = `It was not saved: ${/** @type {Error} */ (error).message}. Reload the page.`;
    }
  }

  /** Gives a file to the visitor, if there is one. @param {Blob|null} blob @param {string} kind */
  #hand(blob, kind) {
    if (!blob) return void (this.told = 'There is no picture yet.');
    const url = URL.createObjectURL(blob);
    Object.assign(document.createElement('a'), { href: url, download: `${this.name}.${kind}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    this.told = saved(`${this.name}.${kind}`);
  }
}

customElements.define('glass-menu', GlassMenu);
