/**
 * A wall of digits to pick one from, with a pointer or the arrow keys. One canvas shows them all;
 * the picked one is an option of a list box, so that it is announced with its number and label.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { plainRamp } from '../../draw/colour.js';
import { cornerOf, drawWall, fitWall, leastHeight, placeAt } from '../../draw/strip.js';
import { controls, shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { count } from '../../models/words.js';

/** @typedef {import('../../data/digits.js').Digits} Digits */

/** How far a key moves: in digits, rows or pages. */
const MOVES = /** @type {Record<string, [digits: number, rows: number, pages: number]>} */ ({
  ArrowLeft: [-1, 0, 0],
  ArrowRight: [1, 0, 0],
  ArrowUp: [0, -1, 0],
  ArrowDown: [0, 1, 0],
  PageUp: [0, 0, -1],
  PageDown: [0, 0, 1],
});

/**
 * @fires pick with `detail.index` when another digit is chosen, by pointer or arrow keys
 * @fires open with `detail.index` when a digit is clicked, or Enter pressed on it
 */
export class GlassStrip extends LitElement {
  static properties = {
    digits: { attribute: false },
    arrived: { type: Number },
    selected: { type: Number },
    rows: { type: Number },
    quiet: { type: Boolean, reflect: true },
    first: { state: true },
    pointed: { state: true },
    layout: { state: true },
  };

