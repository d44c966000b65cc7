/**
 * The network on the screen goes on learning, in real Python, while one looks: weights, activations
 * and outputs follow.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { count, percent } from '../../models/words.js';

/** Losses in one average. */
const WINDOW = 50;

export class GlassSchooling extends SignalWatcher(LitElement) {
  static properties = { inside: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      svg {
        display: block;
        width: min(100%, 480px);
        height: 120px;
        margin-top: var(--space-2);
        background: var(--panel);
        border-radius: var(--radius);
      }

      polyline {
        fill: none;
        stroke: var(--positive);
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/inside.js').Inside|null} */
    this.inside = null;
  }

  render() {
    const { inside } = this;
    if (!inside) return nothing;
    const { inquiries } = inside;
    const [{ step, losses, rights }, on] = [inquiries.schooling.value, inquiries.training.value];
    const right = rights.at(-1)?.right;
    return html`
      <button class="primary" data-command="school" aria-disabled=${String(!inquiries.round.value)} @click=${() => (on ? inquiries.rest() : void inquiries.train())}>${on ? 'Pause training' : 'Train'}</button>
      <p class="small">${step ? `${count(step)} steps` : 'Real training steps on the first training digits, with the network’s own optimiser; every picture follows.'}${right === undefined ? '' : ` · ${percent(right, 1)} of 500 test digits right`}</p>
      ${losses.length > 1 ? html`<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="Loss of ${count(losses.length)} steps, mean of ${WINDOW}: now ${mean(losses.slice(-WINDOW)).toFixed(4)}"><polyline points=${curve(losses)}></polyline></svg>` : nothing}
    `;
  }
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** @param {number[]} losses @returns {string} points of a line through their moving means, at most 200 */
function curve(losses) {
  const every = Math.max(1, Math.floor(losses.length / 200));
  const means = [];
  for (let end = every; end <= losses.length; end += every) means.push(mean(losses.slice(Math.max(0, end - WINDOW), end)));
  const top = Math.max(...means) || 1;
  return means.map((value, i) => `${(100 * i) / Math.max(1, means.length - 1)},${100 - (95 * value) / top}`).join(' ');
}

customElements.define('glass-schooling', GlassSchooling);
