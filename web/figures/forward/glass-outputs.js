/**
 * The ten outputs as a table with bars: each class, how strongly it is claimed, and which is right.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { drawBars, indexOfLargest } from '../../draw/bars.js';
import { css as colour } from '../../draw/colour.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { signed } from '../../models/words.js';

/** @fires choose with `detail` the output whose reasons are wanted; -1: none's */
export class GlassOutputs extends LitElement {
  static properties = {
    values: { attribute: false },
    classes: { attribute: false },
    label: { type: Number },
    full: { type: Number },
    chosen: { type: Number },
  };

  static styles = [
    shared,
    css`
      .table {
        display: grid;
        grid-template-columns: auto minmax(36px, 1fr) auto auto;
        grid-template-rows: repeat(var(--rows, 10), 30px);
        align-items: center;
        column-gap: var(--space-2);
      }

      .row {
        display: contents;
      }

      canvas {
        grid-area: 1 / 2 / -1 / 3;
        height: 100%;
        border-radius: 0;
      }

      .row > :nth-child(1) {
        grid-column: 1;
        font-size: var(--size-large);
      }

      .row > :nth-child(2) {
        grid-column: 3;
        min-width: 2.4em;
        text-align: right;
      }

      .row > :nth-child(3) {
        grid-column: 4;
        min-width: 2.6em;
        font-size: var(--size-small);
      }

      .strongest {
        font-weight: 600;
      }

      button {
        font: inherit;
        color: inherit;
        min-width: 26px;
        padding: 0 4px;
        line-height: 24px;
        background: none;
        border: 1px solid transparent;
        border-radius: 3px;
        cursor: pointer;
      }

      button:hover {
        border-color: var(--line);
      }

      button[aria-pressed='true'] {
        border-color: var(--accent);
        color: var(--accent);
      }

      .true {
        border: 1px solid var(--line);
        border-radius: 3px;
        padding: 0 3px;
      }

      @media (max-width: 399px) {
        .row > :nth-child(3) {
          position: absolute;
          clip-path: inset(50%);
        }

        .row:has(.true) > :first-child {
          outline: 1px solid var(--line);
          outline-offset: 2px;
          border-radius: 2px;
        }
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => {
      const values = this.values ?? new Float32Array(this.classes.length);
      const thickness = Math.round(10 * size.scale);
      drawBars(context, values, { ...size, thickness, full: this.full }, {
        bar: colour(palette.positive, 0.55),
        strongest: colour(palette.positive),
        track: colour(palette.zero),
      });
    },
  );

  constructor() {
    super();
    /** @type {Float32Array|null} (classes,) */
    this.values = null;
    /** @type {string[]} */
    this.classes = [];
    /** @type {number|null} index of the true class */
    this.label = null;
    /** The value whose bar spans the width. */
    this.full = 1;
    /** The output whose reasons are shown; -1: none. */
    this.chosen = -1;
  }

  /** @param {number} output @returns {{x: number, y: number}} where its edges end, in the window */
  anchor(output) {
    const box = this.renderRoot.querySelectorAll('[role=rowheader]')[output]?.getBoundingClientRect() ?? new DOMRect();
    return { x: box.left - 6, y: box.top + box.height / 2 };
  }

  updated() {
    this.style.setProperty('--rows', String(this.classes.length || 10));
    this.#surface.invalidate();
  }

  render() {
    const strongest = this.values ? indexOfLargest(this.values) : -1;
    return html`<div class="table" role="table" aria-label="Outputs">
      <canvas aria-hidden="true"></canvas>
      ${this.classes.map(
        (name, i) => html`<div class="row" role="row">
          <span role="rowheader" class=${i === strongest ? 'strongest' : ''}><button
            aria-pressed=${String(i === this.chosen)}
            title=${`What speaks for ${name}, and against it`}
            @click=${() => this.dispatchEvent(new CustomEvent('choose', { detail: i === this.chosen ? -1 : i }))}
          >${name}</button></span>
          <span role="cell" class=${i === strongest ? 'strongest' : ''}>${this.values ? signed(this.values[i]) : '–'}</span>
          <span role="cell">${i === this.label ? html`<span class="true">label</span>` : nothing}</span>
        </div>`,
      )}
    </div>`;
  }
}

customElements.define('glass-outputs', GlassOutputs);
