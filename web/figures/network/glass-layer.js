/**
 * One layer in the picture of a network: its weights as tiles, or what became of them, and below them
 * what it answers, each number of both to be pointed at. Of many units the first are shown, until
 * somebody wants all.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { Narrow } from '../../kit/narrow.js';
import { controls, shared } from '../../kit/styles.js';
import { kindOf, short, signed } from '../../models/words.js';
import { unitsOf } from '../../models/parts.js';
import './glass-sheet.js';

/** Tiles that are shown while a layer is folded. */
export const FOLD = { narrow: 36, wide: 64 };

/** Tiles of a slim layer in a row, where columns lie below each other. */
const ABREAST = 5;
/** There a convolution's tiles are so wide, in CSS pixels: its maps as large as can be would be a screen each. */
const TILE = { weights: 56, values: 84 };

/**
 * @fires point with `detail` {name, at}: the number pointed at; at -1: none
 * @fires pick with `detail` {name, at}
 */
export class GlassLayer extends LitElement {
  static properties = {
    column: { attribute: false },
    stop: { type: String },
    ranges: { attribute: false },
    marks: { attribute: false },
    unit: { type: Number },
    selected: { attribute: false },
    dim: { type: Boolean },
    slim: { type: Boolean, reflect: true },
    open: { state: true },
  };

  static styles = [
    shared,
    controls,
    css`
      :host {
        min-width: 0;
      }

      h3 {
        margin: 0 0 var(--space-1);
        font-size: var(--size-small);
        font-weight: 600;
        line-height: 1.3;
      }

      h3 span {
        display: block;
        font-weight: 400;
        color: var(--muted);
      }

      .part {
        padding: 4px;
        border: 1px solid transparent;
        border-radius: var(--radius);
      }

      .part.now {
        border-color: var(--accent);
      }

      .part.gradient {
        border-style: dashed;
        border-color: var(--line);
      }

      .part.now.gradient {
        border-color: var(--accent);
      }

      .part.none {
        opacity: 0.35;
      }

      .vector {
        max-width: 190px;
      }

      :host([slim]) .sheets {
        display: grid;
        grid-template-columns: 1fr 26px;
        align-items: start;
      }

      @media (max-width: 899px) {
        :host([slim]) .sheets {
          grid-template-columns: minmax(0, 1fr) 26px;
        }
      }

      p {
        margin: 0 0 2px;
        font-size: var(--size-small);
        line-height: 1.3;
        color: var(--muted);
      }

      button {
        min-height: 28px;
        padding: 0 var(--space-2);
        font-size: var(--size-small);
      }
    `,
  ];

  #narrow = new Narrow(this, 899);

  constructor() {
    super();
    /** @type {import('../../models/parts.js').Column|null} */
    this.column = null;
    /** Name of the array that has just come into being. */
    this.stop = '';
    /** What the colours span, by scale. @type {Record<string, number>} */
    this.ranges = {};
    /** Cells to be outlined, by array: those that what is pointed at was made from, and those that it feeds. @type {{from: Map<string, Int32Array>, feeds: Map<string, Int32Array>}} */
    this.marks = { from: new Map(), feeds: new Map() };
    /** The unit of this layer that is looked at; -1: none. */
    this.unit = -1;
    /** @type {{name: string, at: number}|null} */
    this.selected = null;
    /** Whether what is not outlined is dimmed. */
    this.dim = false;
    /** Whether its tiles stand in one column. */
    this.slim = false;
    this.open = false;
  }

  /** How many of its units are shown. */
  get shown() {
    return this.#fold || this.column?.weights?.plan.tiles || 0;
  }

  /** Where a unit's lines begin or end, in the window: its tile of weights, or else of its answers. @param {number} unit @returns {DOMRect} */
  box(unit) {
    const sheet = /** @type {import('./glass-sheet.js').GlassSheet|null} */ (this.renderRoot.querySelector('glass-sheet'));
    return sheet?.tile(unit) ?? new DOMRect();
  }

  /** Where its tiles end on the right, in the window. */
  get edge() {
    const sheet = /** @type {import('./glass-sheet.js').GlassSheet|null} */ (this.renderRoot.querySelector('glass-sheet'));
    return sheet?.edge ?? this.getBoundingClientRect().right;
  }

