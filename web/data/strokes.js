/**
 * The strokes of a pen on a square of paper, and how an address spells them: letters only, so that
 * no mail program breaks a link. A stroke is three letters for where it begins and one for each
 * step from there, of at most three units down and across; a full stop parts two strokes, and `0`
 * is a paper with nothing on it. Every text that has this form is some drawing.
 *
 * @module
 */

/**
 * @typedef {{x: number, y: number}} Point whole units, 0 to SIDE - 1
 * @typedef {Point[]} Stroke at least one point
 */

/** Units of the paper's side: four to a pixel of a digit as large as the paper. */
export const SIDE = 112;
/** What an address says of an empty paper. */
export const EMPTY = '0';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw'; // 7 × 7 steps
const STEP = 3;
const SPAN = 2 * STEP + 1;

/** @param {string} text of the right form @returns {Stroke[]} what runs off the paper stays at its edge */
export function read(text) {
  if (text === EMPTY) return [];
  return text.split('.').map((word) => {
    const [place, ...steps] = [word.slice(0, 3), ...word.slice(3)];
    const start = number(place) % SIDE ** 2;
    let { x, y } = { x: start % SIDE, y: Math.floor(start / SIDE) };
    const stroke = [{ x, y }];
    for (const letter of steps) {
      const step = number(letter);
      x = inside(x + (step % SPAN) - STEP);
      y = inside(y + Math.floor(step / SPAN) - STEP);
      stroke.push({ x, y });
    }
    return stroke;
  });
}

/** @param {Stroke[]} strokes whose points are steps apart, as `reach` puts them @returns {string} */
export function write(strokes) {
  return strokes.map(word).join('.') || EMPTY;
}

/** @param {Stroke} stroke @returns {string} */
function word([start, ...rest]) {
  const place = start.y * SIDE + start.x;
  const base = LETTERS.length;
  let text = LETTERS[Math.floor(place / base ** 2)] + LETTERS[Math.floor(place / base) % base] + LETTERS[place % base];
  let last = start;
  for (const point of rest) {
    text += LETTERS[(point.y - last.y + STEP) * SPAN + point.x - last.x + STEP];
    last = point;
  }
  return text;
}

/** Draws on to a point, in steps. @param {Stroke} stroke @param {Point} point */
export function reach(stroke, { x, y }) {
  const last = stroke[stroke.length - 1];
  const [across, down] = [inside(x) - last.x, inside(y) - last.y];
  const steps = Math.ceil(Math.max(Math.abs(across), Math.abs(down)) / STEP);
  for (let i = 1; i <= steps; i++) {
    stroke.push({ x: last.x + Math.round((across * i) / steps), y: last.y + Math.round((down * i) / steps) });
  }
}

/** @param {number} unit @returns {number} the nearest on the paper */
export function inside(unit) {
  return Math.min(SIDE - 1, Math.max(0, unit));
}

/** @param {string} letters @returns {number} */
function number(letters) {
  return [...letters].reduce((sum, letter) => sum * LETTERS.length + LETTERS.indexOf(letter), 0);
}
