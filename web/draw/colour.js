/**
 * Ramps of colour for numbers: a value becomes an index into a small table of RGBA pixels. Signed
 * ramps are symmetric around zero, which is always the neutral colour, so that zero never drifts.
 *
 * @module
 */

/** @typedef {[red: number, green: number, blue: number]} RGB each 0..255 */
/** @typedef {Uint32Array} Ramp RGBA pixels as `ImageData` stores them, from the lowest value to the highest */

/** Steps on each side of zero. */
const STEPS = 255;

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
  const ramp = new Uint32Array(2 * STEPS + 1);
  for (let i = -STEPS; i <= STEPS; i++) {
    const strength = (Math.abs(i) / STEPS) ** gamma;
    ramp[i + STEPS] = pixel(mix(zero, i < 0 ? negative : positive, strength));
  }
  return ramp;
}

/**
 * From `zero` at 0 to `one` at 1.
 *
 * @param {RGB} zero
 * @param {RGB} one
 * @returns {Ramp} 256 pixels
 */
export function plainRamp(zero, one) {
  const ramp = new Uint32Array(STEPS + 1);
  for (let i = 0; i <= STEPS; i++) ramp[i] = pixel(mix(zero, one, i / STEPS));
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