  get #fold() {
    const { weights } = this.column ?? {};
    const many = weights ? weights.plan.tiles : 0;
    const fold = (weights?.plan.columns ?? 28) > 16 ? FOLD.narrow : FOLD.wide;
    return this.open || many <= fold ? 0 : fold;
  }

  render() {
    const { column } = this;
    if (!column) return nothing;
    const { description, layer, weights, values } = column;
    const units = unitsOf(description);
    const size = description.output.join('×');
    const { activation, kind } = description;
    const fold = this.#fold;
    return html`
      <h3>${this.slim ? layer + 1 : `Layer ${layer + 1}`}: ${kind === 'dense' ? `${units} units` : `${size} ${kindOf(kind)}`} <span>${activation === 'identity' && kind !== 'dense' ? '' : activation}</span></h3>
      <div class="sheets">
        ${weights ? this.#part(weights, fold, this.#glow(weights.plan.tiles)) : nothing}
        ${this.slim && values ? this.#part(values, 0, null) : nothing}
      </div>
      ${fold ? html`<button @click=${() => void (this.open = true)}>All ${weights?.plan.tiles} units</button>` : nothing}
      ${this.open ? html`<button @click=${() => void (this.open = false)}>Fold</button>` : nothing}
      ${values && !this.slim ? this.#part(values, 0, null) : nothing}
    `;
  }

  /** How strongly each unit's frame glows: its answer, or its delta. @param {number} tiles @returns {Float32Array} */
  #glow(tiles) {
    const { values } = this.column ?? {};
    if (!values?.values) return new Float32Array(tiles);
    if (values.values.length === tiles) return values.values;
    const strongest = new Float32Array(tiles);
    values.values.forEach((value, i) => {
      if (Math.abs(value) > Math.abs(strongest[i % tiles])) strongest[i % tiles] = value;
    });
    return strongest;
  }

  /** How many tiles stand in a row; 0: as near to a square as can be. @param {import('../../models/parts.js').Part} part */
  #across({ role, plan }) {
    if (!this.#narrow.matches) return this.slim ? 1 : 0;
    if (this.slim) return role === 'weights' ? ABREAST : 1;
    const flat = this.column?.description.output.length === 1;
    return flat ? 0 : Math.min(plan.tiles, Math.max(2, Math.floor(this.clientWidth / TILE[role])));
  }

  /** @param {import('../../models/parts.js').Part} part @param {number} shown @param {Float32Array|null} glow */
  #part(part, shown, glow) {
    const { name, plan, values, says, scale } = part;
    const range = this.ranges[scale] || 1;
    const at = this.selected?.name === name ? this.selected.at : -1;
    const now = this.stop === name;
    const told = values ? `${says}, ±${short(range)}` : says;
    const change = (/** @type {CustomEvent<{at: number}>} */ event) => {
      event.stopPropagation();
      this.dispatchEvent(new CustomEvent(event.type, { detail: { name, at: event.detail.at }, bubbles: true, composed: true }));
    };
    return html`<div class="part ${part.role === 'values' && plan.tiles === 1 && this.column?.description.output.length === 1 ? 'vector' : ''} ${now ? 'now' : ''} ${values ? '' : 'none'} ${scale === 'gradient' || scale === 'delta' ? 'gradient' : ''}">
      <p class=${this.slim ? 'unseen' : ''}>${told}${at >= 0 && values ? html`: <strong>${signed(values[at], 4)}</strong>` : nothing}</p>
      <glass-sheet
        .values=${values}
        .plan=${plan}
        .shown=${shown}
        .across=${this.#across(part)}
        .range=${range}
        .glow=${glow}
        .full=${this.ranges[this.column?.values?.scale ?? 'activation'] || 1}
        .chosen=${part.role === 'weights' || plan.tiles > 1 ? this.unit : -1}
        .from=${this.marks.from.get(name) ?? null}
        .feeds=${this.marks.feeds.get(name) ?? null}
        .dim=${this.dim}
        .selected=${at >= 0 ? at : part.role === 'values' && plan.tiles === 1 ? this.unit : -1}
        label="Layer ${(this.column?.layer ?? 0) + 1}, ${says}"
        @point=${change}
        @pick=${change}
      ></glass-sheet>
    </div>`;
  }
}

customElements.define('glass-layer', GlassLayer);
