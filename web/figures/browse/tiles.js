/**
 * The wall's tiles: pictures of squares of the plane, asked from the worker when they come into
 * sight, kept while there is room, and drawn at any zoom. Where the right ones are still on their
 * way, coarser or older ones stand in, so that digits never turn into blanks.
 *
 * @module
 */

import { seen, toWindow } from '../../draw/camera.js';
import { spanOf, tintOf } from '../../pictures/tile-size.js';

/**
 * @typedef {import('../../draw/camera.js').Camera} Camera
 * @typedef {import('../../draw/camera.js').Box} Box
 * @typedef {import('../../kit/surface.js').Size} Size
 * @typedef {import('../../pictures/protocol.js').TileName} TileName
 * @typedef {{name: TileName, bitmap: ImageBitmap, fresh: number, used: number}} Kept
 */

/** Tiles on their way at the same time. */
const LANES = 6;
/** Tiles kept beyond those in sight; each takes a megabyte. */
const SPARE = 16;
const EVERYWHERE = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

export class Tiles {
  /** @type {Map<string, Kept>} */
  #kept = new Map();
  /** @type {Set<string>} */
  #asked = new Set();
  #version = -1;
  /** Counts what makes tiles of the same arrangement look different: digits that arrive, marks, colours. */
  #fresh = 0;
  /** Where digits came to look different, and since when. @type {{box: Box, fresh: number}[]} */
  #changes = [];
  /** Whether only what a change has touched holds any digit yet. */
  #sparse = false;
  #draws = 0;
  /** Pixels a digit that tiles are made in, smallest first. @type {number[]} */
  #edges = [2];
  #client;
  #arrived;

  /** @param {import('../../pictures/client.js').WallClient} client @param {() => void} arrived called when a tile has come */
  constructor(client, arrived) {
    this.#client = client;
    this.#arrived = arrived;
  }

  /** Another set, kept in other sizes. @param {import('../../data/levels.js').Level[]} levels */
  suit(levels) {
    this.#edges = levels.map(({ edge }) => edge);
  }

