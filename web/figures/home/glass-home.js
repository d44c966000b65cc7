/**
 * A network in the visitor's hand: the recorded run, with a slider through its steps, reading what
 * is on the paper. Nothing is computed by Python here, and nothing but the recording is fetched.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { signal } from '@preact/signals-core';
import { css, html, LitElement, nothing } from 'lit';
import { firstTask } from '../../kit/first-task.js';
import { figure } from '../../kit/figure.js';
import { Public } from '../../kit/public.js';
import '../../kit/glass-status.js';
import { controls, shared } from '../../kit/styles.js';
import { Training } from '../../models/training.js';
import { percent } from '../../models/words.js';
import { TABLE } from '../../state/table.js';
import { pageAt, places } from '../../wire/places.js';
import '../forward/glass-forward.js';
import '../strip/glass-strip.js';
import '../train/glass-replay.js';

/** A three, as it is drawn on the paper. */
const THREE = 'BUNMFGNaTTTaaaahahawpvnmmmsrrqjdddVWWehaaibhahhwonvnmmmmlllqlkdddddWWVWVWPPPPPPI';
const STAGE = { still: () => matchMedia('(prefers-reduced-motion: reduce)').matches, hidden: () => document.hidden };

export class GlassHome extends SignalWatcher(LitElement) {
  static styles = [
    figure,
    shared,
    controls,
    css`
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3) var(--space-6);
        margin-top: var(--space-3);
      }

      glass-replay {
        flex: 1 1 420px;
      }

      glass-strip {
        margin-top: var(--space-3);
      }

      .foot p {
        margin: 0;
      }

      .go {
        display: inline-block;
        padding: var(--space-2) var(--space-4);
        border-radius: var(--radius);
        background: var(--accent);
        color: var(--on-accent);
        text-decoration: none;
        font-weight: 600;
      }

      .go:hover {
        background: var(--accent-over);
      }
    `,
  ];

  static properties = { settings: { attribute: false }, brief: { type: Boolean } };

  #public = new Public(this, TABLE);
  /** @type {Training|null} */
  #training = null;
  #seen = new IntersectionObserver((entries) => this.#training?.look(entries[entries.length - 1].isIntersecting));

  constructor() {
    super();
    /** Of a page that has them; else those of its attributes. @type {import('../../state/settings.js').Settings|null} */
    this.settings = null;
    /** Whether it gets by with little data until it is touched. */
    this.brief = false;
  }

  /** What it shows; null while it stands on no page. */
  get training() {
    return this.#training;
  }

  async scheduleUpdate() {
    await firstTask(this);
    super.scheduleUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    const settings = (this.settings ??= this.#public.settings());
    // What one sees first is read, and can be drawn over; of the weights, what training has changed.
    if (!settings.toQuery()) {
      settings.set('drawing', THREE);
      settings.set('view', 'changed');
    }
    this.#training = new Training(settings, places(), signal(''), { ...STAGE, curves: false, brief: () => this.brief });
    void this.#training.open();
    this.#seen.observe(this);
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#seen.disconnect();
    this.#training?.close();
    this.#training = null;
  }

  render() {
    const { settings } = this;
    const training = this.#training;
    if (!training || !settings) return html`<slot></slot>`;
    const { supply, interpreter, looked, replay, first } = training;
    const failures = interpreter.failures.value;
    this.#public.say(failures.length ? 'failed' : training.recorded.value ? 'ready' : 'loading', failures[0]?.message);
    const last = replay.history.value.evaluations.at(-1);
    const look = looked.look.value;
    const drawing = look.drawing;
    const link = pageAt(drawing ? `train.html?drawing=${drawing}` : `train.html?digit=${looked.chosen.value.index}`);
    return html`
      ${failures.length ? html`<glass-status .failures=${failures} .notes=${[]} @retry=${() => void training.retry()}></glass-status>` : nothing}
      <glass-forward
        bare
        .frame=${training.recorded.value}
        .digits=${supply.digits.value}
        .look=${look}
        .looked=${looked}
        .first=${first.weights.value}
        .view=${settings.get('view')}
      ></glass-forward>
      <div class="foot">
        <glass-replay class="screen" .replay=${replay}></glass-replay>
        <p>${last ? html`<strong>${percent(last.accuracy, 1)}</strong> of the test digits right` : 'not tested yet'}</p>
        <a class="go screen" href=${link}>Train it yourself</a>
      </div>
      <glass-strip
        class="screen"
        quiet
        .digits=${supply.arrived.value ? supply.digits.value : null}
        .arrived=${supply.arrived.value}
        .rows=${2}
        .selected=${look.split === 'test' && !look.drawing ? look.index : -1}
        @pick=${(/** @type {CustomEvent} */ event) => looked.choose('test', event.detail.index)}
      ></glass-strip>
    `;
  }
}

customElements.define('glass-home', GlassHome);
