/**
 * A run that a notebook's kernel trains: how far it is, its curves, and its network at one example.
 *
 * @module
 */

import { css, html } from 'lit';
import { count, percent, short } from '../../models/words.js';
import { thinned } from '../watch/bands.js';
import '../watch/glass-lines.js';
import { GlassAnswer } from './glass-answer.js';
import { curvesOf } from './told.js';

/** Of a drawn curve, at most. */
const POINTS = 100;

export class GlassRun extends GlassAnswer {
  static styles = [
    ...GlassAnswer.styles,
    css`
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr));
        gap: var(--space-4) var(--space-6);
        margin-bottom: var(--space-4);
      }

      section {
        min-width: 0;
      }

      h2 {
        margin: 0;
        font-size: var(--size-text);
        font-weight: 600;
      }

      p {
        margin: 0 0 var(--space-3);
      }

      .keys {
        margin: 0;
      }

      .key {
        display: inline-block;
        width: 14px;
        margin: 0 4px 0 0;
        border-top: 2px solid var(--class-0);
        vertical-align: middle;
      }

      .key.test {
        border-color: var(--class-1);
      }

      .keys span {
        margin-right: var(--space-3);
      }
    `,
  ];

  render() {
    const { model } = this;
    if (!model?.get('progress')) return this.network();
    const { losses, tested, accuracies } = curvesOf(model);
    const progress = /** @type {import('./told.js').Progress} */ (model.get('progress'));
    const training = thinned(losses, POINTS);
    return html`
      <p>${sentence(progress, accuracies.values.at(-1))}</p>
      <div class="charts">
        <section>
          <h2>Read right</h2>
          <glass-lines .curves=${new Map([['', { steps: [], values: [] }], [progress.split, accuracies]])} .words=${(/** @type {number} */ value) => percent(value)} label=${`Share of the ${progress.split} examples that are read right, by step`}></glass-lines>
          <p class="keys small muted"><span><i class="key test"></i>${progress.split} examples</span></p>
        </section>
        <section>
          <h2>Loss</h2>
          <glass-lines logarithmic .curves=${new Map([['training', training], [progress.split, tested]])} .words=${short} label=${`Loss by step: of the training batches, averaged, and of the ${progress.split} examples`}></glass-lines>
          <p class="keys small muted"><span><i class="key"></i>training batches, averaged</span><span><i class="key test"></i>${progress.split} examples</span></p>
        </section>
      </div>
      ${this.network()}
    `;
  }
}

/** @param {import('./told.js').Progress} progress @param {number|undefined} accuracy */
function sentence({ state, reason, step, steps, epoch, split, data }, accuracy) {
  const words = { waiting: 'It has not begun', going: `It is in epoch ${count(epoch + 1)}`, resting: 'It rests', ended: `It has ended: ${reason}` }[state];
  const right = accuracy === undefined ? '' : html` <strong>${percent(accuracy, 2)}</strong> of the ${split} examples of ${data} are read right.`;
  return html`${words}; ${count(step)} of ${count(steps)} steps are taken.${right}`;
}

customElements.define('glass-run', GlassRun);
