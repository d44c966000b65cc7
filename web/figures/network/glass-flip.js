/**
 * The way from a digit to the nearest one that is read otherwise: where it begins, what changes, what
 * it has become, and what the network makes of it at every step.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import './glass-picture.js';
import { roundUp } from '../../draw/range.js';
import { controls, shared } from '../../kit/styles.js';
import { percent, reading, short } from '../../models/words.js';
import { panel } from './panel-look.js';

/**
 * @typedef {object} Flip what the worker answers to `subject_flip`
 * @property {{shape: number[], data: Float32Array}} path (n, ...shape of the digit), 0..1; the digit itself first
 * @property {{shape: number[], data: Float32Array}} outputs (n, classes)
 * @property {number} from the class that it is read as
 * @property {number} to the class that the last of the path is read as, or was to be
 * @property {boolean} flipped
 * @property {number} distance from the first to the last, Euclidean
 */

export class GlassFlip extends LitElement {
  static properties = {
    flip: { attribute: false },
    classes: { attribute: false },
    rows: { type: Number },
    columns: { type: Number },
    at: { state: true },
  };

  static styles = [
    shared,
    controls,
    panel,
    css`
      input {
        width: min(100%, 420px);
        padding: 0;
        accent-color: var(--accent);
      }

      .way {
        display: grid;
        margin-block: var(--space-2);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Flip|null} */
    this.flip = null;
    /** @type {string[]} */
    this.classes = [];
    this.rows = 28;
    this.columns = 28;
    /** The step of the path that is looked at. */
    this.at = 0;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('flip') && this.flip) this.at = this.#last;
  }

  get #last() {
    return (this.flip?.path.shape[0] ?? 1) - 1;
  }

  /** @param {number} k @returns {Float32Array} */
  #digit(k) {
    const area = this.rows * this.columns;
    return this.flip?.path.data.subarray(k * area, (k + 1) * area) ?? new Float32Array(area);
  }

  render() {
    const { at, classes, flip } = this;
    if (!flip) return nothing;
    const shape = { rows: this.rows, columns: this.columns };
    const [start, now] = [this.#digit(0), this.#digit(at)];
    const change = now.map((value, i) => value - start[i]);
    const most = this.#digit(this.#last).reduce((max, value, i) => Math.max(max, Math.abs(value - start[i])), 0);
    const range = roundUp(most) || 1;
    const outputs = flip.outputs.data.subarray(at * classes.length, (at + 1) * classes.length);
    return html`
      <p>${this.#sentence(flip, most)}</p>
      <div class="triplets">
        <figure>
          <glass-picture ink .values=${start} .shape=${shape} .words=${`The digit, read as ${classes[flip.from]}`}></glass-picture>
          <figcaption>the digit</figcaption>
        </figure>
        <figure>
          <glass-picture .values=${change} .shape=${shape} .range=${range} .words="What has changed: blue is more ink, orange less"></glass-picture>
          <figcaption>change</figcaption>
        </figure>
        <figure>
          <glass-picture ink .values=${now} .shape=${shape} .words=${`After step ${at}`}></glass-picture>
          <figcaption>both together</figcaption>
        </figure>
      </div>
      <p class="small muted">Change: −${short(range)}<i class="ramp"></i>+${short(range)}, linear. Blue is more ink, orange less.</p>
      <label class="way">step ${at} of ${this.#last}
        <input type="range" min="0" max=${this.#last} step="1" .value=${String(at)} aria-valuetext=${`step ${at}: ${reading(outputs, classes)}`} @input=${(/** @type {Event} */ event) => (this.at = Number(/** @type {HTMLInputElement} */ (event.target).value))} />
      </label>
      <p role="status">After ${at} ${at === 1 ? 'step' : 'steps'} the network ${reading(outputs, classes)}.</p>
    `;
  }

  /** @param {Flip} flip @param {number} most change of one pixel */
  #sentence({ flipped, from, to, distance }, most) {
    const own = Math.sqrt(this.#digit(0).reduce((sum, value) => sum + value ** 2, 0));
    const [a, b] = [this.classes[from], this.classes[to]];
    const far = `Its length is ${distance.toFixed(2)}, the root of the summed squares of what each pixel changes by${own ? `: ${percent(distance / own)} of the digit’s own` : ''}. No pixel changes by more than ${most.toFixed(2)} of full ink.`;
    if (!flipped) return `No change was found that makes a ${b} of this ${a}; this is how far it came. ${far}`;
    return `So little makes a ${b} of this ${a}. ${far}`;
  }
}

customElements.define('glass-flip', GlassFlip);
