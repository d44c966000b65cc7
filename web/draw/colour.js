/**
 * Ramps of colour for numbers: a value becomes an index into a small table of RGBA pixels. Signed
 * ramps are symmetric around zero, which is always the neutral colour, so that zero never drifts.
 *
 * @module
 */

/** @typedef {[red: number, green: number, blue: number]} RGB each 0..255 */
/** @typedef {Uint32Array} Ramp RGBA pixels as `ImageData` stores them, from the lowest value to the highest */

/** Colours that there are for classes; a set with more begins again with the first. */
export const CLASS_COLOURS = 10;

/** Steps on each side of zero. */
const STEPS = 255;

/** Ramps made before, by what they were made from: every frame asks for the same few. @type {Map<string, Ramp>} */
const made = new Map();

/**
 * From `negative` at -range over `zero` to `positive` at +range.
 *
 * @param {RGB} negative
 * @param {RGB} zero
 * @param {RGB} positive
 * @param {number} [gamma] colour strength is |value / range| to this power; 1 is linear
 * @returns {Ramp} 511 pixels, zero in the middle
 */
export function signedRamp(negative, zero, positive, gamma = 1) {
  return kept(`${negative} ${zero} ${positive} ${gamma}`, () =>
    Uint32Array.from({ length: 2 * STEPS + 1 }, (_, i) => {
      const share = i / STEPS - 1;
      return pixel(mix(zero, share < 0 ? negative : positive, Math.abs(share) ** gamma));
    }),
  );
}

/**
 * From `zero` at 0 to `one` at 1.
 *
 * @param {RGB} zero
 * @param {RGB} one
 * @returns {Ramp} 256 pixels
 */
export function plainRamp(zero, one) {
  return kept(`${zero} ${one}`, () => Uint32Array.from({ length: STEPS + 1 }, (_, i) => pixel(mix(zero, one, i / STEPS))));
}

/**
 * Ramps of many hues, one after another, the first of plain ink.
 *
 * @param {{zero: RGB, one: RGB, marked: RGB, hues: RGB[]}} inks
 * @param {number} tint 0..1: how far full ink goes from plain to its hue
 * @param {number} gamma of coloured ink: below 1 a little of it shows its hue
 * @returns {{plain: Uint32Array, marked: Uint32Array}} 256 pixels a hue; on plain ground, and on that of what is marked
 */
export function inkTables({ zero, one, marked, hues }, tint, gamma) {
  const table = (/** @type {RGB} */ ground) => {
    const all = new Uint32Array(256 * (1 + hues.length));
    all.set(plainRamp(ground, one));
    hues.forEach((hue, k) => {
      const end = mix(one, hue, tint);
      for (let i = 0; i < 256; i++) all[256 * (k + 1) + i] = pixel(mix(ground, end, tint ? (i / 255) ** gamma : i / 255));
    });
    return all;
  };
  return { plain: table(zero), marked: table(marked) };
}

/** @param {string} key @param {() => Ramp} make @returns {Ramp} */
function kept(key, make) {
  const ramp = made.get(key) ?? make();
  if (made.size > 32) made.clear();
  made.set(key, ramp);
  return ramp;
}

/**
 * Where a value lies on a signed ramp; beyond the range it is the ramp's end, and a value that is
 * not a number is zero.
 *
 * @param {number} value
 * @param {number} range the value that gets the full colour, > 0
 */
export function signedIndex(value, range) {
  const scaled = Math.round((value / range) * STEPS);
  if (scaled > STEPS) return 2 * STEPS;
  if (scaled < -STEPS) return 0;
  return Number.isNaN(scaled) ? STEPS : scaled + STEPS;
}

/**
 * @param {RGB} from
 * @param {RGB} to
 * @param {number} share 0..1
 * @returns {RGB}
 */
export function mix(from, to, share) {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** @param {RGB} colour @param {number} [alpha] 0..1 */
export function css([red, green, blue], alpha = 1) {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)} / ${alpha})`;
}

/** @param {RGB} colour opaque, in the byte order of this machine */
function pixel(colour) {
  return new Uint32Array(new Uint8ClampedArray([...colour, 255]).buffer)[0];
}
