/**
 * The wall's picture: tiles, or the change between two arrangements; over them hairlines, labels,
 * pixel values, headings, and frames around the digits that one looks at.
 *
 * @module
 */

import { UNLABELLED } from '../../data/examples.js';
import { insetOf, levelsOf } from '../../data/levels.js';
import { css as colour, mix } from '../../draw/colour.js';
import { toWindow } from '../../draw/camera.js';
import { drawValues, NumberSheet } from '../../draw/number-sheet.js';
import { drawCells, drawFrames, drawHairlines, drawHeadings, drawLabels, drawLandmarks, drawRings, drawRules } from '../../draw/plane-marks.js';
import { inksFor } from '../../models/colouring.js';
import { count } from '../../models/words.js';
import { Changeover } from './changeover.js';
import { Tiles } from './tiles.js';

/**
 * @typedef {import('./view.js').View} View
 * @typedef {import('./view.js').Spot} Spot
 * @typedef {import('../../kit/surface.js').Size} Size
 * @typedef {import('../../kit/palette.js').Palette} Palette
 */

/** Pixels a digit from which there are hairlines, answers that are wrong, and labels; pixels a pixel from which there are values. */
const [HAIRLINES, MISREAD, LABELS, VALUES] = [36, 40, 84, 20];
/** Pixels a digit from which what was misread is ringed, until it is written. */
const RINGS = 16;
/** Pixels a digit up to which a map shows where its classes are. */
const LANDMARKS = 14;
const RELAYOUT_MS = 600;
/** Milliseconds of rest before labels and values are written: nobody reads while all is moving. */
const REST_MS = 90;

export class Picture {
  #tiles;
  #change;
  #version = 0;
  /** What the colours follow from that the worker has. @type {unknown[]} */
  #told = [];
  /** Pixels of digits that are in sight at the closest zoom, by id. @type {Map<number, Uint8Array>} */
  #close = new Map();
  #numbers = new NumberSheet();
  /** What was looked at last, and since when. */
  #still = { camera: '', since: 0 };
  /** @type {number|undefined} */
  #timer;
  /** No digit beyond this id has arrived. */
  #reach = 0;
  /** Whether any digit of this set has been drawn. */
  #seen = false;
  /** Whether all that was in sight at the last drawing was there, and where it belongs. */
  whole = false;

  /** @param {View} view @param {string} font @param {() => void} invalidate asks for a drawing */
  constructor(view, font, invalidate) {
    this.view = view;
    this.font = font;
    this.invalidate = invalidate;
    this.#tiles = new Tiles(view.collection.wall, invalidate);
    this.#change = new Changeover(view.collection.wall, invalidate);
    view.hurry = () => this.#hurry();
  }

