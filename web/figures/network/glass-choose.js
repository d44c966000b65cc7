/**
 * Which network is looked into: those that came with the site, a moment of the recorded run, a fresh
 * one, the run of the training page, or a file.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import '../../kit/glass-field.js';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

const NAMES = [
  ['dense', 'Shipped: 784 → 36 → 10'],
  ['conv', 'Shipped: convolutions'],
  ['recorded', 'A moment of the recorded run'],
  ['fresh', 'A fresh one'],
  ['run', 'Your run'],
  ['file', 'A file'],
];

/** Networks of these files are read. */
const ENDINGS = ['.safetensors', '.npz'];

export class GlassChoose extends SignalWatcher(LitElement) {
  static properties = { inside: { attribute: false }, refused: { state: true } };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-3);
        align-items: end;
      }

      .field {
        display: grid;
        gap: 2px;
      }

      input[type='range'] {
        width: 160px;
        padding: 0;
        border: 0;
      }

      input[type='file'] {
        max-width: 260px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/inside.js').Inside|null} */
    this.inside = null;
    /** Why a file was not taken. */
    this.refused = '';
  }

  render() {
    const { inside } = this;
    if (!inside) return nothing;
    const { settings } = inside;
    const model = settings.get('model');
    const named = inside.subject.file.value;
    return html`
      <span class="field">
        <label for="model">Network</label>
        <select id="model" .value=${model} @change=${(/** @type {Event} */ event) => this.#choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
          ${NAMES.map(([value, words]) => html`<option value=${value} ?selected=${value === model}>${value === 'file' && named ? named.name : words}</option>`)}
        </select>
      </span>
      ${model === 'recorded' ? this.#moments(inside) : nothing}
      ${model === 'fresh'
        ? html`<span class="field">
              <label for="hidden">Hidden units</label>
              <input id="hidden" size="8" .value=${settings.get('hidden')} title=${settings.table.hidden.hint} @change=${(/** @type {Event} */ event) => this.#set('hidden', event)} />
            </span>
            <span class="field">
              <label for="activation">Activation</label>
              <select id="activation" .value=${settings.get('activation')} @change=${(/** @type {Event} */ event) => this.#set('activation', event)}>
                ${settings.table.activation.values.map((name) => html`<option ?selected=${name === settings.get('activation')}>${name}</option>`)}
              </select>
            </span>
            <glass-field name="seed" .settings=${settings}></glass-field>`
        : nothing}
      ${model === 'file'
        ? html`<span class="field">
            <label for="file">Weights: .safetensors or .npz</label>
            <input id="file" type="file" accept=${ENDINGS.join()} @change=${(/** @type {Event} */ event) => this.#take(/** @type {HTMLInputElement} */ (event.target).files?.[0])} />
          </span>`
        : nothing}
      ${this.refused ? html`<p class="small" role="alert">${this.refused}</p>` : nothing}
    `;
  }

  /** @param {import('../../models/inside.js').Inside} inside */
  #moments({ settings, subject }) {
    const snapshots = subject.recording.value?.snapshots ?? [];
    const [at, against] = [Math.min(settings.get('at'), Math.max(0, snapshots.length - 1)), settings.get('against')];
    return html`
      <span class="field">
        <label for="at">Step ${snapshots.length ? count(snapshots[at]) : '…'}</label>
        <input id="at" type="range" min="0" max=${Math.max(0, snapshots.length - 1)} .value=${String(at)} aria-valuetext="step ${snapshots[at] ?? 0}" @input=${(/** @type {Event} */ event) => settings.set('at', /** @type {HTMLInputElement} */ (event.target).value)} />
      </span>
      <span class="field">
        <label for="against">Less the weights at</label>
        <select id="against" .value=${String(against)} @change=${(/** @type {Event} */ event) => settings.set('against', /** @type {HTMLSelectElement} */ (event.target).value)}>
          <option value="-1" ?selected=${against < 0}>nothing</option>
          ${snapshots.map((step, i) => html`<option value=${i} ?selected=${i === against}>step ${count(step)}</option>`)}
        </select>
      </span>
    `;
  }

  /** @param {'hidden'|'activation'} name @param {Event} event */
  #set(name, event) {
    this.refused = this.inside?.settings.set(name, /** @type {HTMLInputElement} */ (event.target).value) ?? '';
  }

  /** @param {string} model */
  #choose(model) {
    this.refused = '';
    this.inside?.settings.set('model', model);
    if (model === 'fresh') this.inside?.boot();
  }

  /** @param {File|undefined} file */
  async #take(file) {
    if (!file) return;
    this.refused = '';
    if (!ENDINGS.some((ending) => file.name.endsWith(ending))) {
      this.refused = `${file.name} is no file of weights: expected ${ENDINGS.join(' or ')}.`;
      return;
    }
    await this.inside?.subject.open(file.name, await file.arrayBuffer());
  }

  /** A file that was dropped on the page. @param {File} file */
  drop(file) {
    return this.#take(file);
  }
}

customElements.define('glass-choose', GlassChoose);
