/**
 * How the digits are ordered and laid out, and what the panel shows.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { ORDERS, SHAPES } from '../../state/browse-table.js';
import { controls, shared } from '../../kit/styles.js';

/**
 * @typedef {import('../../models/collection.js').Collection} Collection
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
const SHAPE_WORDS = /** @type {Record<Shape, string>} */ ({
  grid: 'one block',
  label: 'a column a label',
  confusion: 'label × read as',
  neighbours: 'map of neighbours',
  pca: 'map by Python (PCA)',
});
const NEEDS_NETWORK = new Set(['loss', 'confidence', 'prediction', 'confusion', 'neighbours']);

/** @fires tool with `detail.tool`: `all`, `select` */
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

      select {
        font: inherit;
        font-size: var(--size-small);
        color: var(--ink);
        background: var(--page);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        min-height: 32px;
        max-width: 190px;
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

      @media (max-width: 559px) {
        :host {
          flex-wrap: nowrap;
          overflow-x: auto;
        }

        label,
        button {
          flex: none;
          white-space: nowrap;
        }

        .rest {
          flex-wrap: nowrap;
        }

        select {
          max-width: 128px;
        }

        .rest {
          margin-left: 0;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
    this.selecting = false;
  }

  render() {
    const { collection } = this;
    if (!collection) return nothing;
    const { settings } = collection;
    return html`
      <label>Sort by ${this.#select('sort', ORDERS, ORDER_WORDS)}</label>
      <button aria-pressed=${String(settings.get('down'))} @click=${() => collection.set('down', settings.get('down') ? 'off' : 'on')}>Largest first</button>
      <label>Lay out as ${this.#select('shape', SHAPES, SHAPE_WORDS)}</label>
      <span class="rest">
        <button aria-disabled=${String(!settings.get('size'))} title="Show all of them (0)" @click=${() => collection.home()}>Fit</button>
        <button aria-pressed=${String(this.selecting)} title="A drag selects; so does one with Shift held" @click=${() => this.dispatchEvent(new CustomEvent('select'))}>Select</button>
        ${this.#panel('set', 'The set')} ${this.#panel('list', 'List')} ${this.#panel('help', 'Keys')}
      </span>
    `;
  }

  /**
   * @param {'sort'|'shape'} name
   * @param {readonly string[]} values
   * @param {Record<string, string>} words
   */
  #select(name, values, words) {
    const { collection } = this;
    const current = collection?.settings.get(name);
    const unread = collection?.about.value?.name === 'own';
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