  /**
   * Another arrangement: none of the tiles is right any more.
   *
   * @param {number} version
   * @param {boolean} sparse whether it is empty but for what `refresh` will name
   */
  restart(version, sparse) {
    for (const { bitmap } of this.#kept.values()) bitmap.close();
    this.#kept.clear();
    this.#asked.clear();
    this.#changes = [];
    this.#sparse = sparse;
    this.#version = version;
  }

  /**
   * The same arrangement, but digits look different: tiles are replaced as new ones come.
   *
   * @param {Box} [box] of the plane, in which they do
   */
  refresh(box = EVERYWHERE) {
    this.#fresh += 1;
    if (box === EVERYWHERE && !this.#sparse) this.#changes = [];
    this.#changes.push({ box, fresh: this.#fresh });
  }

  /** When a tile was last touched by a change; 0 if never. @param {TileName} name */
  #touched({ edge, column, row }) {
    const span = spanOf(edge);
    const touched = this.#changes.findLast(
      ({ box }) => box !== EVERYWHERE && box.left < (column + 1) * span && box.right > column * span && box.top < (row + 1) * span && box.bottom > row * span,
    );
    const all = this.#changes.findLast(({ box }) => box === EVERYWHERE);
    if (this.#sparse) return touched ? Math.max(touched.fresh, all?.fresh ?? 0) : 0;
    return Math.max(touched?.fresh ?? 0, all?.fresh ?? 0);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Camera} camera
   * @param {{width: number, height: number}} plane
   * @param {Size} size
   * @returns {{whole: boolean, some: boolean}} whether all that is in sight was there and up to date; whether any digit was
   */
  draw(context, camera, plane, size) {
    this.#draws += 1;
    const edge = edgeFor(camera.edge * size.scale, this.#edges);
    const names = this.#inSight({ edge, tint: tintOf(camera.edge) }, camera, plane, size).filter((name) => !this.#sparse || this.#touched(name));
    const missing = names.filter((name) => !this.#kept.has(key(name)));
    if (missing.length) {
      const others = [...this.#kept.values()].filter(({ name }) => name.edge !== edge || name.tint !== names[0].tint);
      others.sort((one, other) => one.name.edge - other.name.edge);
      for (const { name, bitmap } of others) this.#stamp(context, name, bitmap, camera, size);
    }
    let [whole, some] = [missing.length === 0, false];
    for (const name of names) {
      const kept = this.#kept.get(key(name));
      if (!kept) continue;
      kept.used = this.#draws;
      this.#stamp(context, name, kept.bitmap, camera, size);
      some ||= kept.fresh > 0 || !this.#sparse;
      if (kept.fresh >= this.#touched(name)) continue;
      missing.push(name);
      whole = false;
    }
    this.#ask(missing, camera);
    this.#forget(names.length);
    return { whole, some };
  }

  /** @param {{edge: number, tint: number}} how @param {Camera} camera @param {{width: number, height: number}} plane @param {Size} size @returns {TileName[]} */
  #inSight({ edge, tint }, camera, plane, size) {
    const span = spanOf(edge);
    const box = seen(camera, { width: size.width / size.scale, height: size.height / size.scale });
    const names = [];
    const last = Math.min(Math.ceil(plane.width / span) - 1, Math.floor(box.right / span));
    const end = Math.min(Math.ceil(plane.height / span) - 1, Math.floor(box.bottom / span));
    for (let row = Math.max(0, Math.floor(box.top / span)); row <= end; row++) {
      for (let column = Math.max(0, Math.floor(box.left / span)); column <= last; column++) names.push({ edge, tint, column, row });
    }
    return names;
  }

  /** Paints what is in sight of a tile. @param {CanvasRenderingContext2D} context @param {TileName} name @param {ImageBitmap} bitmap @param {Camera} camera @param {Size} size */
  #stamp(context, { edge, column, row }, bitmap, camera, size) {
    const window = { width: size.width / size.scale, height: size.height / size.scale };
    const box = seen(camera, window);
    const span = spanOf(edge);
    // Only whole pixels of the tile are painted, so that neighbouring tiles meet without a seam.
    const x0 = Math.max(0, Math.floor((box.left - column * span) * edge));
    const y0 = Math.max(0, Math.floor((box.top - row * span) * edge));
    const x1 = Math.min(bitmap.width, Math.ceil((box.right - column * span) * edge));
    const y1 = Math.min(bitmap.height, Math.ceil((box.bottom - row * span) * edge));
    if (x1 <= x0 || y1 <= y0) return;
    const from = toWindow(camera, column * span + x0 / edge, row * span + y0 / edge, window);
    const to = toWindow(camera, column * span + x1 / edge, row * span + y1 / edge, window);
    // Halves go the same way in every tile, whatever their last bits say.
    const whole = (/** @type {number} */ at) => Math.round(at * size.scale + 0.001);
    const [left, top, right, bottom] = [whole(from.left), whole(from.top), whole(to.left), whole(to.top)];
    const times = (camera.edge * size.scale) / edge;
    context.imageSmoothingEnabled = !Number.isInteger(times) && times < 2.5;
    context.imageSmoothingQuality = 'low';
    context.drawImage(bitmap, x0, y0, x1 - x0, y1 - y0, left, top, right - left, bottom - top);
  }

  /** @param {TileName[]} missing @param {Camera} camera */
  #ask(missing, camera) {
    if (!missing.length || this.#asked.size >= LANES) return;
    const far = (/** @type {TileName} */ { edge, column, row }) => {
      const span = spanOf(edge);
      return Math.hypot((column + 0.5) * span - camera.x, (row + 0.5) * span - camera.y);
    };
    for (const tile of [...missing].sort((a, b) => far(a) - far(b))) {
      const name = key(tile);
      if (this.#asked.size >= LANES) return;
      if (this.#asked.has(name)) continue;
      this.#asked.add(name);
      const [version, fresh] = [this.#version, this.#fresh];
      this.#client.ask('tile', { tile, version }).then(
        (bitmap) => this.#take(name, tile, bitmap, version, fresh),
        () => this.#asked.delete(name),
      );
    }
  }

  /** @param {string} name @param {TileName} tile @param {ImageBitmap|null} bitmap @param {number} version @param {number} fresh */
  #take(name, tile, bitmap, version, fresh) {
    if (version !== this.#version) return void bitmap?.close();
    this.#asked.delete(name);
    if (!bitmap) return;
    this.#kept.get(name)?.bitmap.close();
    this.#kept.set(name, { name: tile, bitmap, fresh, used: this.#draws });
    this.#arrived();
  }

  /** Gives back what has not been seen for longest. @param {number} inSight */
  #forget(inSight) {
    const surplus = this.#kept.size - inSight - SPARE;
    if (surplus <= 0) return;
    const oldest = [...this.#kept].sort(([, a], [, b]) => a.used - b.used).slice(0, surplus);
    for (const [name, { bitmap }] of oldest) {
      bitmap.close();
      this.#kept.delete(name);
    }
  }
}

/** @param {TileName} name */
function key({ edge, tint, column, row }) {
  return `${edge} ${tint} ${column} ${row}`;
}

/** The smallest copies that need not be enlarged, if there are any. @param {number} wanted device pixels a digit @param {number[]} edges rising */
function edgeFor(wanted, edges) {
  return edges.find((edge) => edge >= wanted * 0.95) ?? edges[edges.length - 1];
}
