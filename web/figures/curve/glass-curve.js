/**
 * How a run is going: accuracy on the test digits above, loss below, over the same steps. The
 * pointer or the arrow keys read values off; a table holds the evaluations.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { Charts } from '../../kit/charts.js';
import { History } from '../../models/history.js';
import { controls, shared } from '../../kit/styles.js';
import { count, percent, signed } from '../../models/words.js';
import { loadCharts } from '../load-charts.js';
import { sketch, sketchStyles } from './sketch.js';

/** What a loss is measured in. */
const UNITS = /** @type {Record<string, string>} */ ({ mse: '½ Σ (a − y)² a digit', cross_entropy: 'nats a digit' });

export class GlassCurve extends LitElement {
  static properties = {
    history: { attribute: false },
    ghost: { attribute: false },
    version: { type: Number },
    loss: { type: String },
    chosen: { type: Boolean },
    measuring: { type: Number },
    brief: { type: Boolean },
    awake: { state: true },
    logarithmic: { state: true },
    at: { state: true },
    open: { state: true },
  };

  static styles = [
    shared,
    controls,
    sketchStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 var(--space-2);
        margin-top: var(--space-2);
      }

      .value {
        font-size: var(--size-title);
        font-weight: 600;
        line-height: 1.2;
      }

      p {
        margin: 0;
      }

      .plot {
        height: 112px;
        overflow: hidden;
      }

      .plot.loss {
        height: 150px;
      }

      .key {
        display: inline-block;
        width: 18px;
        height: 0;
        margin-right: 4px;
        vertical-align: middle;
        border-top: 2px solid var(--ink);
      }

      .key.raw {
        border-top: 8px solid color-mix(in srgb, var(--ink) 18%, transparent);
      }

      .key.ghost {
        border-top: 2px dashed var(--line);
      }

      .unit {
        flex: 1 0 100%;
      }

      .log {
        display: inline-flex;
        align-items: center;
        gap: var(--space-1);
        margin-left: auto;
      }

      .log input {
        min-height: 0;
        margin: 0;
        accent-color: var(--accent);
      }

      .key.test {
        border-color: var(--positive);
      }

      .keys {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
        align-content: start;
        min-height: 5.6em; /* of all four lines */
        color: var(--muted);
        font-size: var(--size-small);
      }

      .read {
        min-height: 2.6em;
        font-size: var(--size-small);
      }

