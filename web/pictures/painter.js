/**
 * Makes pictures of parts of the plane: tiles, which the wall keeps, and the moments of a change
 * from one arrangement to the next. Runs in the wall's worker.
 *
 * @module
 */

import { insetOf } from '../data/levels.js';
import { binPoints, visitBox } from '../draw/bins.js';
import { CLASS_COLOURS, inkTables } from '../draw/colour.js';
import { blank, develop, lay, wipe } from '../draw/compose.js';
import { spanOf, TINTS } from './tile-size.js';

/**
 * @typedef {import('../data/examples.js').Examples} Examples
 * @typedef {import('./protocol.js').Places} Places
 * @typedef {import('./protocol.js').TileName} TileName
 * @typedef {import('./protocol.js').Moment} Moment
 * @typedef {import('./protocol.js').Inks} Inks
 */

/** Pixels a digit from which its strokes are as dark as they are drawn: in smaller copies they are spread thin, and so is a colour. */
const SOLID = 14;
/** Nobody's place. */
const NOWHERE = 0xffffffff;

export class Painter {
  /** @type {Examples|null} */
  #examples = null;
  #version = -1;
  /** @type {Places|null} */
  #places = null;
  /** @type {Places|null} where digits were before the last change */
  #before = null;
  /** @type {import('../draw/bins.js').Bins|null} */
  #bins = null;
  /** 1 for a marked digit, by id. */
  #marked = new Uint8Array(0);
  /** @type {Inks|null} */
  #inks = null;
  /** Made from them, by tint and pixels a digit. @type {Map<string, ReturnType<typeof inkTables>>} */
  #tables = new Map();
  #tile = picture(1, 1);
  #moment = this.#tile;

  /** @param {Examples} examples */
  show(examples) {
    this.#examples = examples;
    this.#places = this.#before = this.#bins = null;
    this.#marked = new Uint8Array(examples.about.count);
  }

  /** @param {number} version @param {Places} places @param {boolean} before whether to remember where digits were */
  arrange(version, places, before) {
    this.#before = before ? this.#places : null;
    this.#places = places;
    this.#version = version;
    this.#bins = binPoints(places.x, places.y, places);
  }

  /** @param {Uint32Array} ids @param {number} count of all digits */
  mark(ids, count) {
    this.#marked = new Uint8Array(count);
    for (const id of ids) this.#marked[id] = 1;
  }

  /** @param {Inks} inks */
  colour(inks) {
    this.#inks = inks;
    this.#tables.clear();
  }

  /** @param {TileName} name @param {number} version @returns {Promise<ImageBitmap|null>} null if the arrangement has changed since */
  async tile({ edge, column, row, tint }, version) {
    const [examples, places, bins] = [this.#examples, this.#places, this.#bins];
    if (!examples || !places || !bins || version !== this.#version) return null;
    const span = spanOf(edge);
    const [left, top] = [column * span, row * span];
    if (this.#tile.ink.width !== span * edge) this.#tile = picture(span * edge, span * edge);
    const { ink } = this.#tile;
    const { shape, inset, copies } = this.#level(examples, edge);
    wipe(ink);
    visitBox(bins, { left: left - 1, top: top - 1, right: left + span, bottom: top + span }, (k) => {
      const id = places.ids[k];
      const x = Math.round((places.x[k] - left) * edge) + inset.left;
      const y = Math.round((places.y[k] - top) * edge) + inset.top;
      lay(ink, copies.pixels, copies.find(id), shape, x, y, this.#hue(id), this.#marked[id] === 1);
    });
    return this.#develop(this.#tile, tint, edge);
  }

  /**
   * What is seen at one moment of a change. Digits that are in both arrangements move; those that
   * are only in one fade.
   *
   * @param {Moment} moment
   */
  async moment({ share, left, top, width, height, edge, tint }) {
    const [examples, to] = [this.#examples, this.#places];
    if (!examples || !to) return null;
    const from = this.#before ?? to;
    if (this.#moment.ink.width !== width || this.#moment.ink.height !== height) {
      this.#moment = picture(width, height);
    }
    const { ink } = this.#moment;
    const { shape, inset, copies } = this.#level(examples, edge);
    wipe(ink);
    /** @param {number} id @param {number} x @param {number} y @param {number} strength */
    const put = (id, x, y, strength) => {
      const [column, row] = [Math.round((x - left) * edge), Math.round((y - top) * edge)];
      if (column <= -edge || row <= -edge || column >= width || row >= height) return;
      lay(ink, copies.pixels, copies.find(id), shape, column + inset.left, row + inset.top, this.#hue(id), this.#marked[id] === 1, strength);
    };
    const old = placesById(from, examples.about.count);
    for (let k = 0; k < to.ids.length; k++) {
      const id = to.ids[k];
      const j = old[id];
      if (j === NOWHERE) put(id, to.x[k], to.y[k], Math.round(256 * share));
      else put(id, from.x[j] + (to.x[k] - from.x[j]) * share, from.y[j] + (to.y[k] - from.y[j]) * share, 256);
      old[id] = NOWHERE;
    }
    const gone = Math.round(256 * (1 - share));
    for (let j = 0; j < from.ids.length; j++) {
      if (old[from.ids[j]] !== NOWHERE) put(from.ids[j], from.x[j], from.y[j], gone);
    }
    const painted = await this.#develop(this.#moment, tint, edge);
    if (share === 1) this.#rest();
    return painted;
  }

  /** After the last moment of a change: what only moments need is given back. */
  #rest() {
    this.#before = null;
    this.#moment = picture(1, 1);
  }

  /** The copies drawn at a number of pixels a digit, and how they lie in its square. @param {import('../data/examples.js').Examples} examples @param {number} edge */
  #level(examples, edge) {
    const shape = examples.levels.find((level) => level.edge === edge) ?? examples.levels[0];
    return { shape, inset: insetOf(shape), copies: examples.copy(shape.edge) };
  }

  /** @param {number} id */
  #hue(id) {
    const of = this.#inks?.of;
    if (of === 'label') return 1 + ((this.#examples?.labels[id] ?? 0) % CLASS_COLOURS);
    return of?.[id] ?? 0;
  }

  /** @param {{ink: import('../draw/compose.js').Ink, data: ImageData}} picture @param {number} tint @param {number} edge */
  #develop({ ink, data }, tint, edge) {
    const inks = this.#inks;
    if (inks) {
      const key = `${tint} ${edge}`;
      const tables = this.#tables.get(key) ?? inkTables(inks, tint / TINTS, Math.min(1, (edge / SOLID) ** 0.5));
      this.#tables.set(key, tables);
      develop(ink, new Uint32Array(data.data.buffer), tables.plain, tables.marked);
    }
    return createImageBitmap(data);
  }
}

/** @param {number} width @param {number} height @returns {{ink: import('../draw/compose.js').Ink, data: ImageData}} blank */
function picture(width, height) {
  return { ink: blank(width, height), data: new ImageData(width, height) };
}

/** @param {Places} places @param {number} count @returns {Uint32Array} by id, where in the places it is */
function placesById({ ids }, count) {
  const found = new Uint32Array(count).fill(NOWHERE);
  for (let k = 0; k < ids.length; k++) found[ids[k]] = k;
  return found;
}
