/**
 * The wall: all found digits on one plane, from the whole set as a texture to single pixels with
 * their values. Pointer, wheel, pinch and keys move over it; the chosen digit is an option of a
 * list box, so that it is announced in words.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { batch } from '@preact/signals-core';
import { css as colour, mix, plainRamp } from '../../draw/colour.js';
import { fit, seen, toPlane, toWindow, within, zoom } from '../../draw/camera.js';
import { drawFrames, drawHairlines, drawHeadings, drawLabels, drawValues } from '../../draw/plane-marks.js';
import { Follow } from '../follow.js';
import { shared } from '../styles.js';
import { Surface } from '../surface.js';
import { count } from '../words.js';
import { Changeover } from './changeover.js';
import { describe } from './describe.js';
import { Finder } from './finder.js';
import { Gestures } from './gestures.js';
import { Tiles } from './tiles.js';

/**
 * @typedef {import('./browser.js').Browser} Browser
 * @typedef {import('../../draw/camera.js').Camera} Camera
 * @typedef {import('../surface.js').Size} Size
 * @typedef {import('../palette.js').Palette} Palette
 */

/** Pixels a digit from which there are hairlines, labels, values. */
const [HAIRLINES, LABELS, VALUES] = [36, 84, 28 * 20];
const RELAYOUT_MS = 600;
/** Room above for headings. */
const HEAD = 34;
const MOVES = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

/** @fires open when a digit is to be looked at closely (Enter, or a pick) */
export class GlassPlane extends LitElement {
  static properties = { browser: { attribute: false }, selecting: { type: Boolean }, hovered: { state: true }, rectangle: { state: true } };

  static styles = [
    shared,
    css`
      :host {
        position: relative;
        overflow: hidden;
        background: var(--pixel-zero);
      }

      [role='listbox'] {
        position: absolute;
        inset: 0;
        touch-action: none;
        cursor: grab;
        outline-offset: -3px;
      }

      [role='listbox'][data-held] {
        cursor: grabbing;
      }

      :host([selecting]) [role='listbox'] {
        cursor: crosshair;
      }

      canvas {
        height: 100%;
        border-radius: 0;
      }

      .label {
        position: absolute;
        left: 0;
        top: 0;
        margin: 0;
        padding: 2px 8px;
        max-width: calc(100% - 8px);
        background: var(--page);
        border: 1px solid var(--hairline);
        border-radius: var(--radius);
        box-shadow: var(--shadow);
        font-size: var(--size-small);
        pointer-events: none;
      }

      .rectangle {
        position: absolute;
        left: 0;
        top: 0;
        border: 1px solid var(--accent);
        background: color-mix(in srgb, var(--accent) 14%, transparent);
        pointer-events: none;
      }
    `,
  ];

