/**
 * The curves of many runs in one chart. One that is chosen or pointed at stands out; a click chooses.
 * What it shows, the table beside it says in numbers.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { drawLines, nearestLine, scalesOf } from '../../draw/lines.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';

/** @typedef {import('./bands.js').Banded} Curve */

/** Up to so many runs each has a colour of its own. */
const COLOURED = 10;
/** CSS pixels within which a curve is pointed at. */
const REACH = 14;

/**
 * @fires choose with `detail` the run's name
 * @fires point with `detail` the name of the run that is pointed at, or null
 */
export class GlassLines extends LitElement {
  static properties = {
    curves: { attribute: false },
    chosen: { type: String },
    pointed: { type: String },
    logarithmic: { type: Boolean },
    words: { attribute: false },
    label: { type: String },
  };

  static styles = [
    shared,
    css`
      canvas {
        height: 220px;
        cursor: pointer;
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => {
      const lines = this.#lines(palette);
      this.#drawn = { lines: lines.map(({ line }) => line), names: lines.map(({ name }) => name), scales: scalesOf(lines.map(({ line }) => line), this.logarithmic), size };
      const { scales } = this.#drawn;
      drawLines(context, this.#drawn.lines, scales, size, { ...palette, font: getComputedStyle(this).fontFamily, words: this.words });
    },
  );
  /** What is on the canvas. @type {{lines: import('../../draw/lines.js').Line[], names: string[], scales: import('../../draw/lines.js').Scales, size: import('../../kit/surface.js').Size}|null} */
  #drawn = null;

  constructor() {
    super();
    /** By run. @type {Map<string, Curve>} */
    this.curves = new Map();
    /** @type {string|null} */
    this.chosen = null;
    /** @type {string|null} */
    this.pointed = null;
    this.logarithmic = false;
    /** Of a value. @type {(value: number) => string} */
    this.words = String;
    /** What the chart shows, for those who do not see it. */
    this.label = '';
  }

  updated() {
    this.#surface.invalidate();
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label} @pointermove=${this.#onMove} @pointerleave=${() => this.#tell('point', null)} @click=${this.#onClick}></canvas>`;
  }

  /** @param {import('../../kit/palette.js').Palette} palette */
  #lines(palette) {
    const many = this.curves.size > COLOURED;
    const above = (/** @type {string} */ name) => (name === this.chosen ? 2 : 0) + (name === this.pointed ? 1 : 0);
    return [...this.curves]
      .map(([name, curve], number) => {
        const stands = above(name) > 0;
        const colour = many ? (stands ? palette.positive : palette.muted) : palette.classes[number];
        return { name, line: { ...curve, colour, alpha: stands ? 1 : many ? 0.35 : 0.8, width: stands ? 2.5 : 1.25 } };
      })
      .sort((a, b) => above(a.name) - above(b.name));
  }

  /** @param {PointerEvent|MouseEvent} event @returns {string|null} */
  #at(event) {
    if (!this.#drawn) return null;
    const { lines, names, scales, size } = this.#drawn;
    const at = { x: event.offsetX * size.scale, y: event.offsetY * size.scale };
    return names[nearestLine(lines, scales, size, at, REACH * size.scale)] ?? null;
  }

  /** @param {PointerEvent} event */
  #onMove(event) {
    const name = this.#at(event);
    if (name !== this.pointed) this.#tell('point', name);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const name = this.#at(event);
    if (name !== null) this.#tell('choose', name);
  }

  /** @param {'choose'|'point'} type @param {string|null} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

customElements.define('glass-lines', GlassLines);
