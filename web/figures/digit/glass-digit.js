/**
 * The digit that the network is shown: its pixels, large, and the means to go to another one, of
 * either split, or to draw one.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { EMPTY } from '../../data/strokes.js';
import { plainRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import { TABLE } from '../../state/table.js';
import '../../kit/glass-field.js';
import './glass-paper.js';
import { controls, shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { count } from '../../models/words.js';

/** @typedef {import('../../data/digits.js').Digits} Digits */
/** @typedef {import('../../data/index.js').SplitName} SplitName */

export class GlassDigit extends LitElement {
  static properties = {
    digits: { attribute: false },
    look: { attribute: false },
    looked: { attribute: false },
    reading: { type: String },
    plain: { type: Boolean, reflect: true },
    fixed: { type: Boolean },
  };

  static styles = [
    shared,
    controls,
    css`
      canvas {
        width: 168px;
        height: 168px;
        border: 1px solid var(--hairline);
        box-sizing: content-box;
      }

      .go,
      .kind {
        display: flex;
        align-items: end;
        gap: var(--space-1);
        width: 170px;
        margin-top: var(--space-1);
      }

      :host([plain]) :is(.go, .kind) {
        width: 100%;
        max-width: 170px;
      }

      .go button,
      .kind > * {
        min-height: 32px;
      }

      glass-field {
        flex: 1;
      }

      .go button {
        padding-inline: var(--space-3);
      }

      .kind > * {
        flex: 1;
        min-width: 0;
        padding-inline: var(--space-1);
        font-size: var(--size-small);
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => {
      const pixels = this.look?.pixels;
      if (!this.digits || !pixels) return context.clearRect(0, 0, size.width, size.height);
      const { rows, columns } = this.digits;
      drawDigit(context, pixels, { ...size, rows, columns, full: 255 }, plainRamp(palette.pixelZero, palette.pixelOne));
    },
  );

  /** What was on the paper when it was put away. */
  #kept = EMPTY;
  /** Whether the visitor has just taken the paper, or put it away: the focus follows. */
  #turned = false;

  constructor() {
    super();
    /** @type {Digits|null} */
    this.digits = null;
    /** @type {import('../../models/looked.js').Look|null} */
    this.look = null;
    /** @type {import('../../models/looked.js').Looked|null} */
    this.looked = null;
    /** What the network makes of it, in words. */
    this.reading = '';
    /** Without its picture, where another shows it. */
    this.plain = false;
    /** Whether it is the only one: there is no other to go to. */
    this.fixed = false;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const before = /** @type {import('../../models/looked.js').Look|null|undefined} */ (changed.get('look'))?.drawing;
    if (before && !this.look?.drawing) this.#kept = before;
  }

  updated() {
    this.#surface.invalidate();
    if (!this.#turned) return;
    this.#turned = false;
    /** @type {HTMLElement|null} */ (this.renderRoot.querySelector(this.look?.drawing ? 'glass-paper' : '[data-command=draw]'))?.focus();
  }

  render() {
    const { look, digits } = this;
    if (look?.drawing) {
      return html`<glass-paper
        .drawing=${look.drawing}
        .pixels=${look.pixels}
        .reading=${this.reading}
        .other=${`${look.split === 'test' ? 'test' : 'training'} digit ${count(look.index)}`}
        @drawn=${(/** @type {CustomEvent} */ event) => this.looked?.draw(event.detail.drawing)}
        @away=${() => this.#turn('')}
      ></glass-paper>`;
    }
    const split = look?.split ?? 'test';
    const kind = split === 'test' ? 'Test digit' : 'Training digit';
    const last = (digits?.totals[split] ?? TABLE.digit.max + 1) - 1;
    if (this.fixed) return html`<canvas role="img" aria-label=${look?.name ?? ''}></canvas>`;
    const name = digits && look?.label !== null ? `${look?.name}, a ${digits.classes[look?.label ?? 0]}` : 'A digit, on its way';
    return html`
      ${this.plain ? html`<span class="unseen">${name}</span>` : html`<canvas role="img" aria-label=${name}></canvas>`}
      <div class="go screen">
        <button aria-label="The digit before" @click=${() => this.#go(-1)}>‹</button>
        <glass-field name="digit" .property=${{ ...TABLE.digit, label: kind, max: last }} .settings=${this.looked?.settings}></glass-field>
        <button aria-label="The digit after" @click=${() => this.#go(1)}>›</button>
      </div>
      <div class="kind screen">
        <select aria-label=${TABLE.split.label} title=${TABLE.split.hint} .value=${split} @change=${this.#onSplit}>
          <option value="test">Test</option>
          <option value="train">Training</option>
        </select>
        <button data-command="draw" @click=${() => this.#turn(this.#kept)}>${this.#kept === EMPTY ? 'Draw one' : 'Your own'}</button>
      </div>
    `;
  }

  /** @param {number} by */
  #go(by) {
    const { look, digits } = this;
    const index = (look?.index ?? 0) + by;
    if (!look || !digits || index < 0 || index >= digits.totals[look.split]) return;
    this.looked?.choose(look.split, index);
  }

  /** The same place in the other split, if that has so many. @param {Event} event */
  #onSplit(event) {
    const split = /** @type {SplitName} */ (/** @type {HTMLSelectElement} */ (event.target).value);
    const index = this.look?.index ?? 0;
    this.looked?.choose(split, index < (this.digits?.totals[split] ?? 0) ? index : 0);
  }

  /** To the paper or back from it. @param {string} drawing */
  #turn(drawing) {
    this.#turned = true;
    this.looked?.draw(drawing);
  }
}

customElements.define('glass-digit', GlassDigit);
