/**
 * A canvas of an element, kept sharp and drawn no more than needed: once per animation frame, only
 * when something has changed, only while it is on the screen. A Lit controller; it lets go of its
 * observers with the element.
 *
 * @module
 */

import { effect } from '@preact/signals-core';
import { paletteAt, scheme } from './palette.js';

/**
 * @typedef {import('lit').ReactiveControllerHost & Element} Host
 * @typedef {import('./palette.js').Palette} Palette
 *
 * @typedef {object} Size
 * @property {number} width of the canvas, in device pixels
 * @property {number} height
 * @property {number} scale device pixels in a CSS pixel
 */

export class Surface {
  /** @type {HTMLCanvasElement|null} */
  #canvas = null;
  /** @type {Palette|null} */
  #palette = null;
  #visible = false;
  #wanted = false;
  #frame = 0;
  #resized = new ResizeObserver((entries) => this.#fit(entries[entries.length - 1]));
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

  /** Asks for a drawing at the next frame. */
  invalidate() {
    this.#wanted = true;
    if (this.#visible && this.size && !this.#frame) this.#frame = requestAnimationFrame(() => this.#render());
  }

  hostConnected() {
    this.#unwatch = effect(() => {
      scheme.value;
      this.#palette = null;
      this.invalidate();
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
    this.#seen.observe(this.#canvas);
  }

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

  /** @param {ResizeObserverEntry} entry */
  #fit({ contentRect }) {
    const scale = devicePixelRatio || 1;
    const width = Math.round(contentRect.width * scale);
    const height = Math.round(contentRect.height * scale);
    if (!this.#canvas || (width === this.size?.width && height === this.size.height)) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.size = width && height ? { width, height, scale } : null;
    this.onResize();
    // Setting a size wipes the canvas: it is drawn at once, or it would be blank for a frame.
    if (this.#visible) this.#render();
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
