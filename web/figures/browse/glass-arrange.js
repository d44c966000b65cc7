/**
 * How the digits are ordered and laid out, and what the panel shows.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { COLOURS, ORDERS } from '../../state/browse-table.js';
import { Foldaway } from '../../kit/foldaway.js';
import { Narrow } from '../../kit/narrow.js';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

/**
 * @typedef {import('../../models/collection.js').Collection} Collection
 * @typedef {import('../../state/browse-table.js').Colour} Colour
 * @typedef {import('../../state/browse-table.js').Order} Order
 * @typedef {import('../../state/browse-table.js').Shape} Shape
 */

const ORDER_WORDS = /** @type {Record<Order, string>} */ ({
  file: 'place in the file',
  label: 'label',
  ink: 'amount of ink',
  similarity: 'likeness to its class',
  loss: 'the network’s loss',
  confidence: 'the network’s confidence',
  prediction: 'what the network reads',
});
const SHAPE_WORDS = /** @type {Record<Shape, [name: string, hint: string]>} */ ({
  neighbours: ['Map', 'Those that look alike lie close together (t-SNE)'],
  label: ['Columns', 'A column a label'],
  confusion: ['Confusion', 'The label by what it was read as'],
  grid: ['Wall', 'One block'],
  pca: ['PCA', 'Two principal components, computed by Python in this tab'],
});
const COLOUR_WORDS = /** @type {Record<Colour, string>} */ ({
  none: 'nothing',
  label: 'label',
  prediction: 'what it was read as',
  loss: 'loss',
  split: 'split',
});
const NETWORK_WORDS = { shipped: 'the shipped network', run: 'your network' };
const NEEDS_NETWORK = new Set(['loss', 'confidence', 'prediction', 'confusion', 'neighbours']);

