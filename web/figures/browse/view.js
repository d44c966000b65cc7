/**
 * Where one looks at the wall from, and what lies there: between the settings, which hold the
 * camera, and the arrangement, which holds the digits.
 *
 * @module
 */

import { batch } from '@preact/signals-core';
import { fit, seen, toPlane, toWindow, within, zoom } from '../../draw/camera.js';
import { Finder } from './finder.js';

/**
 * @typedef {import('../../models/collection.js').Collection} Collection
 * @typedef {import('../../draw/camera.js').Camera} Camera
 * @typedef {{left: number, top: number}} Spot in CSS pixels of the wall
 */

/** Room for headings: above, for their title, and on the left in a wide window and in a narrow one. */
const [ABOVE, TITLE, LEFT, NARROW_LEFT] = [34, 22, 88, 20];
const NARROW = 560;
/** Pixels below which a digit is hard to hit, and within which one near the pointer is meant. */
const [SMALL, REACH] = [6, 7];
/** Shapes in which the number of columns decides where a digit is. */
const COLUMNAR = ['grid', 'label'];

export class View {
  /** What is where. */
  finder;
  /** @type {Camera} */
  camera = { x: 0, y: 0, edge: 1 };
  /** CSS pixels. */
  window = { width: 1, height: 1 };
  /** While digits are on their way to other places, nobody moves the camera. */
  held = false;
  /** Ends that at once, when somebody wants to move. @type {() => void} */
  hurry = () => {};

  /** @param {Collection} collection */
  constructor(collection) {
    this.collection = collection;
    this.finder = new Finder(collection.arrangement.peek());
  }

  get plane() {
    return this.finder.arrangement;
  }

  /** Of a picture, along its longer side. */
  get pixels() {
    const about = this.collection.about.peek();
    return about ? Math.max(about.rows, about.columns) : 28;
  }

  /** Pixels that headings need beside the plane. */
  get #heads() {
    const sides = new Set(this.plane.headings.map(({ side }) => side));
    const left = this.window.width < NARROW ? NARROW_LEFT : LEFT;
    return { above: (sides.has('above') ? ABOVE : 0) + (sides.has('title') ? TITLE : 0), left: sides.has('left') ? left : 0 };
  }

  /** What the camera may show. */
  get #bounds() {
    return { width: this.plane.width, height: this.plane.height, pixels: this.pixels };
  }

  /** Where the settings say one looks. @returns {Camera} */
  wanted() {
    const { settings } = this.collection;
    const [x, y, size] = [settings.get('x'), settings.get('y'), settings.get('size')];
    if (size) return within({ x, y, edge: size }, this.#bounds, this.window);
    return fit(this.#bounds, this.window, this.#heads);
  }

  /** @param {number} width @param {number} height of the wall, in CSS pixels */
  resize(width, height) {
    if (width < 2 || height < 2) return;
    const chosen = this.finder.place(this.collection.chosen.peek());
    const seen = this.middle(chosen) !== undefined;
    this.window = { width, height };
    this.collection.aspect.value = 1.25 ** Math.round(Math.log(width / height) / Math.log(1.25));
    if (this.held) return;
    this.camera = this.wanted();
    if (seen && this.collection.settings.peek('size')) this.follow(chosen); // what one looks at does not slide out of sight
  }

  /** @param {Camera} camera */
  look(camera) {
    if (this.held) this.hurry();
    this.camera = within(camera, this.#bounds, this.window);
    const { settings, across } = this.collection;
    const round = (/** @type {number} */ value) => String(Math.round(value * 1000) / 1000);
    batch(() => {
      settings.set('x', round(this.camera.x));
      settings.set('y', round(this.camera.y));
      settings.set('size', round(this.camera.edge));
      if (COLUMNAR.includes(settings.get('shape'))) settings.set('columns', String(Math.min(4000, across.value)));
    });
  }

  /** @param {number} dx in CSS pixels @param {number} dy */
  move(dx, dy) {
    if (this.held) this.hurry();
    const { x, y, edge } = this.camera;
    this.look({ x: x - dx / edge, y: y - dy / edge, edge });
  }

  /** @param {number} factor @param {Spot} [about] the middle, if nothing is named */
  zoom(factor, about = { left: this.window.width / 2, top: this.window.height / 2 }) {
    if (this.held) this.hurry();
    this.look(zoom(this.camera, factor, about, this.#bounds, this.window));
  }

  /** @param {Spot} spot @returns {number} the id of the digit there; -1 */
  under({ left, top }) {
    if (this.held) return -1;
    const { x, y } = toPlane(this.camera, left, top, this.window);
    const hit = this.finder.at(x, y);
    return hit >= 0 || this.camera.edge >= SMALL ? hit : this.finder.near(x, y, REACH / this.camera.edge);
  }

  /** @param {Spot} spot @returns {import('../../draw/arrange.js').Cell|undefined} the cell of a confusion matrix there */
  cell({ left, top }) {
    const { x, y } = toPlane(this.camera, left, top, this.window);
    return this.plane.cells?.find((cell) => x >= cell.x && x < cell.x + cell.edge && y >= cell.y && y < cell.y + cell.edge);
  }

  /** @param {Spot} a one corner @param {Spot} b the opposite one @returns {number[]} ids of the digits between */
  between(a, b) {
    const from = toPlane(this.camera, Math.min(a.left, b.left), Math.min(a.top, b.top), this.window);
    const to = toPlane(this.camera, Math.max(a.left, b.left), Math.max(a.top, b.top), this.window);
    return this.finder.within({ left: from.x, top: from.y, right: to.x, bottom: to.y }).map((k) => this.plane.ids[k]);
  }

  /** @returns {number[]} places of the digits in sight */
  inSight() {
    return this.finder.within(seen(this.camera, this.window));
  }

  /** @param {number} k a place @returns {Spot} its upper left corner */
  corner(k) {
    return toWindow(this.camera, this.plane.x[k], this.plane.y[k], this.window);
  }

  /** @param {number} k a place, or -1 @returns {Spot|undefined} its middle, if that is in sight */
  middle(k) {
    if (k < 0) return undefined;
    const { left, top } = this.corner(k);
    const spot = { left: left + this.camera.edge / 2, top: top + this.camera.edge / 2 };
    return spot.left >= 0 && spot.top >= 0 && spot.left <= this.window.width && spot.top <= this.window.height ? spot : undefined;
  }

  /** Moves as little as brings a digit into sight. @param {number} k */
  follow(k) {
    const { x, y } = this.plane;
    const clamp = (/** @type {number} */ middle, /** @type {number} */ low, /** @type {number} */ reach) =>
      reach < 1 ? low + 0.5 : Math.min(low + reach, Math.max(low + 1 - reach, middle));
    const [wide, high] = [this.window.width / 2 / this.camera.edge, this.window.height / 2 / this.camera.edge];
    const camera = { ...this.camera, x: clamp(this.camera.x, x[k], wide), y: clamp(this.camera.y, y[k], high) };
    if (camera.x !== this.camera.x || camera.y !== this.camera.y) this.look(camera);
  }

  /** Brings a digit into the middle, large enough to be read. @param {number} id */
  show(id) {
    const k = this.finder.place(id);
    if (k >= 0) this.look({ x: this.plane.x[k] + 0.5, y: this.plane.y[k] + 0.5, edge: Math.max(56, this.camera.edge) });
  }
}
