/**
 * Twenty test digits, and what each engine's network reads them as by now.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { plainRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import { shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';

/** @typedef {import('../../models/race.js').Examples} Examples */

/** CSS pixels between two digits. */
const GAP = 4;

export class GlassReads extends LitElement {
  static properties = { examples: { attribute: false }, answers: { attribute: false }, engines: { attribute: false }, count: { type: Number } };

  static styles = [
    shared,
    css`
      :host {
        display: block;
      }

      .reads {
        display: grid;
        grid-template-columns: 4.5em repeat(var(--digits), minmax(0, 28px)) minmax(4em, 1fr);
        column-gap: 4px;
        align-items: center;
        font-size: var(--size-small);
        font-variant-numeric: tabular-nums;
      }

      [role='row'] {
        display: contents;
      }

      .pictures {
        grid-column: 2 / span var(--digits);
      }

      canvas {
        display: block;
        width: 100%;
        aspect-ratio: var(--digits);
        border-radius: 2px;
      }

      [role='cell'] {
        text-align: center;
        line-height: 22px;
      }

      .sum {
        padding-left: var(--space-2);
        text-align: left;
        white-space: nowrap;
      }

      .narrow {
        display: none;
      }

      [data-engine='simd'] .right {
        color: var(--positive);
      }

      [data-engine='python'] .right {
        color: var(--negative);
      }

      .wrong {
        color: var(--muted);
        text-decoration: line-through;
      }

      @media (max-width: 719px) {
        .reads {
          grid-template-columns: repeat(var(--digits), minmax(0, 28px));
          column-gap: 0;
        }

        .pictures {
          grid-column: 1 / -1;
        }

        .heads > :first-child,
        .sum {
          display: none;
        }

        [role='rowheader'] {
          grid-column: 1 / -1;
          margin-top: var(--space-1);
        }

        .narrow {
          display: inline;
        }
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, { width, height, scale }, palette) => {
      context.clearRect(0, 0, width, height);
      if (!this.examples) return;
      const { images, rows, columns } = this.examples;
      const ramp = plainRamp(palette.pixelZero, palette.pixelOne);
      const pitch = width / this.count;
      const edge = Math.floor(Math.min(pitch - (pitch > 20 * scale ? GAP * scale : scale), height));
      for (let k = 0; k < this.count; k++) {
        context.save();
        context.translate(Math.round(k * pitch + (pitch - edge) / 2), Math.floor((height - edge) / 2));
        drawDigit(context, images.subarray(k * rows * columns, (k + 1) * rows * columns), { width: edge, height: edge, rows, columns, full: 255 }, ramp);
        context.restore();
      }
    },
  );

  constructor() {
    super();
    /** The digits; null: they are not here. @type {Examples|null} */
    this.examples = null;
    /** What each engine reads them as, by number of the class; null: it is not known. @type {(ArrayLike<number>|null)[]} */
    this.answers = [];
    /** @type {string[]} */
    this.engines = [];
    /** How many digits there are, known before they are here. */
    this.count = 20;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('examples')) this.#surface.invalidate();
  }

  render() {
    this.style.setProperty('--digits', String(this.count));
    return html`<div class="reads" role="table" aria-label="What each engine’s network reads test digits as">
      <div class="heads" role="row">
        <span role="columnheader" class="muted">reads</span><span class="pictures" role="columnheader"><canvas role="img" aria-label=${this.#labels()}></canvas></span><span class="sum muted" role="columnheader">right</span>
      </div>
      ${this.engines.map((engine, i) => this.#row(engine, this.answers[i] ?? null))}
    </div>`;
  }

  /** @param {string} engine @param {ArrayLike<number>|null} answers */
  #row(engine, answers) {
    const labels = this.examples?.labels;
    const right = answers && labels ? Array.from(answers).filter((answer, k) => answer === labels[k]).length : null;
    const cells = Array.from({ length: this.count }, (_, k) => {
      if (!answers || !labels) return html`<span role="cell" class="muted">·</span>`;
      return html`<span role="cell" class=${answers[k] === labels[k] ? 'right' : 'wrong'}>${this.examples?.classes[answers[k]]}</span>`;
    });
    const sum = right === null ? '–' : `${right} of ${this.count}`;
    return html`<div role="row" data-engine=${engine}>
      <span role="rowheader">${engine}<span class="narrow muted">: ${sum} right</span></span>${cells}<span class="sum" role="cell">${sum}</span>
    </div>`;
  }

  #labels() {
    if (!this.examples) return 'Test digits, on their way';
    const { classes, labels } = this.examples;
    return `Test digits ${Array.from(labels, (label) => classes[label]).join(', ')}`;
  }
}

customElements.define('glass-reads', GlassReads);
