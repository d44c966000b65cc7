/**
 * One digit: large, with the value under the pointer; where it comes from; what the shipped network
 * makes of it; which digits are most like it; and ways to take it along.
 *
 * @module
 */

import { html, LitElement, nothing } from 'lit';
import { placeOf } from '../../data/examples.js';
import { plainRamp } from '../../draw/colour.js';
import { drawDigit } from '../../draw/digits.js';
import '../../kit/glass-thumb.js';
import { controls, shared } from '../../kit/styles.js';
import { Surface } from '../../kit/surface.js';
import { count, percent } from '../../models/words.js';
import { labelled, nameOf } from '../../models/describe.js';
import { doubt } from '../../models/doubt.js';
import { pageAt } from '../../wire/places.js';
import { look } from './example-look.js';
import './glass-take.js';

/**
 * @typedef {import('../../data/examples.js').About} About
 * @typedef {import('../../data/words.js').Columns} Columns
 */

/** Bytes before the pixels and the labels of an IDX file. */
const [IMAGES_HEAD, LABELS_HEAD] = [16, 8];
/** Pixels of the page that the large picture may take, on a wide drawer and on a narrow one. */
const [ROOM, NARROW_ROOM] = [336, 168];

/**
 * @fires choose with `detail` the id of a digit that is to be looked at instead
 * @fires find with `detail` a search
 */
export class GlassExample extends LitElement {
  static properties = {
    digit: { type: Number },
    here: { type: Boolean },
    about: { attribute: false },
    columns: { attribute: false },
    complete: { type: Boolean },
    facts: { attribute: false },
    pixels: { attribute: false },
    outputs: { attribute: false },
    reader: { type: String },
    near: { attribute: false },
    unlike: { attribute: false },
    describe: { attribute: false },
    pointed: { state: true },
  };