  #surface = new Surface(
    this,
    () => this.renderRoot?.querySelector('canvas'),
    (context, size, palette) => this.#draw(context, size, palette),
    () => this.#resize(),
  );
  /** @type {Tiles|null} */
  #tiles = null;
  /** @type {Changeover|null} */
  #change = null;
  /** @type {Gestures|null} */
  #gestures = null;
  /** @type {Finder|null} */
  #finder = null;
  #version = 0;
  #fresh = '';
  /** @type {Palette|null} whose colours the worker has */
  #palette = null;
  /** Where one looks. @type {Camera} */
  #camera = { x: 0, y: 0, edge: 1 };
  /** Pixels of digits that are in sight at the closest zoom, by id. @type {Map<number, Uint8Array>} */
  #close = new Map();
  #font = 'system-ui, sans-serif';

  constructor() {
    super();
    /** @type {Browser|null} */
    this.browser = null;
    /** Whether a drag selects instead of moving. */
    this.selecting = false;
    /** @type {{id: number, left: number, top: number}|null} the digit under the pointer */
    this.hovered = null;
    /** @type {{left: number, top: number, width: number, height: number}|null} */
    this.rectangle = null;
    this.follow = new Follow(this, () => this.#read());
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.#listen();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#gestures?.release();
    this.#gestures = null;
  }

  firstUpdated() {
    this.#listen();
  }

  #listen() {
    this.#gestures = new Gestures(/** @type {HTMLElement} */ (this.renderRoot.querySelector('[role=listbox]')), {
      move: (dx, dy) => this.#look({ ...this.#camera, x: this.#camera.x - dx / this.#camera.edge, y: this.#camera.y - dy / this.#camera.edge }),
      zoom: (factor, about) => this.#look(zoom(this.#camera, factor, about, this.#plane, this.#window)),
      point: (spot) => this.#point(spot),
      pick: (spot, keys) => this.#pick(spot, keys),
      rectangle: (from, to, done) => this.#select(from, to, done),
      selecting: () => this.selecting,
    });
  }

  /** All that a render or a drawing depends on. */
  #read() {
    const { browser } = this;
    if (!browser) return;
    const { settings, arrangement, chosen, settled, arrived, selected, about } = browser;
    for (const one of [chosen, settled, arrived, selected, about]) one.value;
    for (const name of /** @type {const} */ (['x', 'y', 'size'])) settings.get(name);
    if (this.#finder?.arrangement !== arrangement.value) this.#rearrange();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('browser') || !this.browser) return;
    const draw = () => this.#surface.invalidate();
    this.#tiles = new Tiles(this.browser.wall, draw);
    this.#change = new Changeover(this.browser.wall, draw);
    this.#font = getComputedStyle(this).fontFamily;
    this.follow.again();
  }

  updated() {
    const { browser } = this;
    if (!browser) return;
    const fresh = [browser.settled.value, browser.arrived.value, browser.selected.value.length, browser.selected.value[0]].join();
    if (fresh !== this.#fresh) this.#tiles?.refresh();
    this.#fresh = fresh;
    if (!this.#change?.running) this.#camera = this.#wanted();
    this.#surface.invalidate();
    this.#place();
  }

  render() {
    const { browser, hovered, rectangle } = this;
    const chosen = browser?.chosen.value ?? -1;
    const shown = browser?.arrangement.value.ids.length ?? 0;
    return html`
      <div
        role="listbox"
        tabindex="0"
        aria-label=${`Wall of ${count(shown)} digits. Arrow keys choose one, Enter shows it, plus and minus zoom.`}
        aria-activedescendant=${chosen >= 0 ? 'chosen' : nothing}
        @keydown=${this.#onKey}
        @dblclick=${(/** @type {MouseEvent} */ event) => this.#look(zoom(this.#camera, 3, { left: event.offsetX, top: event.offsetY }, this.#plane, this.#window))}
      >
        <canvas aria-hidden="true"></canvas>
        ${chosen >= 0 && browser
          ? html`<span id="chosen" class="unseen" role="option" aria-selected="true">${describe(browser, chosen)}; ${this.#order(chosen)}</span>`
          : html`<span class="unseen" role="option" aria-selected="false">No digit is chosen</span>`}
      </div>
      ${hovered && browser ? html`<p class="label" aria-hidden="true">${describe(browser, hovered.id)}</p>` : nothing}
      ${rectangle ? html`<div class="rectangle"></div>` : nothing}
    `;
  }

  /** @param {number} id */
  #order(id) {
    const place = this.#finder?.place(id) ?? -1;
    return place < 0 ? 'not among those shown' : `${count(place + 1)} of ${count(this.#finder?.arrangement.ids.length ?? 0)}`;
  }

  // Looking ---------------------------------------------------------------------------------

  get #window() {
    const size = this.#surface.size;
    return size ? { width: size.width / size.scale, height: size.height / size.scale } : { width: 1, height: 1 };
  }

  get #plane() {
    return this.#finder?.arrangement ?? { width: 1, height: 1 };
  }

  /** Where the settings say one looks. @returns {Camera} */
  #wanted() {
    const { browser } = this;
    if (!browser || !this.#finder) return this.#camera;
    const [x, y, size] = [browser.settings.get('x'), browser.settings.get('y'), browser.settings.get('size')];
    const head = this.#finder.arrangement.headings.length ? HEAD : 0;
    return size ? within({ x, y, edge: size }, this.#plane, this.#window) : fit(this.#plane, this.#window, head);
  }

  /** @param {Camera} camera */
  #look(camera) {
    const { browser } = this;
    if (!browser || this.#change?.running) return;
    const { x, y, edge } = within(camera, this.#plane, this.#window);
    this.#camera = { x, y, edge };
    const [rounded, across] = [(/** @type {number} */ value) => String(Math.round(value * 1000) / 1000), browser.across.value];
    batch(() => {
      browser.settings.set('x', rounded(x));
      browser.settings.set('y', rounded(y));
      browser.settings.set('size', rounded(edge));
      if (['grid', 'label'].includes(browser.settings.get('shape'))) browser.settings.set('columns', String(Math.min(4000, across)));
    });
    if (this.hovered) this.hovered = null;
  }

  #resize() {
    const { width, height } = this.#window;
    if (!this.browser || width < 2 || height < 2) return;
    this.browser.aspect.value = 1.25 ** Math.round(Math.log(width / height) / Math.log(1.25));
    if (!this.#change?.running) this.#camera = this.#wanted();
  }

  /** The arrangement has changed: the worker is told, and the change begins. */
  #rearrange() {
    const { browser } = this;
    if (!browser) return;
    const arrangement = browser.arrangement.value;
    const moving = this.#finder !== null && this.#surface.size !== null && this.#finder.arrangement.ids.length > 0;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#finder = new Finder(arrangement);
    this.hovered = null;
    this.#version += 1;
    const { ids, x, y, width, height } = arrangement;
    const places = { ids: ids.slice(), x: x.slice(), y: y.slice(), width, height };
    browser.wall.send({ type: 'arrange', version: this.#version, places, before: moving }, [places.ids.buffer, places.x.buffer, places.y.buffer]);
    this.#tiles?.restart(this.#version);
    if (moving) this.#change?.start(this.#camera, still ? 0 : RELAYOUT_MS);
    else this.#camera = this.#wanted();
  }

  // Drawing ---------------------------------------------------------------------------------

  /** @param {CanvasRenderingContext2D} context @param {Size} size @param {Palette} palette */
  #draw(context, size, palette) {
    const { browser } = this;
    if (!browser || !this.#tiles || !this.#change || !this.#finder) return;
    this.#tell(palette);
    const to = this.#wanted();
    const moving = this.#change.running;
    this.#camera = this.#change.camera(to);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colour(palette.pixelZero);
    context.fillRect(0, 0, size.width, size.height);
    this.#change.draw(context, to, size);
    if (moving) return this.#surface.invalidate();
    if (this.#tiles.draw(context, this.#camera, this.#plane, size)) this.#change.drop();
    context.setTransform(size.scale, 0, 0, size.scale, 0, 0);
    this.#mark(context, browser, palette);
    this.dispatchEvent(new CustomEvent('drawn'));
  }

  /** Lets the worker paint in this theme's colours. @param {Palette} palette */
  #tell(palette) {
    if (palette === this.#palette) return;
    this.#palette = palette;
    const plain = plainRamp(palette.pixelZero, palette.pixelOne);
    const marked = plainRamp(mix(palette.pixelZero, palette.positive, 0.35), palette.pixelOne);
    this.browser?.wall.send({ type: 'colours', plain, marked });
    this.#tiles?.refresh();
  }

  /** @param {CanvasRenderingContext2D} context @param {Browser} browser @param {Palette} palette */
  #mark(context, browser, palette) {
    const [camera, finder, window] = [this.#camera, /** @type {Finder} */ (this.#finder), this.#window];
    const { arrangement } = finder;
    const place = (/** @type {number} */ x, /** @type {number} */ y) => toWindow(camera, x, y, window);
    const corner = (/** @type {number} */ k) => place(arrangement.x[k], arrangement.y[k]);
    const look = { ink: colour(palette.muted), strong: colour(palette.negative), ground: colour(palette.pixelZero, 0.86), font: this.#font };
    if (camera.edge >= HAIRLINES) {
      const near = finder.within(seen(camera, window));
      if (arrangement.lattice) drawHairlines(context, near.map(corner), camera.edge, colour(mix(palette.pixelZero, palette.pixelOne, 0.14)));
      if (camera.edge >= VALUES) this.#values(context, near, palette);
      if (camera.edge >= LABELS) drawLabels(context, near.map((k) => this.#label(browser, arrangement.ids[k], corner(k))), look);
    }
    drawHeadings(context, arrangement.headings, place, camera.edge, { ...look, ink: colour(palette.ink) });
    for (const [id, width, ink] of /** @type {const} */ ([
      [this.hovered?.id ?? -1, 1, palette.ink],
      [browser.chosen.value, 2, palette.positive],
    ])) {
      const k = id < 0 ? -1 : finder.place(id);
      if (k >= 0) drawFrames(context, [corner(k)], Math.max(4, camera.edge), colour(ink), width);
    }
  }

  /** @param {Browser} browser @param {number} id @param {{left: number, top: number}} corner */
  #label(browser, id, corner) {
    const [about, columns] = [browser.about.value, browser.columns.value];
    const name = (/** @type {number} */ label) => about?.classes[label] ?? '';
    if (!columns || !browser.has(id)) return { text: '', corner, strong: false };
    const [label, reads] = [columns.label[id], columns.prediction?.[id] ?? columns.label[id]];
    return { text: label === reads ? name(label) : `${name(label)} ✗ reads ${name(reads)}`, corner, strong: label !== reads };
  }

  /** @param {CanvasRenderingContext2D} context @param {number[]} near @param {Palette} palette */
  #values(context, near, palette) {
    const arrangement = /** @type {Finder} */ (this.#finder).arrangement;
    const look = { light: colour(palette.pixelZero), dark: colour(palette.muted), font: this.#font };
    for (const k of near) {
      const id = arrangement.ids[k];
      const pixels = this.#close.get(id);
      const corner = toWindow(this.#camera, arrangement.x[k], arrangement.y[k], this.#window);
      if (pixels) drawValues(context, pixels, { columns: 28, corner, pixel: this.#camera.edge / 28 }, this.#window, look);
      else void this.#fetch(id);
    }
  }

  /** @param {number} id */
  async #fetch(id) {
    if (!this.browser?.has(id)) return;
    const set = this.browser.about.value;
    const pixels = await this.browser.wall.ask({ type: 'pixels', id });
    if (set !== this.browser?.about.value) return this.#close.clear();
    if (this.#close.size > 64) this.#close.clear();
    this.#close.set(id, pixels);
    this.#surface.invalidate();
  }

  // Acting ----------------------------------------------------------------------------------

  /** @param {{left: number, top: number}|null} spot */
  #point(spot) {
    const id = spot && !this.#change?.running ? this.#under(spot) : -1;
    const same = id === (this.hovered?.id ?? -1);
    if (same && id < 0) return;
    this.hovered = id < 0 || !spot ? null : { id, ...spot };
  }

  /** @param {{left: number, top: number}} spot */
  #under(spot) {
    const { x, y } = toPlane(this.#camera, spot.left, spot.top, this.#window);
    return this.#finder?.at(x, y) ?? -1;
  }

  /** @param {{left: number, top: number}} spot @param {{add: boolean, range: boolean}} keys */
  #pick(spot, { add, range }) {
    const { browser } = this;
    const id = this.#under(spot);
    if (!browser || id < 0) return;
    const before = this.#finder?.place(browser.chosen.value) ?? -1;
    browser.choose(id);
    if (range && before >= 0) {
      const ends = [before, this.#finder?.place(id) ?? before].sort((a, b) => a - b);
      browser.select(browser.arrangement.value.ids.subarray(ends[0], ends[1] + 1), 'add');
    } else if (add || this.selecting) browser.select([id], 'toggle');
    else this.dispatchEvent(new CustomEvent('open'));
  }

  /** @param {{left: number, top: number}} from @param {{left: number, top: number}} to @param {boolean} done */
  #select(from, to, done) {
    const [left, top] = [Math.min(from.left, to.left), Math.min(from.top, to.top)];
    const [width, height] = [Math.abs(from.left - to.left), Math.abs(from.top - to.top)];
    this.rectangle = done ? null : { left, top, width, height };
    if (!done || !this.#finder || !this.browser) return;
    const [a, b] = [toPlane(this.#camera, left, top, this.#window), toPlane(this.#camera, left + width, top + height, this.#window)];
    const { ids } = this.#finder.arrangement;
    this.browser.select(this.#finder.within({ left: a.x, top: a.y, right: b.x, bottom: b.y }).map((k) => ids[k]), 'add');
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { browser } = this;
    const finder = this.#finder;
    if (!browser || !finder || event.ctrlKey || event.metaKey || event.altKey) return;
    const { ids } = finder.arrangement;
    const middle = { left: this.#window.width / 2, top: this.#window.height / 2 };
    const at = finder.place(browser.chosen.value);
    const move = MOVES[event.key];
    const page = Math.max(1, Math.floor(this.#window.height / this.#camera.edge) - 1);
    let to = at;
    if (event.key === '+' || event.key === '=') this.#look(zoom(this.#camera, 1.5, this.#spotOf(at) ?? middle, this.#plane, this.#window));
    else if (event.key === '-') this.#look(zoom(this.#camera, 1 / 1.5, this.#spotOf(at) ?? middle, this.#plane, this.#window));
    else if (event.key === '0') browser.home();
    else if (event.key === 'Enter') this.dispatchEvent(new CustomEvent('open'));
    else if (event.key === ' ') browser.select(at < 0 ? [] : [ids[at]], 'toggle');
    else if (move) to = at < 0 ? this.#first() : finder.beside(at, ...move);
    else if (event.key === 'Home') to = 0;
    else if (event.key === 'End') to = ids.length - 1;
    else if (event.key === 'PageDown' || event.key === 'PageUp') {
      to = at < 0 ? this.#first() : at;
      for (let k = 0; k < page; k++) to = finder.beside(to, 0, event.key === 'PageDown' ? 1 : -1);
    } else return;
    event.preventDefault();
    if (to === at || to < 0 || to >= ids.length) return;
    if (event.shiftKey && at >= 0) browser.select(ids.subarray(Math.min(at, to), Math.max(at, to) + 1), 'add');
    browser.choose(ids[to]);
    this.#follow(to);
  }

  /** The first digit in sight. */
  #first() {
    const near = this.#finder?.within(seen(this.#camera, this.#window)) ?? [];
    return near.length ? Math.min(...near.slice(0, 5000)) : 0;
  }

  /** @param {number} k @returns {{left: number, top: number}|null} the middle of a digit, if it is in sight */
  #spotOf(k) {
    const arrangement = this.#finder?.arrangement;
    if (!arrangement || k < 0) return null;
    const spot = toWindow(this.#camera, arrangement.x[k] + 0.5, arrangement.y[k] + 0.5, this.#window);
    return spot.left >= 0 && spot.top >= 0 && spot.left <= this.#window.width && spot.top <= this.#window.height ? spot : null;
  }

  /** Brings a digit into sight, if it is not. @param {number} k */
  #follow(k) {
    const arrangement = this.#finder?.arrangement;
    if (!arrangement) return;
    const [x, y, half] = [arrangement.x[k], arrangement.y[k], { x: this.#window.width / 2 / this.#camera.edge, y: this.#window.height / 2 / this.#camera.edge }];
    const clamp = (/** @type {number} */ middle, /** @type {number} */ low, /** @type {number} */ reach) =>
      reach < 1 ? low + 0.5 : Math.min(low + reach, Math.max(low + 1 - reach, middle));
    const camera = { ...this.#camera, x: clamp(this.#camera.x, x, half.x), y: clamp(this.#camera.y, y, half.y) };
    if (camera.x !== this.#camera.x || camera.y !== this.#camera.y) this.#look(camera);
  }

  /** Puts the keyboard on the wall. */
  focusWall() {
    /** @type {HTMLElement|null} */ (this.renderRoot.querySelector('[role=listbox]'))?.focus();
  }

  /** Brings a digit into the middle, large enough to be read. @param {number} id */
  show(id) {
    const arrangement = this.#finder?.arrangement;
    const k = this.#finder?.place(id) ?? -1;
    if (!arrangement || k < 0) return;
    this.#look({ x: arrangement.x[k] + 0.5, y: arrangement.y[k] + 0.5, edge: Math.max(56, this.#camera.edge) });
  }

  /** Puts the label and the rectangle where they belong: a strict page allows styles only so. */
  #place() {
    const label = /** @type {HTMLElement|null} */ (this.renderRoot.querySelector('.label'));
    if (label && this.hovered) {
      const left = Math.min(this.hovered.left + 14, this.#window.width - label.offsetWidth - 4);
      const below = this.hovered.top + 20 + label.offsetHeight < this.#window.height;
      label.style.transform = `translate(${Math.max(4, left)}px, ${below ? this.hovered.top + 18 : this.hovered.top - label.offsetHeight - 8}px)`;
    }
    const frame = /** @type {HTMLElement|null} */ (this.renderRoot.querySelector('.rectangle'));
    if (!frame || !this.rectangle) return;
    frame.style.transform = `translate(${this.rectangle.left}px, ${this.rectangle.top}px)`;
    frame.style.width = `${this.rectangle.width}px`;
    frame.style.height = `${this.rectangle.height}px`;
  }
}

customElements.define('glass-plane', GlassPlane);
