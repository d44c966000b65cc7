/**
 * Ways to take the chosen digit along: copied as a PNG, as numpy code, as a link. Where the collection
 * does not let the page copy, the same is offered to be copied or saved by hand.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { placeOf } from '../../data/examples.js';
import { copyLacks, lacks, saved, uncopied } from '../../kit/rights.js';
import { controls, shared } from '../../kit/styles.js';
import { asNumpy, asPNG, save } from './take-along.js';

/** @typedef {'png'|'numpy'|'link'} What */

const NAMES = /** @type {Record<What, string>} */ ({ png: 'PNG', numpy: 'numpy code', link: 'link' });

export class GlassTake extends LitElement {
  static properties = { about: { attribute: false }, digit: { type: Number }, pixels: { attribute: false }, words: { type: String }, told: { state: true }, instead: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: center;
      }

      button {
        min-height: 32px;
        font-size: var(--size-small);
      }

      p {
        margin: var(--space-1) 0;
      }

      textarea {
        width: 100%;
        box-sizing: border-box;
        height: 6em;
        font-family: var(--code-font);
        font-size: var(--size-small);
        color: var(--ink);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../data/examples.js').About|null} */
    this.about = null;
    /** Its id. */
    this.digit = -1;
    /** @type {Uint8Array|null} of the digit */
    this.pixels = null;
    /** What it is. */
    this.words = '';
    this.told = '';
    /** What could not be copied. @type {{text: string}|{file: Blob}|null} */
    this.instead = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('digit')) return;
    this.told = '';
    this.instead = null;
  }

  render() {
    const { instead } = this;
    return html`
      <div class="row">
        ${/** @type {What[]} */ (Object.keys(NAMES)).map((what) => html`<button @click=${() => this.#take(what)}>Copy ${NAMES[what]}</button>`)}
        <slot></slot>
      </div>
      ${copyLacks() ? html`<p class="small muted">${copyLacks()}</p>` : nothing}
      <p class="small" role="status">${this.told}</p>
      ${instead && 'text' in instead
        ? html`<textarea readonly spellcheck="false" aria-label="What could not be copied" @focus=${this.#selectAll} .value=${instead.text}></textarea>`
        : nothing}
      ${instead && 'file' in instead ? html`<button @click=${() => this.#save(instead.file)}>Save PNG</button> <span class="small muted">${lacks('downloads')}</span>` : nothing}
    `;
  }

  /** Such as `test-18`. */
  get #place() {
    if (!this.about) return '';
    const { split, index } = placeOf(this.about, this.digit);
    return `${split}-${index}`;
  }

  /** @param {What} what */
  async #take(what) {
    const { about, pixels, words } = this;
    if (!about || !pixels) return;
    this.instead = null;
    /** @type {{text: string}|{file: Blob}} */
    const taken = what === 'png' ? { file: await asPNG(pixels, about) } : { text: what === 'link' ? this.#link() : asNumpy(pixels, about, words) };
    try {
      if ('file' in taken) await navigator.clipboard.write([new ClipboardItem({ 'image/png': taken.file })]);
      else await navigator.clipboard.writeText(taken.text);
      this.told = `The ${NAMES[what]} is copied.`;
    } catch {
      // Refused, or not there at all: pages without TLS have no clipboard.
      this.instead = taken;
      this.told = `${uncopied()}; ${'file' in taken ? 'the picture can be saved instead.' : `here is the ${NAMES[what]}, to be copied by hand.`}`;
    }
  }

  /** @param {Blob} file */
  #save(file) {
    const name = `${this.#place}.png`;
    save(name, [file], 'image/png');
    this.told = saved(name);
  }

  #link() {
    const url = new URL(location.href);
    url.search = new URLSearchParams({ digit: this.#place, panel: 'digit' }).toString();
    return url.href;
  }

  /** @param {Event} event */
  #selectAll({ target }) {
    /** @type {HTMLTextAreaElement} */ (target).select();
  }
}

customElements.define('glass-take', GlassTake);