      .scroll {
        max-height: 220px;
        overflow: auto;
      }
    `,
  ];

  /** @type {Charts<import('./run-charts.js').RunCharts>} */
  #charts = new Charts(this, {
    load: async () => {
      const { RunCharts } = await loadCharts();
      const into = { accuracy: this.#find('.accuracy > div'), loss: this.#find('.loss > div') };
      return (palette) => new RunCharts(into, palette, this.clientWidth, this.logarithmic, (column) => void (this.at = column));
    },
    draw: (charts) => charts.draw(this.history, this.ghost),
    width: () => this.clientWidth,
    ready: () => !this.brief || this.awake,
  });

  constructor() {
    super();
    this.history = new History();
    /** Another run, to compare with; faint. @type {History|null} */
    this.ghost = null;
    /** Counts the frames taken into the history: a new one draws again. */
    this.version = 0;
    /** Name of the loss, as in the configuration. */
    this.loss = 'mse';
    /** Whether the test digits are not all of the data set's. */
    this.chosen = false;
    /** The part of Python's time that went into evaluations; null if nothing was computed here. @type {number|null} */
    this.measuring = null;
    /** Whether charts have to wait until somebody touches the curve, or it goes on. */
    this.brief = false;
    this.awake = false;
    for (const touch of ['pointerenter', 'touchstart', 'focusin', 'glass-draw']) this.addEventListener(touch, () => void (this.awake = true), { passive: true });
    /** @type {number|null} column of the loss chart that is read off */
    this.at = null;
    this.open = false;
    /** Whether losses are shown so: a loss that falls from 0.1 to 0.01 falls as far as one from 1 to 0.1. */
    this.logarithmic = true;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('history')) this.at = null;
    if (Number(changed.get('version')) > 0) this.awake = true; // it is no longer what came first
    if (changed.has('awake')) this.#charts.invalidate();
    if (changed.has('logarithmic') && changed.get('logarithmic') !== undefined) this.#charts.renew();
    if (changed.has('history') || changed.has('ghost') || changed.has('version')) this.#charts.invalidate();
  }

  render() {
    const { evaluations, average, span } = this.history;
    const last = evaluations.at(-1);
    const steps = this.history.steps;
    return html`
      <p class="head">
        <span class="value">${last ? percent(last.accuracy, 1) : '–'}</span>
        <span class="muted small">of ${last ? count(last.count) : 'the'} ${this.chosen ? 'chosen ' : ''}test digits right</span>
      </p>
      <div class="plot accuracy" aria-hidden="true"><div></div>${this.#sketch('accuracy')}</div>
      <p class="head">
        <span class="value">${average === null ? '–' : average.toFixed(3)}</span>
        <label class="log small muted screen"><input type="checkbox" .checked=${this.logarithmic} @change=${() => void (this.logarithmic = !this.logarithmic)} /> logarithmic</label>
        <span class="unit muted small">average loss in training, ${UNITS[this.loss] ?? this.loss}</span>
      </p>
      <div
        class="plot loss"
        role="slider"
        tabindex="0"
        aria-label="Values along the run"
        aria-valuemin="0"
        aria-valuemax=${steps.at(-1) ?? 0}
        aria-valuenow=${this.#step ?? steps.at(-1) ?? 0}
        aria-valuetext=${this.#words()}
        @keydown=${this.#onKey}
      ><div></div>${this.#sketch('loss')}</div>
      <p class="keys screen">
        <span><i class="key test"></i>test${this.#sketched ? '' : ', measured at the dots'}</span>
        <span><i class="key"></i>training, averages</span>
        <span ?hidden=${this.#sketched}><i class="key raw"></i>${span > 1 ? `lowest to highest of ${span} batches` : 'each batch'}</span>
        ${this.ghost && !this.#sketched ? html`<span><i class="key ghost"></i>the recorded run’s averages</span>` : nothing}
      </p>
      <p class="read screen">${this.#words()} ${this.#charts.retry()}</p>
      <details @toggle=${(/** @type {Event} */ event) => void (this.open = /** @type {HTMLDetailsElement} */ (event.target).open)}>
        <summary>Evaluations as a table</summary>
        ${this.open ? this.#table() : nothing}
      </details>
    `;
  }

  /** @returns {string|null} the charts as SVG, if they are drawn */
  svg() {
    return this.#charts.made?.svg() ?? null;
  }

  /** Whether there are no charts yet, but what stands in for them. */
  get #sketched() {
    return this.brief && !this.#charts.made;
  }

  /** @param {'accuracy'|'loss'} which */
  #sketch(which) {
    return this.#sketched ? sketch(this.history, which, this.logarithmic) : nothing;
  }

  get #step() {
    return this.at === null ? null : (this.#charts.made?.columns[0][this.at] ?? null);
  }

  #words() {
    const step = this.#step;
    if (this.#charts.fault) return this.#charts.fault;
    if (step === null || this.at === null) {
      return this.history.steps.length ? 'Point at the curve, or use ← and →, to read values.' : 'No step taken yet.';
    }
    const [average, other] = [this.#charts.made?.columns[3][this.at], this.#charts.made?.columns[5][this.at]];
    const evaluation = this.history.evaluations.findLast((one) => one.step <= step);
    const learned = this.history.trained.findLast((one) => one.step <= step);
    const training = average == null ? '' : `, average loss ${average.toFixed(3)}${learned ? `, ${percent(learned.accuracy, 1)} of the batches right` : ''}`;
    const test = evaluation ? `; test digits at step ${count(evaluation.step)}: loss ${evaluation.loss.toFixed(3)}, ${percent(evaluation.accuracy, 1)} right` : '';
    const recorded = other == null ? '' : `; recorded run: average loss ${other.toFixed(3)}`;
    return `Step ${count(step)}${training}${step <= (this.history.steps.at(-1) ?? 0) ? test : ''}${recorded}.`;
  }

  #table() {
    const rows = this.history.evaluations;
    const last = rows.at(-1);
    const share = this.measuring === null ? '' : `; measuring took ${percent(this.measuring)} of Python’s time`;
    return html`${last ? html`<p class="small muted">Each on ${count(last.count)} ${this.chosen ? 'chosen ' : ''}test digits${share}.</p>` : nothing}
    <div class="scroll" tabindex="0" role="region" aria-label="Evaluations">
      <table>
        <tr><th scope="col">step</th><th scope="col">test accuracy</th><th scope="col">test loss</th></tr>
        ${rows.map((row) => html`<tr><th scope="row">${count(row.step)}</th><td>${percent(row.accuracy, 2)}</td><td>${signed(row.loss, 4)}</td></tr>`)}
      </table>
    </div>`;
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(selector));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const steps = this.#charts.made?.columns[0] ?? [];
    const moves = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, PageDown: -20, PageUp: 20, Home: -Infinity, End: Infinity });
    const by = moves[event.key];
    if (by === undefined || !steps.length || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = Math.min(steps.length - 1, Math.max(0, (this.at ?? steps.length - 1) + by));
    this.#charts.made?.point(at);
    this.at = at;
  }
}

customElements.define('glass-curve', GlassCurve);
