/**
 * One setting as a field: its label, its value, what is wrong with what was typed. A value that is
 * refused stays in the field, next to the reason, and changes nothing.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { read } from '../state/property.js';
import { TABLE } from '../state/table.js';
import { controls, shared } from './styles.js';

/** @typedef {import('../state/settings.js').Settings} Settings */

export class GlassField extends SignalWatcher(LitElement) {
  static properties = {
    settings: { attribute: false },
    name: { type: String },
    property: { attribute: false },
    fault: { state: true },
  };

  static styles = [
    shared,
    controls,
    css`
      div {
        display: grid;
        gap: 2px;
      }

      input {
        width: 100%;
        appearance: textfield;
      }

      input::-webkit-inner-spin-button,
      input::-webkit-outer-spin-button {
        appearance: none;
        margin: 0;
      }

      input[aria-invalid='true'] {
        border: 2px solid var(--negative);
      }

      p {
        margin: 0;
        font-size: var(--size-small);
        max-width: 22em;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Settings|null} */
    this.settings = null;
    /** @type {'digit'|'rate'|'batch'|'seed'} */
    this.name = 'seed';
    /** @type {import('../state/property.js').NumberProperty|null} what is narrower here than in the table */
    this.property = null;
    /** @type {string|null} */
    this.fault = null;
  }

  render() {
    const { label, hint, min, max, kind } = this.#property;
    return html`<div>
      <label for="field">${label}</label>
      <input
        id="field"
        type="number"
        title=${hint}
        inputmode=${kind === 'integer' ? 'numeric' : 'decimal'}
        min=${min}
        max=${max}
        step=${kind === 'integer' ? 1 : 'any'}
        .value=${this.#value}
        aria-invalid=${String(this.fault !== null)}
        aria-describedby="fault"
        @change=${this.#onChange}
      />
      <p id="fault" role="alert">${this.fault ?? nothing}</p>
    </div>`;
  }

  /** As text; of a value below its bounds, which stands for none yet, nothing. */
  get #value() {
    const value = this.settings?.get(this.name) ?? '';
    return Number(value) < this.#property.min ? '' : String(value);
  }

  /** @param {Event} event */
  #onChange(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const reading = read(this.#property, field.value);
    this.fault = 'fault' in reading ? `${this.#property.label} ${reading.fault}` : (this.settings?.set(this.name, field.value) ?? null);
  }

  get #property() {
    return this.property ?? TABLE[this.name];
  }
}

customElements.define('glass-field', GlassField);
