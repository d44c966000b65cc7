/**
 * Adaline on letters: draw or damage one, see 26 neurons and their scores, and train them by the
 * delta rule. Python is loaded when the visitor asks for training, and not before.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { html, LitElement, nothing } from 'lit';
import { holdRange } from '../../draw/range.js';
import { figure } from '../../kit/figure.js';
import { firstTask } from '../../kit/first-task.js';
import '../../kit/glass-card.js';
import '../../kit/glass-status.js';
import { controls, shared } from '../../kit/styles.js';
import { Adaline, PACES, RATE } from '../../models/adaline.js';
import { adalineSentence, verdict } from '../../models/adaline-words.js';
import { megabytes, short } from '../../models/words.js';
import { read } from '../../state/property.js';
import { places, sourceAt } from '../../wire/places.js';
import { look } from './adaline-look.js';
import { WORDS } from './adaline-words.js';
import './glass-lessons.js';
import './glass-letter.js';
import './glass-neuron.js';
import './glass-neurons.js';
import './glass-own.js';
import './glass-scores.js';

/** @type {import('../../state/property.js').NumberProperty} */
const RATE_FIELD = { kind: 'number', label: 'Rate η', default: RATE, min: 1e-6, max: 1, effect: 'live', hint: 'how far each weight moves against the error' };

export class GlassAdaline extends SignalWatcher(LitElement) {
  static properties = { interpreter: { attribute: false }, fault: { state: true } };

  static styles = [figure, shared, controls, look];

  /** @type {Adaline|null} */
  #adaline = null;
  /** The range that the weights are drawn with. */
  #range = 0;

  constructor() {
    super();
    /** A Python that the page has already, before this stands on it; null: it starts its own. @type {import('../../models/interpreter.js').Interpreter|null} */
    this.interpreter = null;
    this.fault = '';
  }

  /** What it shows; null while it stands on no page. */
  get adaline() {
    return this.#adaline;
  }

  async scheduleUpdate() {
    await firstTask(this);
    super.scheduleUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#adaline = new Adaline(places(), this.interpreter);
    void this.#adaline.open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#adaline?.close();
    this.#adaline = null;
  }

  render() {
    const adaline = this.#adaline;
    if (!adaline) return html`<slot></slot>`;
    const { letters, weights, scores, order, untrained, measured } = adaline;
    const [letter, classes, neuron] = [letters.letter.value, letters.classes.value, adaline.neuron.value];
    const values = weights.value;
    this.#range = untrained.value ? 0 : holdRange(Float32Array.from(values), this.#range);
    const range = this.#range || 1;
    const winners = untrained.value ? [] : order.value;
    const onLook = (/** @type {CustomEvent<{label: string}>} */ { detail }) => void (letters.looked.value = detail.label);
    return html`
      ${this.#controls(adaline)}
      <glass-card file="adaline" source=${sourceAt('glassnet.adaline:Adaline.train')} .words=${WORDS} heading=${`Adaline: one neuron a letter, no layer between${adaline.recorded.value ? ', recorded' : ''}`}>
        <div class="stage">
          <section aria-labelledby="paper">
            <h3 id="paper">The letter</h3>
            <glass-letter .letters=${letters} @flips=${(/** @type {CustomEvent<{flips: number}>} */ { detail }) => adaline.setFlips(detail.flips)}></glass-letter>
          </section>
          <section class="neurons" aria-labelledby="neurons">
            <h3 id="neurons">Its ${classes.length} neurons, each as its weights</h3>
            <glass-neurons .weights=${values} .scores=${scores.value} .classes=${classes} .range=${range} .chosen=${neuron} .winner=${winners[0] ?? -1} @look=${onLook}></glass-neurons>
            <p class="legend small muted">weights −${short(range)}<i class="ramp"></i>+${short(range)}, the same for all; frame: score −1 to +1</p>
          </section>
          <section aria-labelledby="scores">
            <h3 id="scores">Their scores</h3>
            <p class="verdict" data-verdict>${verdict(adaline)}</p>
            <glass-scores .scores=${scores.value} .classes=${classes} .order=${winners} .meant=${letter.label} .chosen=${neuron} @look=${onLook}></glass-scores>
          </section>
        </div>
        <div class="below">
          <section aria-labelledby="unit">
            <h3 id="unit">Neuron ${classes[neuron]}, with what is on the paper</h3>
            <glass-neuron
              label=${classes[neuron]}
              meant=${letter.label}
              .weights=${values.subarray(neuron * 65, (neuron + 1) * 65)}
              .cells=${letters.cells.value}
              .range=${range}
              .rate=${adaline.rate.value}
              .cell=${letters.cell.value}
              @point=${(/** @type {CustomEvent<{cell: number}>} */ { detail }) => void (letters.cell.value = detail.cell)}
            ></glass-neuron>
          </section>
          <div class="right">
            <glass-lessons
              .errors=${adaline.errors.value}
              .measured=${measured.value}
              .flips=${letters.flips.value}
              @example=${(/** @type {CustomEvent<{label: string, cells: Uint8Array<ArrayBuffer>}>} */ { detail }) => this.#show(detail)}
            ></glass-lessons>
            <glass-own class="screen" .adaline=${adaline}></glass-own>
          </div>
        </div>
      </glass-card>
    `;
  }

