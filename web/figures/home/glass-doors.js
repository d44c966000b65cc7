/**
 * Three ways further, each of which shows what is behind it: the map of all digits in colours, the
 * worst mistakes of a network, the race of engines.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { signal } from '@preact/signals-core';
import { css, html, LitElement, nothing } from 'lit';
import { fetchDoors } from '../../data/doors.js';
import { css as colour } from '../../draw/colour.js';
import { figure } from '../../kit/figure.js';
import '../../kit/glass-thumb.js';
import { controls, shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { ends } from '../../models/recorded-race.js';
import { count, percent } from '../../models/words.js';
import { pageAt, places } from '../../wire/places.js';

/** @typedef {import('../../data/doors.js').Doors} Doors */

/** The largest coordinate. */
const FULL = 65_535;

export class GlassDoors extends SignalWatcher(LitElement) {
  static styles = [
    figure,
    shared,
    controls,
    css`
      .doors {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(280px, 1fr));
        gap: var(--space-6);
      }

      section {
        display: grid;
        grid-template-rows: auto 1fr auto;
        gap: var(--space-2);
      }

      h2 {
        margin: 0;
        font-size: var(--size-text);
        font-weight: 600;
      }

      h2 a {
        color: var(--ink);
        text-decoration: none;
      }

      h2 a:hover {
        color: var(--accent);
      }

      p {
        margin: 0;
        font-size: var(--size-small);
        color: var(--muted);
      }

      .map {
        display: block;
        height: 232px;
      }

      .map canvas {
        height: 100%;
      }

      .worst {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        align-content: start;
        --thumb-note: var(--ink);
      }

      .bars {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: var(--space-3) var(--space-2);
        align-content: center;
        align-items: center;
        font-size: var(--size-small);
      }

      .bars svg {
        width: 100%;
        height: 12px;
        fill: var(--positive);
      }

      .bars rect.track {
        fill: var(--zero);
      }
    `,
  ];

  #doors = signal(/** @type {Doors|null} */ (null));
  /** What each engine did in the recorded race. */
  #race = ends();
  #closed = new AbortController();
  #surface = new Surface(
    this,
    () => /** @type {HTMLCanvasElement|null} */ (this.renderRoot?.querySelector('.map canvas')),
    (context, size, palette) => this.#draw(context, size, palette),
  );

  connectedCallback() {
    super.connectedCallback();
    this.#closed = new AbortController();
    void this.#open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#closed.abort();
  }

  /** Without them there are the words and the links, which lead to pages that tell what is wrong. */
  async #open() {
    try {
      this.#doors.value = await fetchDoors(places().model, this.#closed.signal);
    } catch (error) {
      if (!this.#closed.signal.aborted) console.info('glassnet: the pictures of the doors did not come.', error);
    }
  }

  updated() {
    this.#surface.invalidate();
  }

  render() {
    const doors = this.#doors.value;
    return html`<div class="doors">
      <section>
        <h2><a href=${pageAt('browse.html')}>${doors ? `All ${count(doors.count)}` : 'All'} digits on one map →</a></h2>
        <a class="map" href=${pageAt('browse.html')} aria-label="The map of all digits"><canvas role="img" aria-label="A map on which digits that look alike lie close together, in ten colours"></canvas></a>
        <p>Each point is a digit in the colour of its label; those that look alike lie close together.</p>
      </section>
      <section>
        <h2><a href=${pageAt('browse.html?find=wrong+test&sort=loss&down=on&shape=grid')}>A network’s worst mistakes →</a></h2>
        <div class="worst">
          ${doors?.worst.map(
            ({ index, label, read, pixels }) => html`<glass-thumb
              .digit=${index}
              .pixels=${pixels}
              .shape=${doors.shape}
              .words=${`Test digit ${index}: labelled ${label}, read as ${read}`}
              .note=${`${label}→${read}`}
              @choose=${() => location.assign(pageAt(`browse.html?digit=test-${index}&panel=digit&find=wrong+test&sort=loss&down=on&shape=grid`))}
            ></glass-thumb>`,
          ) ?? nothing}
        </div>
        <p>${doors ? `It reads ${percent(doors.accuracy, 1)} of the test digits right. ` : ''}Some of these it cannot be blamed for.</p>
      </section>
      <section>
        <h2><a href=${pageAt('race.html')}>Three engines race →</a></h2>
        <div class="bars">
          ${this.#race.map(
            ({ engine, speed, share }) => html`<span>${engine}</span>
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"></rect><rect width=${100 * share} height="10"></rect></svg>
              <span>${count(speed)}</span>`,
          )}
        </div>
        <p>Digits a second of the same network on hand-written loops, on numpy and on our kernel: <strong>${count(this.#race[2].speed / this.#race[0].speed)} ×</strong> (recorded).</p>
      </section>
    </div>`;
  }

  /** @param {CanvasRenderingContext2D} context @param {import('../../kit/surface.js').Size} size @param {import('../../kit/palette.js').Palette} palette */
  #draw(context, { width, height, scale }, palette) {
    const doors = this.#doors.peek();
    context.clearRect(0, 0, width, height);
    if (!doors) return;
    const { points, labels } = doors;
    const edge = 1.5 * scale;
    const side = Math.min(width, height) - 2 * edge;
    const [left, top] = [(width - side) / 2, (height - side) / 2];
    for (const [label, hue] of palette.classes.entries()) {
      context.fillStyle = colour(hue);
      for (let k = 0; k < labels.length; k++) {
        if (labels[k] === label) context.fillRect(left + (points[2 * k] / FULL) * side, top + (points[2 * k + 1] / FULL) * side, edge, edge);
      }
    }
  }
}

customElements.define('glass-doors', GlassDoors);
