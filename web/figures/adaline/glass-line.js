/**
 * One small line: a curve whose few ticks say all that one needs to read off it. It has no library,
 * so it is there at once.
 *
 * @module
 */

import { css, html, LitElement, svg } from 'lit';
import { shared } from '../../kit/styles.js';

const [WIDTH, HEIGHT] = [300, 120];

export class GlassLine extends LitElement {
  static properties = {
    points: { attribute: false },
    across: { attribute: false },
    up: { attribute: false },
    words: { type: String },
  };

  static styles = [
    shared,
    css`
      .plot {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        grid-template-rows: ${HEIGHT}px auto;
        column-gap: var(--space-2);
        font-size: var(--size-small);
        color: var(--muted);
        line-height: 1;
      }

      .up {
        display: flex;
        flex-direction: column;
        justify-content: space-between;
        text-align: right;
        margin-block: -0.5em;
      }

      .across {
        grid-column: 2;
        display: flex;
        justify-content: space-between;
        padding-top: var(--space-2);
      }

      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
      }

      .grid {
        stroke: var(--hairline);
      }

      .grid,
      .line {
        fill: none;
        stroke-width: 1px;
        vector-effect: non-scaling-stroke;
      }

      .line {
        stroke: var(--ink);
        stroke-width: 2px;
        stroke-linejoin: round;
      }
    `,
  ];

  constructor() {
    super();
    /** Each 0..1 to the right and upwards. @type {[number, number][]} */
    this.points = [];
    /** What stands below, evenly spread. @type {string[]} */
    this.across = [];
    /** What stands at the left from the top down, evenly spread. @type {string[]} */
    this.up = [];
    /** What it shows, in words. */
    this.words = '';
  }

  render() {
    const rows = Math.max(1, this.up.length - 1);
    const at = (/** @type {[number, number]} */ [x, y]) => `${(x * WIDTH).toFixed(1)},${((1 - y) * HEIGHT).toFixed(1)}`;
    return html`<div class="plot" role="img" aria-label=${this.words}>
      <div class="up">${this.up.map((words) => html`<span>${words}</span>`)}</div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${this.up.map((_, row) => svg`<line class="grid" x1="0" x2=${WIDTH} y1=${(row / rows) * HEIGHT} y2=${(row / rows) * HEIGHT} />`)}
        <polyline class="line" points=${this.points.map(at).join(' ')} />
      </svg>
      <div class="across">${this.across.map((words) => html`<span>${words}</span>`)}</div>
    </div>`;
  }
}

customElements.define('glass-line', GlassLine);