  #hurry() {
    this.#change.finish();
    this.view.held = false;
    this.view.camera = this.view.wanted();
  }

  release() {
    clearTimeout(this.#timer);
    this.#tiles.restart(-1, false);
    this.#change.drop();
  }

  /** The arrangement has changed: the worker is told, and the change begins, if there is anything to be seen of it. @param {boolean} changed whether there was one before */
  rearrange(changed) {
    const { collection, plane, camera } = this.view;
    const moving = changed && this.#seen;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches || !collection.complete.peek();
    this.#version += 1;
    const { ids, x, y, width, height } = plane;
    collection.wall.arrange(this.#version, { ids, x, y, width, height }, moving);
    const sparse = !collection.complete.peek() && collection.inOrder;
    this.#tiles.restart(this.#version, sparse);
    if (sparse && this.#reach) this.welcome(0, this.#reach);
    if (moving) this.#change.start(camera, still ? 0 : RELAYOUT_MS);
    this.view.held = moving;
  }

  /** Digits have arrived: the tiles that they are on are painted anew. @param {number} start id @param {number} end id */
  welcome(start, end) {
    const { collection } = this.view;
    this.#reach = Math.max(this.#reach, end);
    if (!collection.inOrder) return this.#tiles.refresh();
    const across = collection.across.peek();
    this.#tiles.refresh({ left: 0, right: across, top: Math.floor(start / across), bottom: Math.ceil(end / across) });
  }

  /** Another set has come. @param {import('../../data/examples.js').About} about */
  forget(about) {
    const levels = levelsOf(about);
    this.#tiles.suit(levels);
    this.#change.suit(levels);
    this.#close.clear();
    this.#reach = 0;
    this.#seen = false;
  }

  /** All digits may look different. */
  refresh() {
    this.#tiles.refresh();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Size} size
   * @param {Palette} palette
   * @param {number} hovered id; -1
   */
  draw(context, size, palette, hovered) {
    const { view } = this;
    this.#tell(palette);
    const to = view.wanted();
    const moving = this.#change.running;
    view.held = moving;
    view.camera = this.#change.camera(to);
    if (this.#change.waiting) {
      // The last picture stays until there is one of the change: the wall is never blank.
      this.#change.ask(to, size);
      return this.invalidate();
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colour(palette.pixelZero);
    context.fillRect(0, 0, size.width, size.height);
    this.#change.draw(context, to, size);
    if (moving) return this.invalidate();
    const { whole, some } = this.#tiles.draw(context, view.camera, view.plane, size);
    this.whole = whole;
    if (whole) this.#change.drop();
    if (some) note('first digits');
    this.#seen ||= some;
    if (whole && view.collection.complete.peek()) note('all digits');
    if (whole && view.plane.landmarks) note('map');
    this.#mark(context, size, palette);
    this.#frame(context, palette, hovered);
  }

  /** Lets the worker paint in this theme's colours. @param {Palette} palette */
  #tell(palette) {
    const { collection } = this.view;
    const { coloured, lit } = collection;
    const told = [palette, coloured.peek(), lit.peek()];
    if (told.every((one, k) => one === this.#told[k])) return;
    this.#told = told;
    collection.wall.colour(inksFor(coloured.peek(), palette, lit.peek()));
    this.#tiles.refresh();
  }

  /** @param {CanvasRenderingContext2D} context @param {Size} size @param {Palette} palette */
  #mark(context, size, palette) {
    const { camera, plane } = this.view;
    const look = { ink: colour(palette.muted), strong: colour(palette.negative), ground: colour(palette.pixelZero, 0.86), font: this.font };
    const near = camera.edge >= HAIRLINES ? this.view.inSight() : [];
    const resting = camera.edge >= MISREAD && this.#resting();
    const written = camera.edge >= LABELS ? near : near.filter((k) => this.#label(plane.ids[k]).strong);
    if (resting && camera.edge >= VALUES * this.view.pixels) this.#values(context, near, size, palette);
    context.setTransform(size.scale, 0, 0, size.scale, 0, 0);
    const corners = near.map((k) => this.view.corner(k));
    if (plane.lattice && near.length) drawHairlines(context, corners, camera.edge, colour(mix(palette.pixelZero, palette.pixelOne, 0.14)));
    if (camera.edge >= RINGS && camera.edge < MISREAD && !plane.cells) this.#ring(context, palette);
    if (resting) drawLabels(context, written.map((k) => ({ ...this.#label(plane.ids[k]), corner: this.view.corner(k) })), camera.edge, look);
    const place = (/** @type {number} */ x, /** @type {number} */ y) => toWindow(camera, x, y, this.view.window);
    if (plane.rules) drawRules(context, plane.rules, place, colour(mix(palette.pixelZero, palette.pixelOne, 0.14)));
    if (plane.cells) {
      const shade = (/** @type {number} */ share) => colour(palette.negative, share && 0.06 + 0.34 * share ** 0.7);
      drawCells(context, plane.cells, place, camera.edge, { ...look, words: count, shade, ink: colour(palette.ink), muted: colour(palette.muted) });
    }
    if (plane.landmarks && camera.edge < LANDMARKS) this.#name(context, plane.landmarks, place, palette);
    drawHeadings(context, plane.headings, place, camera.edge, this.view.window, { ...look, ink: colour(palette.ink), muted: colour(palette.muted) });
  }

  /** Rings what was misread; not where that is most of what is seen. @param {CanvasRenderingContext2D} context @param {Palette} palette */
  #ring(context, palette) {
    const { view } = this;
    const { label, prediction } = view.collection.columns.peek() ?? {};
    if (!label || !prediction) return;
    const seen = view.inSight();
    const misread = seen.filter((k) => {
      const id = view.plane.ids[k];
      return label[id] !== prediction[id] && view.collection.has(id);
    });
    if (2 * misread.length > seen.length) return;
    drawRings(context, misread.map((k) => view.corner(k)), view.camera.edge, colour(palette.negative));
  }

  /** Writes each class where it is at home. @param {CanvasRenderingContext2D} context @param {import('../../draw/landmarks.js').Landmark[]} landmarks @param {(x: number, y: number) => Spot} place @param {Palette} palette */
  #name(context, landmarks, place, palette) {
    const { coloured, lit } = this.view.collection;
    const [plain, bright] = [coloured.peek().by !== 'label', lit.peek()];
    const named = landmarks.map(({ label, text, x, y }) => ({
      text,
      spot: place(x, y),
      ink: colour(plain ? palette.ink : bright < 0 || bright === label ? palette.classes[label % palette.classes.length] : palette.muted),
    }));
    drawLandmarks(context, named, this.view.window, { ground: colour(palette.pixelZero), font: this.font });
  }

  /** Frames around the chosen digit and the one under the pointer. @param {CanvasRenderingContext2D} context @param {Palette} palette @param {number} hovered */
  #frame(context, palette, hovered) {
    const { finder, collection, camera } = this.view;
    for (const [id, width, ink] of /** @type {const} */ ([
      [hovered, 1, palette.ink],
      [collection.chosen.peek(), 2, palette.positive],
    ])) {
      const k = id < 0 ? -1 : finder.place(id);
      if (k >= 0) drawFrames(context, [this.view.corner(k)], Math.max(4, camera.edge), colour(ink), width);
    }
  }

  /** Whether the view has been at rest; if not, it is drawn again when it has. */
  #resting() {
    const { x, y, edge } = this.view.camera;
    const camera = [x, y, edge].join();
    const now = performance.now();
    if (camera !== this.#still.camera) this.#still = { camera, since: now };
    if (now - this.#still.since >= REST_MS) return true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.invalidate, REST_MS);
    return false;
  }

  /** @param {number} id */
  #label(id) {
    const { collection } = this.view;
    const [about, columns] = [collection.about.peek(), collection.columns.peek()];
    if (!about || !columns || !collection.has(id)) return { text: '', strong: false };
    const [label, reads] = [columns.label[id], columns.prediction?.[id] ?? columns.label[id]];
    if (about.classes[label] === UNLABELLED) return { text: '', strong: false };
    const right = label === reads;
    return { text: right ? about.classes[label] : `${about.classes[label]}→${about.classes[reads]}`, strong: !right };
  }

  /** @param {CanvasRenderingContext2D} context @param {number[]} near @param {Size} size @param {Palette} palette */
  #values(context, near, size, palette) {
    const about = this.view.collection.about.peek();
    if (!about) return;
    const pixel = (this.view.camera.edge * size.scale) / this.view.pixels;
    const inset = insetOf(about);
    const letters = Math.min(15 * size.scale, Math.floor(pixel * 0.42));
    this.#numbers.prepare(letters, { none: colour(palette.muted), little: colour(palette.pixelOne), much: colour(palette.pixelZero), font: this.font });
    for (const k of near) {
      const id = this.view.plane.ids[k];
      const pixels = this.#close.get(id);
      if (!pixels) {
        void this.#fetch(id);
        continue;
      }
      const { left, top } = this.view.corner(k);
      const place = { columns: about.columns, left: left * size.scale + inset.left * pixel, top: top * size.scale + inset.top * pixel, pixel };
      drawValues(context, this.#numbers, pixels, place, size);
    }
  }

  /** @param {number} id */
  async #fetch(id) {
    const { collection } = this.view;
    if (!collection.has(id)) return;
    const set = collection.about.peek();
    const pixels = await collection.wall.ask('pixels', { id }).catch(() => null);
    if (!pixels || set !== collection.about.peek()) return;
    if (this.#close.size > 64) this.#close.clear();
    this.#close.set(id, pixels);
    this.invalidate();
  }
}

/** Notes, for whoever measures, when something was first to be seen. @param {string} what */
function note(what) {
  if (!performance.getEntriesByName(what).length) performance.mark(what);
}