/** @fires select when a drag is to select, or no longer */
export class GlassArrange extends SignalWatcher(LitElement) {
  static properties = { collection: { attribute: false }, selecting: { type: Boolean } };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: center;
      }

      label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-1);
      }

      .shapes {
        display: inline-flex;
      }

      .shapes button {
        border-radius: 0;
        margin-left: -1px;
      }

      .shapes button:first-child {
        border-radius: var(--radius) 0 0 var(--radius);
      }

      .shapes button:last-child {
        border-radius: 0 var(--radius) var(--radius) 0;
      }

      .shapes button[aria-pressed='true'] {
        position: relative;
      }

      .legend {
        font-size: var(--size-small);
        color: var(--muted);
        white-space: nowrap;
      }

      .legend i {
        display: inline-block;
        width: 10px;
        height: 10px;
        border-radius: 2px;
      }

      .legend .test {
        background: var(--positive);
      }

      .legend .train {
        background: var(--muted);
      }

      .legend .scale {
        width: 64px;
        background: linear-gradient(to right, var(--muted), var(--negative));
      }

      select {
        font: inherit;
        font-size: var(--size-small);
        color: var(--ink);
        background: var(--page);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        min-height: 32px;
        max-width: 122px;
        padding: 2px var(--space-2);
      }

      button {
        min-height: 32px;
        font-size: var(--size-small);
        padding: 2px var(--space-2);
      }

      button[aria-pressed='true'] {
        border-color: var(--accent);
        color: var(--accent);
        background: color-mix(in srgb, var(--accent) 12%, var(--page));
      }

      .rest {
        margin-left: auto;
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
      }

      summary {
        list-style: none;
        cursor: pointer;
        min-height: 34px;
        padding: 6px var(--space-2);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        font-size: var(--size-small);
        line-height: 20px;
        white-space: nowrap;
      }

      summary::-webkit-details-marker {
        display: none;
      }

      details[open] > summary {
        border-color: var(--accent);
        color: var(--accent);
      }

      .sheet {
        position: absolute; /* in the page of all digits, across its whole width */
        left: 0;
        right: 0;
        z-index: 4;
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: center;
        margin-top: var(--space-2);
        padding: var(--space-3);
        background: var(--page);
        border-block: 1px solid var(--line);
        box-shadow: var(--shadow);
      }

      .sheet .rest {
        margin-left: 0;
      }

      .sheet button,
      .sheet select {
        min-height: 40px;
        max-width: none;
        transition: none; /* what is folded away would never come to the end of one */
      }
    `,
  ];

  #narrow = new Narrow(this);
  #fold = new Foldaway(this);

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
    this.selecting = false;
  }

  render() {
    const { collection } = this;
    if (!collection) return nothing;
    const shape = /** @type {Shape} */ (collection.settings.get('shape'));
    if (!this.#narrow.matches) return this.#controls(collection);
    return html`<details @keydown=${this.#fold.onKey} @focusout=${this.#fold.onLeave}>
      <summary>View: ${SHAPE_WORDS[shape][0]} ▾</summary>
      <div class="sheet">${this.#controls(collection)}</div>
    </details>`;
  }

  /** @param {Collection} collection */
  #controls(collection) {
    const { settings } = collection;
    return html`
      <span class="shapes" role="group" aria-label="Lay out as">
        ${Object.entries(SHAPE_WORDS).map(([shape, [name, hint]]) => this.#shape(/** @type {Shape} */ (shape), name, hint))}
      </span>
      <label>Colour ${this.#select('colour', COLOURS, COLOUR_WORDS)}</label>${this.#legend(settings.get('colour'))}
      ${collection.reader.own.value ? html`<label>Read by ${this.#select('network', ['shipped', 'run'], NETWORK_WORDS)}</label>` : nothing}
      <label>Sort by ${this.#select('sort', ORDERS, ORDER_WORDS)}</label>
      <button aria-pressed=${String(settings.get('down'))} @click=${() => collection.set('down', settings.get('down') ? 'off' : 'on')}>Largest first</button>
      <span class="rest">
        <button aria-disabled=${String(!settings.get('size'))} title="Show all of them (0)" @click=${() => collection.home()}>Fit</button>
        <button aria-pressed=${String(this.selecting)} title="A drag selects; so does one with Shift held" @click=${() => this.dispatchEvent(new CustomEvent('select'))}>Select</button>
        ${this.selecting ? html`<button @click=${() => collection.select(collection.found.value.ids)}>Select all ${count(collection.found.value.ids.length)}</button>` : nothing}
        ${this.#panel('set', 'The set')} ${this.#panel('list', 'List')} ${this.#panel('help', 'Keys')}
      </span>
    `;
  }

  /** @param {Shape} shape @param {string} name @param {string} hint */
  #shape(shape, name, hint) {
    const { collection } = this;
    const refused = collection?.about.value?.facts === false && NEEDS_NETWORK.has(shape) && !collection.columns.value?.prediction;
    return html`<button
      aria-pressed=${String(collection?.settings.get('shape') === shape)}
      aria-disabled=${String(refused)}
      title=${refused ? 'The shipped network has not read this set' : hint}
      @click=${() => refused || collection?.set('shape', shape)}
    >${name}</button>`;
  }

  /** What colours mean that are no classes: those have the labels for a legend. @param {string} by */
  #legend(by) {
    if (by === 'split') return html`<span class="legend"><i class="test"></i>test <i class="train"></i>training</span>`;
    if (by === 'loss') return html`<span class="legend">small <i class="scale"></i> large, misread</span>`;
    return nothing;
  }

  /**
   * @param {'sort'|'colour'|'network'} name
   * @param {readonly string[]} values
   * @param {Record<string, string>} words
   */
  #select(name, values, words) {
    const { collection } = this;
    const current = collection?.settings.get(name);
    const unread = collection?.about.value?.facts === false;
    return html`<select @change=${(/** @type {Event} */ event) => collection?.set(name, /** @type {HTMLSelectElement} */ (event.target).value)}>
      ${values.map((value) => {
        const refused = unread && NEEDS_NETWORK.has(value);
        return html`<option value=${value} ?selected=${value === current} ?disabled=${refused}>${words[value]}${refused ? ' (not read by the network)' : ''}</option>`;
      })}
    </select>`;
  }

  /** @param {'set'|'list'|'help'} panel @param {string} words */
  #panel(panel, words) {
    const open = this.collection?.settings.get('panel') === panel;
    return html`<button aria-expanded=${String(open)} aria-pressed=${String(open)} @click=${() => this.collection?.settings.set('panel', open ? 'none' : panel)}>${words}</button>`;
  }
}

customElements.define('glass-arrange', GlassArrange);