  static styles = [
    shared,
    controls,
    css`
      [role='listbox'] {
        position: relative;
        cursor: pointer;
      }

      [role='option'],
      .pointed {
        position: absolute;
        left: 0;
        top: 0;
        border-radius: 1px;
        pointer-events: none;
        outline: 2px solid var(--accent);
        outline-offset: 1px;
      }

      .pointed {
        outline: 1px solid var(--ink);
      }

      :host([quiet]) [role='listbox']:not(:focus-visible) [role='option'],
      :host([quiet]) .pager {
        display: none;
      }

      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-4);
        margin-top: var(--space-2);
      }

      .foot p {
        margin: 0 auto 0 0;
      }

      @media (max-width: 719px) {
        .foot p {
          flex-basis: 100%;
        }
      }

      .foot button {
        min-height: 28px;
        font-size: var(--size-small);
      }

      details[open] {
        flex-basis: 100%;
      }

      ol {
        font-size: var(--size-small);
        overflow-wrap: anywhere;
        padding-left: 0;
        list-style: none;
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => this.#draw(context, palette),
    () => this.#arrange(),
  );

  constructor() {
    super();
    /** @type {Digits|null} */
    this.digits = null;
    /** How many digits are here; growing draws the wall again. */
    this.arrived = 0;
    /** The one looked at; -1 if it is none of these. */
    this.selected = 0;
    /** Rows of digits; known before the digits are, so that nothing jumps. */
    this.rows = 8;
    /** Without paging, and without a mark until it has the focus. */
    this.quiet = false;
    this.first = 0;
    /** @type {number|null} the digit under the pointer */
    this.pointed = null;
    /** @type {import('../../draw/strip.js').WallLayout} */
    this.layout = { across: 0, down: 0, cell: 0, gap: 0 };
  }

  get #page() {
    return Math.max(1, this.layout.across * this.layout.down);
  }

  get #shown() {
    return Math.max(0, Math.min(this.#page, this.arrived - this.first));
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (this.selected >= 0 && (changed.has('selected') || changed.has('layout'))) {
      this.first = Math.floor(this.selected / this.#page) * this.#page;
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    for (const name of ['digits', 'arrived', 'first', 'layout']) if (changed.has(name)) this.#surface.invalidate();
    const { down, cell, gap } = this.layout;
    const scale = this.#surface.size?.scale ?? 1;
    const height = down ? (down * (cell + gap) - gap) / scale : leastHeight(this.rows);
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas) canvas.style.height = `${height}px`;
    this.#place('[role=option]', this.selected);
    this.#place('.pointed', this.pointed);
  }

  render() {
    const last = this.first + this.#shown - 1;
    const total = this.digits?.total ?? 0;
    return html`
      <div
        role="listbox"
        tabindex="0"
        aria-label=${total ? `Test digits ${count(this.first)} to ${count(last)} of ${count(total)}` : 'Test digits, on their way'}
        aria-activedescendant="chosen"
        @keydown=${this.#onKey}
        @click=${this.#onClick}
        @pointermove=${this.#onPoint}
        @pointerleave=${() => void (this.pointed = null)}
      >
        <canvas aria-hidden="true"></canvas>
        <div id="chosen" role="option" aria-selected=${String(this.selected >= 0)} aria-label=${this.#describe(this.selected)}></div>
        ${this.pointed === null ? nothing : html`<div class="pointed"></div>`}
      </div>
      <div class="foot">
        <p class="small">${this.#describe(this.pointed ?? this.selected)}</p>
        <span class="pager screen">
          <button class="quiet" aria-disabled=${String(this.first === 0)} @click=${() => this.#turn(-1)}>‹ Before</button>
          <span class="small muted">${total ? `${count(this.first)}–${count(last)} of ${count(total)}` : ''}</span>
          <button class="quiet" aria-disabled=${String(this.first + this.#page >= this.arrived)} @click=${() => this.#turn(1)}>After ›</button>
        </span>
        <details @toggle=${() => this.requestUpdate()}>
          <summary>Labels of these digits</summary>
          ${this.#labels()}
        </details>
      </div>
    `;
  }

  /** The labels as text, once somebody has opened their list. */
  #labels() {
    const open = this.renderRoot?.querySelector('details')?.open;
    if (!open || !this.digits) return nothing;
    const rows = [];
    for (let start = this.first; start < this.first + this.#shown; start += this.layout.across) {
      const end = Math.min(start + this.layout.across, this.first + this.#shown);
      rows.push(html`<li><span class="muted">from ${count(start)}:</span> ${[...this.digits.labels.subarray(start, end)].join(' ')}</li>`);
    }
    return html`<ol>${rows}</ol>`;
  }

  /** @param {number} index */
  #describe(index) {
    if (index < 0) return 'None of these is looked at.';
    if (!this.digits || index >= this.arrived) return 'The digits are on their way.';
    return `Test digit ${count(index)}: ${this.digits.classes[this.digits.labels[index]]}`;
  }

  #arrange() {
    const { size } = this.#surface;
    if (!size) return;
    const layout = fitWall(size.width, this.rows, size.scale, this.digits?.columns ?? 28);
    const { across, cell, gap } = this.layout;
    if (layout.across !== across || layout.cell !== cell || layout.gap !== gap) this.layout = layout;
  }

  /** @param {CanvasRenderingContext2D} context @param {import('../../kit/palette.js').Palette} palette */
  #draw(context, palette) {
    if (!this.digits) return;
    const { images, rows, columns } = this.digits;
    const which = { first: this.first, count: this.#shown, rows, columns };
    drawWall(context, images, which, this.layout, plainRamp(palette.pixelZero, palette.pixelOne));
  }

  /** @param {string} selector @param {number|null} index */
  #place(selector, index) {
    const mark = /** @type {HTMLElement|null} */ (this.renderRoot.querySelector(selector));
    if (!mark || index === null) return;
    const scale = this.#surface.size?.scale ?? 1;
    const k = index - this.first;
    const shown = k >= 0 && k < this.#shown;
    mark.style.visibility = shown ? 'visible' : 'hidden';
    if (!shown) return;
    mark.style.width = mark.style.height = `${this.layout.cell / scale}px`;
    const { x, y } = cornerOf(this.layout, k);
    mark.style.transform = `translate(${x / scale}px, ${y / scale}px)`;
  }

  /** @param {PointerEvent|MouseEvent} event @returns {number|null} the digit there */
  #at(event) {
    const box = this.renderRoot.querySelector('canvas')?.getBoundingClientRect();
    const scale = this.#surface.size?.scale ?? 1;
    if (!box || !this.layout.cell) return null;
    const k = placeAt(this.layout, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
    return k >= 0 && k < this.#shown ? this.first + k : null;
  }

  /** @param {PointerEvent} event */
  #onPoint(event) {
    if (event.pointerType !== 'touch') this.pointed = this.#at(event);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const index = this.#at(event);
    if (index === null) return;
    this.#pick(index);
    this.#tell('open', index);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = MOVES[event.key];
    let index = this.selected < 0 ? this.first : this.selected;
    if (move) index += move[0] + move[1] * this.layout.across + move[2] * this.#page;
    else if (event.key === 'Home') index = this.first;
    else if (event.key === 'End') index = this.first + this.#shown - 1;
    else if (event.key !== 'Enter') return;
    event.preventDefault();
    if (event.key === 'Enter') return this.#tell('open', index);
    this.#pick(Math.min(Math.max(0, index), this.arrived - 1));
  }

  /** @param {number} pages */
  #turn(pages) {
    const first = this.first + pages * this.#page;
    if (first >= 0 && first < this.arrived) this.first = first;
  }

  /** @param {number} index */
  #pick(index) {
    if (index < 0 || index === this.selected) return;
    this.selected = index;
    this.#tell('pick', index);
  }

  /** @param {'pick'|'open'} type @param {number} index */
  #tell(type, index) {
    this.dispatchEvent(new CustomEvent(type, { detail: { index }, bubbles: true, composed: true }));
  }
}

customElements.define('glass-strip', GlassStrip);
