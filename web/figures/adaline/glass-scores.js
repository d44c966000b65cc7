/**
 * The scores as signed bars, one a neuron: a trained one answers +1 to its own letter and −1 to all
 * others.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { drawSignedBars } from '../../draw/bars.js';
import { css as colour } from '../../draw/colour.js';
import { roundUp } from '../../draw/range.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { short, signed } from '../../models/words.js';

/** @fires look with `detail.label` when another neuron is looked at */
export class GlassScores extends LitElement {
  static properties = {
    scores: { attribute: false },
    classes: { attribute: false },
    order: { attribute: false },
    meant: { type: String },
    chosen: { type: Number },
  };

  static styles = [
    shared,
    css`
      .halves {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--space-4);
        align-items: start;
      }

      .half {
        display: grid;
        grid-template-columns: auto minmax(32px, 1fr) auto;
        grid-auto-rows: 25px;
        align-items: center;
        column-gap: var(--space-2);
        position: relative;
      }

      .row {
        display: contents;
      }

      .row > :first-child {
        grid-column: 1;
      }

      .row > :last-child {
        grid-column: 3;
        min-width: 2.8em;
        text-align: right;
        font-size: var(--size-small);
        overflow: hidden;
      }

      canvas {
        grid-column: 2;
        height: 100%;
        border-radius: 0;
      }

      .first > * {
        font-weight: 600;
      }

      button {
        font: inherit;
        font-weight: inherit;
        color: inherit;
        min-width: 26px;
        max-width: 6em;
        min-height: 24px;
        padding: 0 4px;
        line-height: 22px;
        overflow: hidden;
        text-overflow: ellipsis;
        background: none;
        border: 1px solid transparent;
        border-radius: 3px;
        cursor: pointer;
      }

      .meant button {
        border-color: var(--line);
      }

      button:hover,
      button[aria-pressed='true'] {
        border-color: var(--accent);
        color: var(--accent);
      }

      p {
        margin: var(--space-2) 0 0;
      }
    `,
  ];

  #surfaces = [0, 1].map(
    (half) =>
      new Surface(
        this,
        () => this.renderRoot?.querySelectorAll('canvas')[half],
        (context, size, palette) => {
          const colours = { negative: colour(palette.negative), positive: colour(palette.positive), track: colour(palette.zero), zero: colour(palette.muted) };
          const [from, to] = this.#part(half);
          const line = Math.max(1, Math.round(size.scale));
          drawSignedBars(context, Array.from(this.scores).slice(from, to), { ...size, thickness: Math.round(10 * size.scale), line, full: this.#full }, colours);
        },
      ),
  );

  constructor() {
    super();
    /** (classes,) @type {ArrayLike<number>} */
    this.scores = [];
    /** @type {string[]} */
    this.classes = [];
    /** The neurons, the strongest first; empty: there is none. @type {number[]} */
    this.order = [];
    /** The class of the letter on the paper. */
    this.meant = '';
    this.chosen = 0;
  }

  /** The score whose bar goes to the edge. */
  get #full() {
    return Math.max(1, roundUp(Math.max(...Array.from(this.scores, Math.abs), 0)));
  }

  /** @param {number} half @returns {[number, number]} from which neuron to which */
  #part(half) {
    const middle = Math.ceil(this.classes.length / 2);
    return half ? [middle, this.classes.length] : [0, middle];
  }

  updated() {
    for (const [half, column] of [...this.renderRoot.querySelectorAll('canvas')].entries()) {
      const [from, to] = this.#part(half);
      column.style.gridRow = `1 / span ${Math.max(1, to - from)}`;
    }
    for (const surface of this.#surfaces) surface.invalidate();
  }

  render() {
    return html`<div class="halves" role="table" aria-label="Scores">
        ${[0, 1].map((half) => {
          const [from, to] = this.#part(half);
          return html`<div class="half" role="rowgroup"><canvas aria-hidden="true"></canvas>${this.classes.slice(from, to).map((label, i) => this.#row(label, from + i))}</div>`;
        })}
      </div>
      <p class="small muted">bars from −${short(this.#full)} to +${short(this.#full)}; framed: the letter that is meant</p>`;
  }

  /** @param {string} label @param {number} k */
  #row(label, k) {
    const score = this.scores[k] ?? 0;
    const meant = label === this.meant;
    return html`<div role="row" class=${`row ${k === this.order[0] ? 'first' : ''} ${meant ? 'meant' : ''}`}>
      <span role="rowheader"><button
        aria-pressed=${String(k === this.chosen)}
        title=${`Look at neuron ${label}${meant ? ', the letter that is meant' : ''}`}
        @click=${() => this.dispatchEvent(new CustomEvent('look', { detail: { label } }))}
      >${label}</button></span>
      <span role="cell">${Math.abs(score) < 1000 ? signed(score) : score.toExponential(0)}</span>
    </div>`;
  }
}

customElements.define('glass-scores', GlassScores);
