/**
 * The stops of one training step in a row, phase by phase, and the means to go through them: forwards
 * and backwards, by one, or playing.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { PHASES, stopInWords } from '../../models/stops.js';

/** More stops are in one line, which is scrolled. */
const MANY = 24;

/** Small digits, below. */
const SUB = '₁₂₃₄₅₆₇₈₉';

/**
 * @fires stop with `detail` the place of the stop wanted
 * @fires move with `detail` by how many
 * @fires play
 * @fires pause
 */
export class GlassStops extends LitElement {
  static properties = {
    step: { attribute: false },
    stop: { type: Number },
    playing: { type: Boolean },
    waiting: { type: Boolean },
  };

  static styles = [
    shared,
    controls,
    css`
      .strip {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: end;
        min-height: 52px;
      }

      .go {
        display: flex;
        gap: var(--space-1);
      }

      .phases {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        min-width: 0;
      }

      .phase {
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }

      .phase > span {
        display: block;
        font-size: var(--size-small);
        color: var(--muted);
        line-height: 1.3;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 2px;
      }

      .go svg {
        margin: 0;
      }

      .row button {
        min-height: 30px;
        min-width: 30px;
        padding: 0 6px;
        border-color: var(--hairline);
        font-family: var(--text-font);
        font-style: italic;
      }

      .row button.done {
        border-color: var(--line);
      }

      .row button[aria-current] {
        background: var(--accent);
        border-color: var(--accent);
        color: var(--on-accent);
      }

      .row button.ahead {
        color: var(--muted);
      }

      .many {
        flex: 1 0 100%;
        flex-wrap: nowrap;
        overflow-x: auto;
        padding-bottom: 6px;
      }

      .many .phase {
        flex: none;
      }

      .many .row {
        flex-wrap: nowrap;
      }

      @media (max-width: 719px) {
        .strip {
          align-items: start;
        }

        .phases {
          flex-wrap: nowrap;
          overflow-x: auto;
          padding-bottom: 6px;
        }

        .phase {
          flex: none;
        }

        .row {
          flex-wrap: nowrap;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/stops.js').Step|null} */
    this.step = null;
    /** The place in it at which one stands. */
    this.stop = 0;
    this.playing = false;
    /** Whether the rest of the step is on its way. */
    this.waiting = false;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('stop')) return;
    const [rail, current] = [this.renderRoot.querySelector('.phases'), /** @type {HTMLElement|null} */ (this.renderRoot.querySelector('[aria-current]'))];
    if (!rail || !current || rail.scrollWidth <= rail.clientWidth) return;
    rail.scrollLeft = current.offsetLeft - rail.clientWidth / 2; // the page itself is not moved
  }

  render() {
    const quantities = this.step?.quantities ?? [];
    const last = quantities.length - 1;
    const off = (/** @type {boolean} */ no) => String(no || !this.step);
    return html`<div class="strip">
      <div class="go" role="group" aria-label="Through the step">
        <button aria-label="To the beginning" title="To the beginning" aria-disabled=${off(this.stop <= 0)} @click=${() => this.#tell('stop', 0)}><svg viewBox="0 0 10 10" aria-hidden="true"><path d="M1 1h2v8H1zM9 1v8L4 5z" /></svg></button>
        <button data-command="back" title="One stop back  ,"  aria-disabled=${off(this.stop <= 0)} @click=${() => this.#tell('move', -1)}>‹ Back</button>
        <button class="primary" data-command="play" aria-disabled=${off(false)} @click=${() => this.#tell(this.playing ? 'pause' : 'play', null)}>${this.playing ? 'Pause' : 'Play'}</button>
        <button data-command="next" title="One stop on  ." aria-disabled=${off(this.stop >= last)} @click=${() => this.#tell('move', 1)}>Next ›</button>
      </div>
      <div class="phases ${quantities.length > MANY ? 'many' : ''}">
        ${Object.entries(PHASES).map(([phase, words]) => {
          const own = quantities.flatMap((quantity, at) => (quantity.phase === phase ? [{ quantity, at }] : []));
          if (!own.length) return phase === 'forward' || !this.waiting ? '' : html`<div class="phase"><span>${words}</span><span>with Python</span></div>`;
          return html`<div class="phase" role="group" aria-label=${words}>
            <span>${words}</span>
            <div class="row">
              ${own.map(
                ({ quantity, at }) => html`<button
                  class=${at < this.stop ? 'done' : at > this.stop ? 'ahead' : ''}
                  data-stop=${quantity.name}
                  title=${stopInWords(quantity)}
                  aria-label="${symbolOf(quantity)}, ${stopInWords(quantity)}"
                  aria-current=${at === this.stop ? 'step' : nothing}
                  @click=${() => this.#tell('stop', at)}
                >${symbolOf(quantity)}</button>`,
              )}
            </div>
          </div>`;
        })}
      </div>
    </div>`;
  }

  /** @param {string} what @param {number|null} detail */
  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail, bubbles: true, composed: true }));
  }
}

/** @param {import('../../python/protocol.js').Quantity} quantity @returns {string} with the number of its layer: `z₁` */
export function symbolOf({ symbol, layer }) {
  return layer === null ? symbol : `${symbol}${SUB[layer] ?? layer + 1}`;
}

customElements.define('glass-stops', GlassStops);
