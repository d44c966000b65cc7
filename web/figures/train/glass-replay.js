/**
 * Says that what is shown is a recording, and where in it; plays it, stops it, and goes to any of
 * its snapshots.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { count } from '../../models/words.js';

export class GlassReplay extends SignalWatcher(LitElement) {
  static properties = { replay: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--space-3);
        line-height: 1.3;
      }

      .where {
        min-width: 14.5em; /* of the longest, so that the rest stands still */
      }

      button {
        min-height: 28px;
        padding: 0 var(--space-2);
        font-size: var(--size-small);
      }

      input {
        flex: 1 1 140px;
        min-width: 0;
        min-height: 0;
        height: 16px;
        margin: 0;
        padding: 0;
        accent-color: var(--accent);
      }

      @media (max-width: 719px) {
        .where {
          flex-basis: 100%;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../models/recorded.js').Replay|null} */
    this.replay = null;
  }

  render() {
    const { replay } = this;
    const recording = replay?.recording.value;
    if (!replay || !recording) return nothing;
    const at = replay.at.value;
    const where = `step ${count(recording.snapshots[at])} of ${count(recording.steps)}`;
    const playing = replay.playing.value;
    return html`
      <span class="small where">Recorded run, ${where}</span>
      <button class="quiet" @click=${() => (playing ? replay.pause() : replay.play())}>${playing ? 'Hold' : 'Play'} the recording</button>
      <input
        type="range"
        aria-label="Recorded step"
        aria-valuetext=${where}
        max=${recording.snapshots.length - 1}
        .value=${String(at)}
        @input=${(/** @type {Event} */ event) => this.#go(replay, /** @type {HTMLInputElement} */ (event.target))}
      />
    `;
  }

  /** What does not come leaves the slider where it was. @param {import('../../models/recorded.js').Replay} replay @param {HTMLInputElement} slider */
  async #go(replay, slider) {
    await replay.go(Number(slider.value));
    slider.value = String(replay.at.value);
  }
}

customElements.define('glass-replay', GlassReplay);
