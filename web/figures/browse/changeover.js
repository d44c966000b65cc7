/**
 * The change from one arrangement to another, as motion: every digit goes from where it was to
 * where it will be, in 600 milliseconds. The worker paints each moment; the newest is shown.
 *
 * @module
 */

import { between, ease, seen, toWindow } from '../../draw/camera.js';
import { tintOf } from '../../pictures/tile-size.js';

/**
 * @typedef {import('../../draw/camera.js').Camera} Camera
 * @typedef {import('../../kit/surface.js').Size} Size
 * @typedef {{bitmap: ImageBitmap, box: import('../../draw/camera.js').Box}} Picture
 */

const MOST_PIXELS = 1_600_000;

export class Changeover {
  /** @type {{from: Camera, start: number, last: boolean}|null} */
  #change = null;
  #asking = false;
  /** Pixels a digit that moments are painted in, smallest first. @type {number[]} */
  #edges = [2];
  /** What stands in until the tiles of the new arrangement are there. @type {Picture|null} */
  #picture = null;
  #client;
  #painted;

  /** @param {import('../../pictures/client.js').WallClient} client @param {() => void} painted called when there is something new to draw */
  constructor(client, painted) {
    this.#client = client;
    this.#painted = painted;
  }

  /** Another set, kept in other sizes. @param {import('../../data/levels.js').Level[]} levels */
  suit(levels) {
    this.#edges = levels.map(({ edge }) => edge);
  }

  get running() {
    return this.#change !== null;
  }

  /** Whether nothing has been painted yet that could be shown of it. */
  get waiting() {
    return this.#change !== null && this.#picture === null;
  }

  /** @param {Camera} from where one looked before @param {number} duration in milliseconds; 0 goes straight to the end */
  start(from, duration) {
    this.duration = duration;
    this.#change = { from, start: performance.now(), last: false };
  }

  /** Goes to the end at once. */
  finish() {
    this.#change = null;
    this.drop();
  }

  /** Nothing needs to stand in any more. */
  drop() {
    this.#picture?.bitmap.close();
    this.#picture = null;
  }

  /** @param {Camera} to where one will look @returns {Camera} where one looks now */
  camera(to) {
    return this.#change ? between(this.#change.from, to, this.#share()) : to;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Camera} to
   * @param {Size} size
   */
  draw(context, to, size) {
    const window = inPage(size);
    this.ask(to, size);
    if (!this.#picture) return;
    const { bitmap, box } = this.#picture;
    const camera = this.camera(to);
    const [a, b] = [toWindow(camera, box.left, box.top, window), toWindow(camera, box.right, box.bottom, window)];
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'low';
    context.drawImage(bitmap, a.left * size.scale, a.top * size.scale, (b.left - a.left) * size.scale, (b.top - a.top) * size.scale);
  }

  /** Has the worker paint this moment, unless it is busy with one. @param {Camera} to @param {Size} size */
  ask(to, size) {
    if (this.#change && !this.#asking) void this.#ask(this.camera(to), inPage(size));
  }

  /** @param {Camera} camera @param {{width: number, height: number}} window */
  async #ask(camera, window) {
    const change = this.#change;
    if (!change) return;
    this.#asking = true;
    const share = this.#share();
    const pixels = (/** @type {number} */ one) => (window.width * window.height * one ** 2) / camera.edge ** 2;
    const edge = this.#edges.findLast((one) => one <= camera.edge * 1.42 && pixels(one) <= MOST_PIXELS) ?? this.#edges[0];
    const box = seen(camera, window);
    const [width, height] = [Math.ceil((window.width * edge) / camera.edge), Math.ceil((window.height * edge) / camera.edge)];
    const moment = { share, left: box.left, top: box.top, width, height, edge, tint: tintOf(camera.edge) };
    const bitmap = await this.#client.ask('moment', { moment }).catch(() => null);
    this.#asking = false;
    if (bitmap && this.#change !== change) bitmap.close();
    else if (bitmap) {
      this.drop();
      this.#picture = { bitmap, box: { ...box, right: box.left + width / edge, bottom: box.top + height / edge } };
    }
    if (share === 1 && this.#change === change) this.#change = null;
    this.#painted();
  }

  #share() {
    if (!this.#change) return 1;
    const past = performance.now() - this.#change.start;
    return this.duration ? ease(Math.min(1, past / this.duration)) : 1;
  }

  duration = 0;
}

/** @param {Size} size @returns {{width: number, height: number}} in pixels of the page */
function inPage({ width, height, scale }) {
  return { width: width / scale, height: height / scale };
}
