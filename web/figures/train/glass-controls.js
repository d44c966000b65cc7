/**
 * What drives a run: start and pause, step, epoch, reset; and how far the run is.
 *
 * @module
 */

import { css, html, LitElement, nothing, svg } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { count, duration, megabytes } from '../../models/words.js';

/**
 * @typedef {import('../../python/client.js').Seen} Frame
 * @typedef {'start'|'pause'|'step'|'epoch'|'reset'} Command
 */

const PLAY = svg`<path d="M3 1.5v13l11-6.5z"></path>`;
const PAUSE = svg`<path d="M2.5 1.5h4v13h-4zM9.5 1.5h4v13h-4z"></path>`;

/**
 * @slot (default) what stands in the progress's place while there is no run to tell of
 * @fires command with `detail.command` when a button is pressed
 */
export class GlassControls extends LitElement {
  static properties = {
    frame: { attribute: false },
    running: { type: Boolean },
    loads: { type: Number },
    replaced: { type: Boolean },
  };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-3) var(--space-6);
      }

      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }

      .primary {
        min-width: 96px;
      }

      .far {
        flex: 1 0 100%; /* a row of its own: nothing moves when Start says less */
        min-height: 28px;
        line-height: 1.3;
      }

      slot.far {
        display: block;
      }

      .far p {
        margin: 0 0 var(--space-1);
      }

      @media (min-width: 1100px) {
        .far {
          flex: 1 1 180px;
          min-width: 0;
        }
      }

      @media (max-width: 719px) {
        .far {
          min-height: 48px;
        }

        .speed {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Frame|null} */
    this.frame = null;
    /** Training, or about to. */
    this.running = false;
    /** Bytes that starting costs; 0 once they are on their way. */
    this.loads = 0;
    /** Whether the slot stands in the progress's place. */
    this.replaced = false;
  }

  render() {
    const finished = this.frame?.state === 'finished';
    const untouched = !this.frame?.step;
    return html`
      <div class="buttons" role="group" aria-label="Run">
        ${this.running
          ? this.#button('pause', html`<svg viewBox="0 0 16 16" aria-hidden="true">${PAUSE}</svg>Pause`, null, 'primary')
          : this.#button('start', html`<svg viewBox="0 0 16 16" aria-hidden="true">${PLAY}</svg>Start${this.#cost()}`, finished ? 'The run is over; Reset begins another.' : null, 'primary')}
        ${this.#button('step', 'Step', this.running ? 'Pause first: a step is one batch.' : finished ? 'The run is over.' : null)}
        ${this.#button('epoch', 'Epoch', this.#epochRefusal(finished))}
        ${this.#button('reset', 'Reset', untouched && !this.running ? 'Nothing to reset: no step has been taken.' : null)}
      </div>
      ${this.frame && !this.replaced ? this.#progress(this.frame) : html`<slot class="far"></slot>`}
    `;
  }

  /** @param {boolean} finished @returns {string|null} */
  #epochRefusal(finished) {
    if (!this.frame) return 'Start or Step first: that brings Python and the digits.';
    if (this.running) return 'Pause first: an epoch is every training digit once.';
    return finished ? 'The run is over.' : null;
  }

  #cost() {
    return this.loads ? ` (loads ${megabytes(this.loads)} once)` : '';
  }

  /** @param {Frame} frame */
  #progress({ description: { config, batches }, step, epoch, batch, samplesPerSecond }) {
    const steps = config.epochs * batches;
    const left = samplesPerSecond ? `, ${duration(((steps - step) * config.batch) / samplesPerSecond)} left` : '';
    const current = Math.min(epoch + 1, config.epochs);
    return html`<div class="far">
      <p class="small">
        Epoch ${current} of ${config.epochs}, batch ${count(epoch < config.epochs ? batch : batches)} of ${count(batches)}<span class="muted speed"
          >${samplesPerSecond ? `; ${count(samplesPerSecond)} digits a second${left}` : ''}</span
        >
      </p>
      <progress aria-label="The run" max=${steps} .value=${step}></progress>
    </div>`;
  }

  /**
   * @param {Command} command
   * @param {unknown} content
   * @param {string|null} refusal why it cannot be pressed now
   * @param {string} [kind]
   */
  #button(command, content, refusal, kind = '') {
    return html`<button
      class=${kind}
      data-command=${command}
      aria-disabled=${String(refusal !== null)}
      title=${refusal ?? nothing}
      @click=${() => refusal === null && this.#send(command)}
    >${content}</button>`;
  }

  /** @param {Command} command */
  #send(command) {
    this.dispatchEvent(new CustomEvent('command', { detail: { command }, bubbles: true, composed: true }));
  }
}

customElements.define('glass-controls', GlassControls);