  static styles = [shared, controls, look];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('.large canvas'),
    (context, size, palette) => {
      if (!this.pixels) return;
      const { rows, columns } = this.#shape;
      drawDigit(context, this.pixels, { ...size, rows, columns, full: 255 }, plainRamp(palette.pixelZero, palette.pixelOne));
      if (!this.pointed) return;
      const pixel = size.width / columns;
      context.strokeStyle = 'currentColor';
      context.lineWidth = 2 * size.scale;
      context.strokeStyle = `rgb(${palette.positive.join(' ')})`;
      context.strokeRect(this.pointed.column * pixel, this.pointed.row * pixel, pixel, pixel);
    },
  );

  constructor() {
    super();
    /** Its id; -1 if none is chosen. */
    this.digit = -1;
    /** Whether its pixels and label have arrived. */
    this.here = false;
    /** @type {About|null} */
    this.about = null;
    /** @type {Columns|null} */
    this.columns = null;
    /** Whether all digits have arrived. */
    this.complete = false;
    /** @type {import('../../data/facts.js').Facts|null} */
    this.facts = null;
    /** @type {Uint8Array|null} */
    this.pixels = null;
    /** @type {Float32Array|null} of the network that reads */
    this.outputs = null;
    /** Which network that is, in words. */
    this.reader = 'the shipped network';
    /** @type {import('../../models/close-up.js').Near|null} */
    this.near = null;
    /** @type {import('../../models/close-up.js').Near|null} those with another label */
    this.unlike = null;
    /** Any digit in words. @type {(id: number) => string} */
    this.describe = () => '';
    /** @type {{row: number, column: number}|null} the pixel whose value is read */
    this.pointed = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('digit') || changed.has('about')) this.pointed = null;
  }

  updated() {
    const [canvas, about] = [/** @type {HTMLCanvasElement|null} */ (this.renderRoot.querySelector('.large canvas')), this.about];
    if (canvas && about) {
      const { width, height } = largeSize(about);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    this.#surface.invalidate();
  }

  render() {
    const { about, columns, digit: id, near, unlike } = this;
    if (!about || !columns || id < 0) return html`<h2>Nothing chosen</h2><p>Choose one on the wall.</p>`;
    const { split, index } = placeOf(about, id);
    const name = nameOf(about, id);
    if (!this.here) return html`<h2>${name}</h2><p>It is on its way.</p>`;
    const label = about.classes[columns.label[id]];
    return html`
      <h2>${name}, ${labelled(label)}</h2>
      <div class="close-up">
        <div class="large">
          <canvas
            role="img"
            tabindex="0"
            aria-label=${`${name}, ${labelled(label)}, ${about.rows} by ${about.columns} pixels. Arrow keys read the values.`}
            @pointermove=${this.#onPoint}
            @pointerdown=${this.#onPoint}
            @pointerleave=${() => void (this.pointed = null)}
            @keydown=${this.#onKey}
          ></canvas>
        </div>
        <p class="read small" role="status">${this.#read()}</p>
        <glass-take .about=${about} .digit=${id} .pixels=${this.pixels} .words=${this.describe(id)}>
          ${about.facts ? html`<a href=${pageAt(`network.html?${this.reader.includes('shipped') ? '' : 'model=run&'}digit=${index}${split === 'train' ? '&split=train' : ''}`)}>Look inside</a>` : nothing}
        </glass-take>
      </div>
      <slot name="compare"></slot>
      ${this.#network(about, columns, id)}
      <h3>Most like it</h3>
      ${near ? this.#thumbs(about, near) : html`<p class="small muted">${this.complete ? 'Comparing with all others.' : 'The others are still arriving.'}</p>`}
      ${near ? html`<p class="small muted">The number is the distance: the root of the summed squares of the pixels’ differences, ink from 0 to 1.</p>` : nothing}
      ${unlike?.ids.length ? html`<h3>Most like it, with another label</h3>${this.#thumbs(about, unlike)}` : nothing}
      <h3>Where it comes from</h3>
      <p class="small">
        ${about.title}${about.source ? `; ${about.source}` : ''}. ${this.#bytes(about, id)}
        ${columns.ink ? html`Ink ${columns.ink[id].toFixed(3)}, likeness to its class’s mean ${columns.similarity?.[id].toFixed(3)}.` : nothing}
      </p>
      ${columns.writer ? this.#hand(columns.writer, id) : nothing}
    `;
  }

  /** Who wrote it. @param {Uint16Array} writers by id @param {number} id */
  #hand(writers, id) {
    const writer = writers[id];
    const all = writers.reduce((sum, one) => sum + Number(one === writer), 0);
    return html`<p class="small row">Written by writer ${writer}. <button @click=${() => this.dispatchEvent(new CustomEvent('find', { detail: `writer:${writer}` }))}>All of this hand (${count(all)})</button></p>`;
  }

  /** @param {About} about @param {import('../../models/close-up.js').Near} near */
  #thumbs(about, { ids, images, distances }) {
    const area = about.rows * about.columns;
    return html`<div class="near">
      ${Array.from(ids, (other, k) => html`<glass-thumb
        .digit=${other}
        .pixels=${images.subarray(k * area, (k + 1) * area)}
        .shape=${about}
        .words=${this.describe(other)}
        .note=${`${about.classes[this.columns?.label[other] ?? 0]} · ${distances[k].toFixed(1)}`}
        @choose=${() => this.dispatchEvent(new CustomEvent('choose', { detail: other }))}
      ></glass-thumb>`)}
    </div>`;
  }

  /** @param {About} about @param {Columns} columns @param {number} id */
  #network(about, columns, id) {
    const { outputs, facts } = this;
    if (!facts && !outputs) return html`<h3>What the network reads</h3><p class="small">${!about.facts ? 'The shipped network has not read this set: it learned MNIST’s digits.' : 'What the shipped network reads is not here.'}</p>`;
    if (!outputs) return nothing;
    const most = outputs.indexOf(Math.max(...outputs));
    const label = columns.label[id];
    return html`
      <h3>What ${this.reader} reads: ${about.classes[most]}${most === label ? '' : html` <span class="muted">✗ labelled ${about.classes[label]}</span>`}</h3>
      <table>
        <tbody>
          ${Array.from(outputs, (value, k) => html`<tr class=${k === most ? 'most' : ''}>
            <th scope="row">${about.classes[k]}</th>
            <td><meter min="0" max="1" value=${value} aria-label=${`Output ${about.classes[k]}`}></meter></td>
            <td>${value.toFixed(3)}</td>
          </tr>`)}
        </tbody>
      </table>
      <p class="small muted">
        Loss ${columns.loss?.[id].toFixed(4)}. ${facts && this.reader.includes('shipped')
          ? html`Ten sigmoid outputs; they need not add up to 1. The network has 36 hidden units, learned for ${facts.epochs} epochs when this site was built, and reads ${percent(facts.accuracy, 1)} of the test digits right.`
          : nothing}
      </p>
      ${this.#doubt(about, columns, id, outputs)} ${this.#confusions(about, columns, label, most)}
    `;
  }

  /** Whether its label may be wrong, and why. @param {About} about @param {Columns} columns @param {number} id @param {Float32Array} outputs */
  #doubt(about, columns, id, outputs) {
    const told = doubt(about, columns, id, outputs, this.near?.ids ?? null);
    return told ? html`<p class="small"><strong>${told.likely ? 'The label may be wrong.' : 'Misread.'}</strong> ${told.reasons.join(' ')}</p>` : nothing;
  }

  /** Where in the IDX files it lies. @param {import('../../data/examples.js').About} about @param {number} id */
  #bytes(about, id) {
    const { index } = placeOf(about, id);
    const { files } = about.parts.find(({ start, count: size }) => id >= start && id < start + size) ?? {};
    if (!files) return nothing;
    const area = about.rows * about.columns;
    const first = IMAGES_HEAD + index * area;
    const label = files.labels ? html`; label: byte ${count(LABELS_HEAD + index)} of <code>${unpacked(files.labels)}</code>` : nothing;
    return html`Pixels: bytes ${count(first)} to ${count(first + area - 1)} of <code>${unpacked(files.images)}</code>${label}.`;
  }

  /**
   * What digits with this label are most often taken for.
   *
   * @param {About} about
   * @param {Columns} columns
   * @param {number} label
   * @param {number} most
   */
  #confusions(about, { prediction, label: labels }, label, most) {
    if (!prediction || !this.complete) return nothing;
    const counts = new Uint32Array(about.classes.length);
    for (let id = 0; id < labels.length; id++) if (labels[id] === label && prediction[id] !== label) counts[prediction[id]] += 1;
    const order = Array.from(counts, (_, k) => k).sort((a, b) => counts[b] - counts[a]);
    const shown = order.filter((k, place) => counts[k] > 0 && (place < 3 || k === most));
    if (!shown.length) return nothing;
    return html`<p class="small row">
      A ${about.classes[label]} is most often misread as
      ${shown.map((k) => html`<button @click=${() => this.dispatchEvent(new CustomEvent('find', { detail: `label:${about.classes[label]} pred:${about.classes[k]}` }))}>${about.classes[k]} (${count(counts[k])})</button>`)}
    </p>`;
  }

  #read() {
    const { pointed, pixels } = this;
    const { columns } = this.#shape;
    if (!pointed || !pixels) return 'Point at a pixel to read its value.';
    return `Row ${pointed.row}, column ${pointed.column}: ${pixels[pointed.row * columns + pointed.column]}`;
  }

  /** @param {PointerEvent} event */
  #onPoint(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const { rows, columns } = this.#shape;
    this.#pointAt(Math.floor(((event.clientY - box.top) / box.height) * rows), Math.floor(((event.clientX - box.left) / box.width) * columns));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const move = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] })[event.key];
    if (!move) return;
    event.preventDefault();
    const { rows, columns } = this.#shape;
    const { row, column } = this.pointed ?? { row: (rows >> 1) - 1, column: (columns >> 1) - 1 };
    this.#pointAt(row + move[0], column + move[1]);
  }

  /** @param {number} row @param {number} column those beyond an edge are at it */
  #pointAt(row, column) {
    const { rows, columns } = this.#shape;
    this.pointed = { row: Math.min(rows - 1, Math.max(0, row)), column: Math.min(columns - 1, Math.max(0, column)) };
  }

  get #shape() {
    return this.about ?? { rows: 28, columns: 28 };
  }
}

/** As large as there is room; where a pixel can be larger than the page's, all are of the same whole size. @param {{rows: number, columns: number}} shape */
function largeSize({ rows, columns }) {
  const times = (matchMedia('(max-width: 559px)').matches ? NARROW_ROOM : ROOM) / Math.max(rows, columns);
  const pixel = times < 1 ? times : Math.floor(times);
  return { width: columns * pixel, height: rows * pixel };
}

/** @param {string} file */
function unpacked(file) {
  return file.replace(/\.gz$/i, '');
}

customElements.define('glass-example', GlassExample);
