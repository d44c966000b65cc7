/**
 * The set as a whole, or what is found of it: how many of each class, what they look like on
 * average and how much they differ, how often each grey occurs, and which labels look wrong.
 *
 * @module
 */

import { SignalWatcher } from '@lit-labs/preact-signals';
import { css, html, LitElement, nothing, svg } from 'lit';
import { UNLABELLED } from '../../data/examples.js';
import { plainRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import { paletteAt, scheme } from '../../kit/palette.js';
import '../../kit/glass-thumb.js';
import { controls, shared } from '../../kit/styles.js';
import { count, percent } from '../../models/words.js';

/** @typedef {import('../../models/collection.js').Collection} Collection */
/** @typedef {import('../../pictures/protocol.js').ClassFigures} ClassFigures */

/** @fires choose-files when files of another set are to be chosen */
export class GlassSet extends SignalWatcher(LitElement) {
  static properties = { collection: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      h2 {
        margin: 0;
        font-size: var(--size-large);
        line-height: 1.2;
      }

      h3 {
        margin: var(--space-4) 0 var(--space-1);
        font-size: var(--size-text);
      }

      p {
        margin: var(--space-1) 0;
      }

      table {
        width: 100%;
      }

      a {
        color: var(--accent);
      }

      td canvas {
        width: 56px;
        height: 56px;
        border: 1px solid var(--hairline);
        margin-left: auto;
      }

      svg {
        width: 100%;
        height: 80px;
        display: block;
        fill: var(--muted);
        border-bottom: 1px solid var(--line);
      }

      .doubtful {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
        gap: var(--space-2);
        list-style: none;
        padding: 0;
        margin: var(--space-2) 0;
      }

      .doubtful li {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        font-size: var(--size-small);
        line-height: 1.3;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Collection|null} */
    this.collection = null;
  }

  get figures() {
    return this.collection?.figures.measured.value ?? null;
  }

  updated() {
    const { figures } = this;
    scheme.value;
    if (!figures) return;
    const { pixelZero, pixelOne } = paletteAt(this);
    const ramp = plainRamp(pixelZero, pixelOne);
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (this.renderRoot.querySelectorAll('td canvas'))) {
      const values = figures[/** @type {'means'|'deviations'} */ (canvas.dataset.what)];
      const { rows, columns } = figures;
      const from = Number(canvas.dataset.label) * rows * columns;
      const context = canvas.getContext('2d');
      if (context) drawDigit(context, values.subarray(from, from + rows * columns), { width: 112, height: 112, rows, columns, full: 255 }, ramp);
    }
  }

  render() {
    const { collection, figures } = this;
    const about = collection?.about.value;
    if (!collection || !about) return nothing;
    if (!figures) return html`<h2>The set</h2><p>${collection.complete.value ? 'Measuring.' : `The ${about.noun}s are still arriving.`}</p>`;
    const ids = collection.found.value.ids;
    const total = figures.counts.reduce((sum, one) => sum + one, 0);
    const whole = ids.length === about.count;
    return html`
      <h2>${whole ? about.title : `${count(ids.length)} found ${about.noun}s`}</h2>
      <p class="small muted">${whole ? about.parts.map(({ name, count: size }) => `${count(size)} ${name === 'test' ? 'test' : 'training'} ${about.noun}s`).join(', ') : `of ${about.title}`}; ${about.rows} × ${about.columns} pixels</p>
      ${about.remarks.map((remark) => html`<p class="small">${remark}</p>`)} ${about.name === 'own' ? this.#own(about) : nothing}
      <table>
        <thead>
          <tr><th scope="col">label</th><th scope="col">${about.noun}s</th><th scope="col">mean</th><th scope="col">spread</th></tr>
        </thead>
        <tbody>
          ${about.classes.map((name, label) => html`<tr>
            <th scope="row">${name}${name === String(label) ? nothing : html`<br /><span class="muted">y = ${label}</span>`}</th>
            <td>${count(figures.counts[label])}<br /><span class="muted">${percent(figures.counts[label] / Math.max(1, total), 1)}</span></td>
            <td><canvas width="112" height="112" data-what="means" data-label=${label} role="img" aria-label=${`Mean of the ${about.noun}s labelled ${name}`}></canvas></td>
            <td><canvas width="112" height="112" data-what="deviations" data-label=${label} role="img" aria-label=${`Standard deviation of each pixel of the ${about.noun}s labelled ${name}`}></canvas></td>
          </tr>`)}
        </tbody>
      </table>
      <p class="small muted">Mean and standard deviation of each pixel, both from 0 (paper) to 255.</p>
      ${this.#histogram(figures)} ${this.#doubtful(collection)}
      <h3>Other sets</h3>
      <p class="small">Fashion-MNIST, KMNIST, QMNIST and EMNIST open here by their own files, and are known by them, their classes by name: drop them on the page, or <button @click=${() => this.dispatchEvent(new CustomEvent('choose-files'))}>choose files</button>. They stay in this tab.</p>
    `;
  }

  /** What can be done about files of one's own. @param {import('../../data/examples.js').About} about */
  #own({ classes }) {
    const numbered = classes.every((name) => /^\d+$/.test(name) || name === UNLABELLED);
    return html`<p class="small">
      ${numbered && classes[0] !== UNLABELLED ? html`The classes have numbers only: drop a text file (.txt) with the name of a class on each line to name them. ` : nothing}<a href="browse.html">Back to MNIST</a>
    </p>`;
  }

  /** @param {ClassFigures} figures */
  #histogram({ histogram }) {
    const total = histogram.reduce((sum, one) => sum + one, 0) || 1;
    const inked = Array.from({ length: 32 }, (_, k) => histogram.subarray(k * 8, k * 8 + 8).reduce((sum, one) => sum + one, 0) - (k ? 0 : histogram[0]));
    const most = Math.max(1, ...inked);
    return html`<h3>How dark the pixels are</h3>
      <p class="small">${percent(histogram[0] / total, 1)} of all pixels are 0, blank paper; ${percent(histogram[255] / total, 1)} are 255. Of the others:</p>
      <svg viewBox="0 0 320 100" preserveAspectRatio="none" role="img" aria-label="Histogram of the pixel values from 1 to 255">
        ${inked.map((value, k) => svgBar(k, (100 * value) / most))}
      </svg>
      <p class="small muted">1 on the left, 255 on the right, 8 values a bar; the tallest is ${count(most)} pixels.</p>`;
  }

  /** @param {Collection} collection */
  #doubtful(collection) {
    const [about, columns] = [collection.about.value, collection.columns.value];
    if (!about) return nothing;
    if (!about.facts) return html`<h3>Labels that may be wrong</h3><p class="small">They are those that the shipped network disagrees with; it has read only the digits that this site ships.</p>`;
    if (!columns?.loss || !columns.prediction || !columns.confidence) return nothing;
    const { loss, prediction, confidence, label } = columns;
    const { ids, images } = collection.figures.doubtful.value ?? { ids: [], images: new Uint8Array(0) };
    const area = about.rows * about.columns;
    return html`<h3>Labels that may be wrong</h3>
      <p class="small">The shipped network is surest that these are something else: highest loss first. Some are label errors; some are the network’s.</p>
      <ul class="doubtful">
        ${Array.from(ids, (id, k) => html`<li>
          <glass-thumb
            .digit=${id}
            .pixels=${images.subarray(k * area, (k + 1) * area)}
            .shape=${about}
            .words=${collection.describe(id)}
            @choose=${() => collection.choose(id)}
          ></glass-thumb>
          <span>labelled <strong>${about.classes[label[id]]}</strong>, read as <strong>${about.classes[prediction[id]]}</strong> with ${confidence[id].toFixed(2)}; loss ${loss[id].toFixed(2)}</span>
        </li>`)}
      </ul>`;
  }
}

/** @param {number} k @param {number} height 0..100 */
function svgBar(k, height) {
  return svg`<rect x=${k * 10 + 0.5} y=${100 - height} width="9" height=${height}></rect>`;
}

customElements.define('glass-set', GlassSet);
