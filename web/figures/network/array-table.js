/**
 * An array as a table: as many cells as can be read, around the one that is looked at, with heads
 * that say which they are.
 *
 * @module
 */

import { html, nothing } from 'lit';
import { label, placesOf } from '../../models/axes.js';
import { precise } from '../../models/words.js';

/** Cells shown at most: of a long list, and of a plane. */
const [LIST, ROWS, COLUMNS] = [100, 28, 14];

/**
 * @typedef {object} Part which cells of an array a table shows
 * @property {number[]} fixed the place along every axis, of which those of the two that are shown do not count
 * @property {number} down which axis goes downwards; −1: none
 * @property {number} across which goes to the right; −1: none
 * @property {{first: number, count: number, of: number}} rows
 * @property {{first: number, count: number, of: number}} columns
 */

/**
 * @param {number[]} shape
 * @param {string[]} axes
 * @param {number} at the cell that has to be in it
 * @param {Part|null} before what was shown: it stays as long as the cell is in it
 * @returns {Part}
 */
export function partAround(shape, axes, at, before) {
  const fixed = placesOf(shape, at);
  const row = axes.indexOf('row');
  const image = row >= 0 && axes[row + 1] === 'column';
  const last = shape.length - 1;
  const single = shape.length < 2 || (shape.length === 2 && shape[0] === 1);
  const [down, across] = image ? [row, row + 1] : single ? [last, -1] : [last - 1, last];
  const most = across < 0 ? LIST : ROWS;
  const rows = window(down, most, before?.down === down ? before.rows : null);
  const columns = window(across, COLUMNS, before?.across === across ? before.columns : null);
  return { fixed, down, across, rows, columns };

  /** @param {number} axis @param {number} size @param {Part['rows']|null} held */
  function window(axis, size, held) {
    if (axis < 0) return { first: 0, count: 1, of: 1 };
    const [of, place] = [shape[axis], fixed[axis]];
    if (held && held.of === of && place >= held.first && place < held.first + held.count) return held;
    const count = Math.min(size, of);
    return { first: Math.max(0, Math.min(of - count, place - (count >> 1))), count, of };
  }
}

/** @param {number[]} shape @param {Part} part @param {number} row @param {number} column @returns {number} flat index of one of its cells */
export function cellOf(shape, { fixed, down, across }, row, column) {
  let at = 0;
  for (let i = 0; i < shape.length; i++) at = at * shape[i] + (i === down ? row : i === across ? column : fixed[i]);
  return at;
}

/**
 * @param {object} array
 * @param {Float32Array} array.values
 * @param {number[]} array.shape
 * @param {string[]} array.axes
 * @param {string[]} array.classes
 * @param {number} array.selected
 * @param {Set<number>} array.lit
 * @param {string} array.name
 * @param {Part} part
 * @param {(detail: {pick?: number, point?: number, part?: Part}) => void} act
 */
export function table({ values, shape, axes, classes, selected, lit, name }, part, act) {
  const { down, across, rows, columns } = part;
  const list = (/** @type {Part['rows']} */ { first, count }) => Array.from({ length: count }, (_, i) => first + i);
  const head = (/** @type {number} */ axis, /** @type {number} */ place) => html`<span data-axis=${axes[axis]}>${label(axes[axis], place, classes)}</span>`;
  const cell = (/** @type {number} */ row, /** @type {number} */ column) => {
    const at = cellOf(shape, part, row, column);
    return html`<td data-at=${at} aria-current=${at === selected ? 'true' : nothing} ?data-lit=${lit.has(at)} @click=${() => act({ pick: at })} @pointerenter=${() => act({ point: at })}>${precise(values[at])}</td>`;
  };
  return html`
    ${pages('row', rows, down, axes, (first) => act({ part: { ...part, rows: { ...rows, first } } }))}
    ${pages('column', columns, across, axes, (first) => act({ part: { ...part, columns: { ...columns, first } } }))}
    <div class="scroll" tabindex="0" role="region" aria-label="${name} as a table" @pointerleave=${() => act({ point: -1 })}>
      <table>
        <thead>
          <tr><th scope="col">${down < 0 ? '' : axes[down]}${across < 0 ? '' : ` \\ ${axes[across]}`}</th>${list(columns).map((column) => html`<th scope="col">${across < 0 ? 'value' : head(across, column)}</th>`)}</tr>
        </thead>
        <tbody>${list(rows).map((row) => html`<tr><th scope="row">${down < 0 ? '' : head(down, row)}</th>${list(columns).map((column) => cell(row, column))}</tr>`)}</tbody>
      </table>
    </div>
  `;
}

/** What leads to the rows, or columns, before and after. @param {string} what @param {Part['rows']} shown @param {number} axis @param {string[]} axes @param {(first: number) => void} go */
function pages(what, { first, count, of }, axis, axes, go) {
  if (count >= of) return nothing;
  const button = (/** @type {string} */ text, /** @type {number} */ to, /** @type {string} */ words) =>
    html`<button aria-label="${words} ${axes[axis]}s" aria-disabled=${to === first} @click=${() => go(to)}>${text}</button>`;
  return html`<div class="bar">
    ${button('‹', Math.max(0, first - count), 'Earlier')}
    <span data-axis=${axes[axis]}>${axes[axis]} ${label(axes[axis], first, [])} to ${label(axes[axis], first + count - 1, [])} of ${of}</span>
    ${button('›', Math.min(of - count, first + count), 'Later')}
  </div>`;
}