  /** @param {Adaline} adaline */
  #controls(adaline) {
    const { phase, progress } = adaline.interpreter;
    const running = adaline.wanted.value && phase.value !== 'failed';
    const size = phase.value === 'off' ? adaline.size.value : 0;
    const { about, text } = adalineSentence(adaline);
    return html`<div class="top screen">
      ${running
        ? html`<button class="primary" data-command="pause" @click=${() => adaline.pause()}>Pause</button>`
        : html`<button class="primary" data-command="start" @click=${() => adaline.start()}>Train${size ? ` (loads ${megabytes(size)} once)` : nothing}</button>`}
      <button data-command="pass" @click=${() => void adaline.pass()}>One pass</button>
      <button data-command="learn" title="The delta rule once, on what is on the paper" @click=${() => void adaline.learn()}>This letter only</button>
      <button data-command="reset" aria-disabled=${String(adaline.untrained.value && !adaline.errors.value.length && !adaline.diverged.value)} @click=${() => adaline.reset()}>Reset</button>
      <label title=${RATE_FIELD.hint}>${RATE_FIELD.label}
        <input data-field="rate" inputmode="decimal" .value=${String(adaline.rate.value)} aria-invalid=${String(this.fault !== '')} aria-describedby="fault" @change=${this.#onRate} />
      </label>
      <label>Pace
        <select data-field="pace" @change=${this.#onPace}>
          ${Object.entries(PACES).map(([pace, { words }]) => html`<option value=${pace} ?selected=${pace === adaline.pace.value}>${words}</option>`)}
        </select>
      </label>
      <p class="refused small" id="fault" role="alert">${this.fault}</p>
      <glass-status
        .sentence=${text}
        .about=${about}
        .progress=${phase.value === 'loading' && progress.value?.stage === 'download' ? progress.value : null}
        .failures=${adaline.failures.value}
        @retry=${() => adaline.retry()}
      ></glass-status>
    </div>`;
  }

  /** A damaged letter, to be looked at. @param {{label: string, cells: Uint8Array<ArrayBuffer>}} example */
  #show({ label, cells }) {
    const letters = this.#adaline?.letters;
    const whole = letters?.nearest(label, cells);
    if (whole) letters?.put(whole, cells);
  }

  /** @param {Event} event */
  #onRate({ target }) {
    const reading = read(RATE_FIELD, /** @type {HTMLInputElement} */ (target).value);
    this.fault = 'fault' in reading ? `${RATE_FIELD.label} ${reading.fault}.` : '';
    if ('value' in reading && this.#adaline) this.#adaline.rate.value = Number(reading.value);
  }

  /** @param {Event} event */
  #onPace({ target }) {
    if (this.#adaline) this.#adaline.pace.value = /** @type {import('../../models/adaline.js').Pace} */ (/** @type {HTMLSelectElement} */ (target).value);
  }
}

customElements.define('glass-adaline', GlassAdaline);
