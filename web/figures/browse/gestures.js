/**
 * Pointer, touch and wheel as what they mean on the wall: move, zoom, point, pick, draw a rectangle.
 * Knows positions in the element, and nothing of digits.
 *
 * @module
 */

/**
 * @typedef {{left: number, top: number}} Spot in CSS pixels of the element
 *
 * @typedef {object} Meanings
 * @property {(dx: number, dy: number) => void} move by so many pixels
 * @property {(factor: number, about: Spot) => void} zoom
 * @property {(spot: Spot|null) => void} point the pointer is there, without a button; null: it has left
 * @property {(spot: Spot, keys: {add: boolean, range: boolean}) => void} pick
 * @property {(from: Spot, to: Spot, done: boolean) => void} rectangle
 * @property {() => boolean} selecting whether a plain drag draws a rectangle
 * @property {() => boolean} held whether a plain wheel is for the wall; if not, it scrolls the page, as one finger does
 * @property {() => void} passed a wheel has been left to the page
 */

/** Pixels that a press may wander and still be a pick. */
const STILL = 5;

export class Gestures {
  /** Pressed pointers. @type {Map<number, Spot>} */
  #pressed = new Map();
  /** Where the press began, until it has moved. @type {Spot|null} */
  #began = null;
  #drawing = false;
  #listening = new AbortController();

  /** @param {HTMLElement} element @param {Meanings} meanings */
  constructor(element, meanings) {
    this.element = element;
    this.meanings = meanings;
    const { signal } = this.#listening;
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    element.addEventListener('pointermove', (event) => this.#moved(event), { signal });
    element.addEventListener('pointerup', (event) => this.#up(event), { signal });
    element.addEventListener('pointercancel', (event) => this.#up(event), { signal });
    element.addEventListener('pointerleave', () => meanings.point(null), { signal });
    element.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
  }

  release() {
    this.#listening.abort();
  }

  /** @param {MouseEvent} event @returns {Spot} */
  #spot({ clientX, clientY }) {
    const { left, top } = this.element.getBoundingClientRect();
    return { left: clientX - left, top: clientY - top };
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    this.#pressed.set(event.pointerId, this.#spot(event));
    this.#began = this.#pressed.size === 1 ? this.#spot(event) : null;
    this.#drawing = false;
    this.element.toggleAttribute('data-held', true);
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const spot = this.#spot(event);
    const before = this.#pressed.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch') this.meanings.point(spot);
      return;
    }
    if (this.#pressed.size === 2) return this.#pinch(event.pointerId, spot);
    const began = this.#began;
    if (began) {
      if (Math.hypot(spot.left - began.left, spot.top - began.top) < STILL && !this.#drawing) return;
      this.#drawing ||= event.shiftKey || this.meanings.selecting();
      if (this.#drawing) return this.meanings.rectangle(began, spot, false);
      this.#began = null;
    }
    this.#pressed.set(event.pointerId, spot);
    this.meanings.move(spot.left - before.left, spot.top - before.top);
  }

  /** @param {number} moved which of the two pointers @param {Spot} spot */
  #pinch(moved, spot) {
    const [[, held]] = [...this.#pressed].filter(([pointer]) => pointer !== moved);
    const before = /** @type {Spot} */ (this.#pressed.get(moved));
    const was = Math.hypot(before.left - held.left, before.top - held.top);
    const is = Math.hypot(spot.left - held.left, spot.top - held.top);
    this.#pressed.set(moved, spot);
    this.meanings.move((spot.left - before.left) / 2, (spot.top - before.top) / 2);
    if (was > 0 && is > 0) this.meanings.zoom(is / was, { left: (spot.left + held.left) / 2, top: (spot.top + held.top) / 2 });
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#pressed.delete(event.pointerId)) return;
    const began = this.#began;
    this.#began = null;
    if (!this.#pressed.size) this.element.toggleAttribute('data-held', false);
    if (!began) return;
    const spot = this.#spot(event);
    if (this.#drawing) this.meanings.rectangle(began, spot, true);
    else if (event.type === 'pointerup') this.meanings.pick(spot, { add: event.ctrlKey || event.metaKey, range: event.shiftKey });
    this.#drawing = false;
  }

  /** A wheel zooms; a track pad's two fingers move, and pinching it (which comes with Ctrl) zooms. @param {WheelEvent} event */
  #wheel(event) {
    if (!event.ctrlKey && !this.meanings.held()) return this.meanings.passed();
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const pad = !event.ctrlKey && event.deltaMode === WheelEvent.DOM_DELTA_PIXEL && (Math.abs(dx) > 0 || Math.abs(dy) < 40);
    if (pad) this.meanings.move(-dx, -dy);
    else this.meanings.zoom(Math.exp(-Math.max(-300, Math.min(300, dy)) * (event.ctrlKey ? 0.01 : 0.002)), this.#spot(event));
  }
}
