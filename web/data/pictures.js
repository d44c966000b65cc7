/**
 * Many pictures of one size, each to be found at any time. Small ones lie one after another. Larger
 * ones are packed, without loss: most of a digit is blank, and only its runs of ink are kept,
 *
 *     blank, ink, …ink bytes…   blank, ink, …ink bytes…   and so on until the picture is full
 *
 * each beginning with two bytes that say how many pixels are blank and how many follow. All of
 * MNIST takes 14 MB so, instead of 55.
 *
 * @module
 */

/**
 * @typedef {object} Pictures of `area` pixels each; blank until they are put there
 * @property {Uint8Array} pixels where a picture is, once it has been found; only to be read
 * @property {(id: number) => number} find where in `pixels` it begins; good until another is found
 * @property {(id: number, picture: Uint8Array) => void} put keeps a copy of it
 * @property {number} bytes of memory that they take
 */

/** Pixels up to which a picture is no smaller when it is packed. */
const SMALL = 64;
/** What a byte can count. */
const MOST = 255;
/** Blank pixels that end a run: to begin another for fewer would take as many bytes. */
const GAP = 3;
/** Bytes of memory taken at a time. */
const BLOCK = 1 << 20;
const NOWHERE = 0xffffffff;

/** @param {number} count @param {number} area @returns {Pictures} */
export function picturesOf(count, area) {
  return area <= SMALL ? new PlainPictures(count, area) : new PackedPictures(count, area);
}

class PlainPictures {
  #area;

  /** @param {number} count @param {number} area */
  constructor(count, area) {
    this.#area = area;
    this.pixels = new Uint8Array(count * area);
  }

  get bytes() {
    return this.pixels.length;
  }

  /** @param {number} id */
  find(id) {
    return id * this.#area;
  }

  /** @param {number} id @param {Uint8Array} picture */
  put(id, picture) {
    this.pixels.set(picture, id * this.#area);
  }
}

class PackedPictures {
  /** Where each begins, counted through all blocks. */
  #begins;
  /** A picture lies in one of them as a whole. @type {Uint8Array[]} */
  #blocks = [];
  #size;
  /** Where the next will begin. */
  #end = 0;
  #draft;

  /** @param {number} count @param {number} area */
  constructor(count, area) {
    this.pixels = new Uint8Array(area);
    this.#begins = new Uint32Array(count).fill(NOWHERE);
    this.#draft = new Uint8Array(mostBytes(area));
    this.#size = Math.max(this.#draft.length, Math.min(BLOCK, count * this.#draft.length));
  }

  get bytes() {
    return this.#begins.byteLength + this.#draft.length + this.pixels.length + this.#blocks.length * this.#size;
  }

  /** @param {number} id */
  find(id) {
    const begin = this.#begins[id];
    if (begin === NOWHERE) this.pixels.fill(0);
    else unpack(this.#blocks[Math.floor(begin / this.#size)], begin % this.#size, this.pixels);
    return 0;
  }

  /** @param {number} id @param {Uint8Array} picture */
  put(id, picture) {
    const length = pack(picture, this.#draft);
    const room = this.#blocks.length * this.#size - this.#end;
    if (length > room) {
      this.#end += room;
      this.#blocks.push(new Uint8Array(this.#size));
    }
    this.#blocks[this.#blocks.length - 1].set(this.#draft.subarray(0, length), this.#end % this.#size);
    this.#begins[id] = this.#end;
    this.#end += length;
  }
}

/** Two for each run that is as long as can be, and for each that is not, of which each takes four pixels at the least. @param {number} area */
function mostBytes(area) {
  return area + 2 * Math.ceil(area / MOST) + 2;
}

/** @param {Uint8Array} picture @param {Uint8Array} into @returns {number} how many bytes it takes there */
function pack(picture, into) {
  let [at, to] = [0, 0];
  while (at < picture.length) {
    const blank = at;
    while (at < picture.length && at - blank < MOST && !picture[at]) at += 1;
    const ink = at;
    for (let end = at; end < picture.length && end - ink < MOST && end - at < GAP; end++) if (picture[end]) at = end + 1;
    into[to++] = ink - blank;
    into[to++] = at - ink;
    for (let from = ink; from < at; from++) into[to++] = picture[from];
  }
  return to;
}

/** @param {Uint8Array} block @param {number} from where the picture begins in it @param {Uint8Array} picture */
function unpack(block, from, picture) {
  picture.fill(0);
  for (let at = 0; at < picture.length; ) {
    at += block[from++];
    for (const end = at + block[from++]; at < end; at++, from++) picture[at] = block[from];
  }
}
