/**
 * A canvas of an element, kept sharp and drawn no more than needed: once per animation frame, only
 * when something has changed, only while it is on the screen. On paper it is finer, and there
 * wherever it stands. A Lit controller; it lets go of its observers with the element.
 *
 * @module
 */

import { effect } from '@preact/signals-core';
import { onPaper, paletteAt, scheme } from './palette.js';

/**
 * @typedef {import('lit').ReactiveControllerHost & Element} Host
 * @typedef {import('./palette.js').Palette} Palette
 *
 * @typedef {object} Size
 * @property {number} width of the canvas, in device pixels
 * @property {number} height
 * @property {number} scale device pixels in a CSS pixel
 */

/** Device pixels in a CSS pixel of paper, at least. */
const FINE = 2;

export class Surface {
  /** @type {HTMLCanvasElement|null} */
  #canvas = null;
  /** @type {Palette|null} */
  #palette = null;
  #visible = false;
  #wanted = false;
  #printed = false;
  #frame = 0;
  #resized = new ResizeObserver((entries) => this.#fit(entries[entries.length - 1].contentRect));
  #seen = new IntersectionObserver((entries) => this.#appear(entries[entries.length - 1].isIntersecting), {
    rootMargin: '64px',
  });
  /** @type {() => void} */
  #unwatch = () => {};

  /** The canvas's size; nothing is drawn before it is known. @type {Size|null} */
  size = null;

  /**
   * @param {Host} host
   * @param {() => HTMLCanvasElement|null|undefined} find
   * @param {(context: CanvasRenderingContext2D, size: Size, palette: Palette) => void} draw
   * @param {() => void} [onResize] called after the size has changed, before drawing
   */
  constructor(host, find, draw, onResize = () => {}) {
    this.host = host;
    this.find = find;
    this.draw = draw;
    this.onResize = onResize;
    host.addController(this);
  }

  /** Asks for a drawing at the next frame; on paper there is none. */
  invalidate() {
    this.#wanted = true;
    if (this.#printed) return this.#render();
    if (this.#visible && this.size && !this.#frame) this.#frame = requestAnimationFrame(() => this.#render());
  }

  hostConnected() {
    this.#unwatch = effect(() => {
      scheme.value;
      this.#palette = null;
      if (this.#printed === onPaper()) this.invalidate();
      else this.#turn();
    });
    if (this.#canvas) this.#observe();
  }

  hostUpdated() {
    const canvas = this.find() ?? null;
    if (canvas === this.#canvas) return;
    this.#disconnect();
    this.#canvas = canvas;
    this.#observe();
  }

  hostDisconnected() {
    this.#unwatch();
    this.#disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #observe() {
    if (!this.#canvas) return;
    this.#resized.observe(this.#canvas);
    this.#canvas.addEventListener('glass-draw', this.#now);
    this.#seen.observe(this.#canvas);
  }

  /** For a picture that somebody takes of it, who may be far from it. */
  #now = () => {
    if (this.#canvas) this.#fit(this.#canvas.getBoundingClientRect());
    if (this.#wanted) this.#render();
  };

  #disconnect() {
    this.#resized.disconnect();
    this.#seen.disconnect();
    this.#visible = false;
  }

  /** @param {boolean} visible */
  #appear(visible) {
    this.#visible = visible;
    if (visible && this.#wanted) this.invalidate();
  }

  /** From the screen to paper or back: the page is printed when this returns, no frame comes before. */
  #turn() {
    this.#printed = !this.#printed;
    const again = () => this.#canvas?.isConnected && this.#fit(this.#canvas.getBoundingClientRect(), this.#printed);
    again();
    void this.host.updateComplete.then(again); // what else follows from the size
  }

  /** @param {{width: number, height: number}} rectangle on the page, in CSS pixels @param {boolean} [anyway] whether it is drawn even if it has kept its size */
  #fit(rectangle, anyway = false) {
    const scale = Math.max(devicePixelRatio || 1, this.#printed ? FINE : 0);
    const width = Math.round(rectangle.width * scale);
    const height = Math.round(rectangle.height * scale);
    if (anyway && width === this.size?.width && height === this.size.height) return this.#render();
    if (!this.#canvas || (width === this.size?.width && height === this.size.height)) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.size = width && height ? { width, height, scale } : null;
    this.onResize();
    // Setting a size wipes the canvas: it is drawn at once, or it would be blank for a frame.
    if (this.#visible || this.#printed) this.#render();
    else this.#wanted = true;
  }

  #render() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const context = this.#canvas?.getContext('2d');
    if (!context || !this.size) return;
    this.#wanted = false;
    this.#palette ??= paletteAt(this.host);
    this.draw(context, this.size, this.#palette);
  }
}
