/**
 * Where the numbers of an array lie in a picture of it: tiles, each of rows and columns, and for
 * every cell of a tile the number's place in the array. Pictures are drawn by it, and what is
 * pointed at is found by it, so that both are the same.
 *
 * @module
 */

/**
 * @typedef {object} Plan
 * @property {number} tiles
 * @property {number} rows of a tile
 * @property {number} columns
 * @property {number} size how many numbers the array has
 * @property {(tile: number, row: number, column: number) => number} index of a cell in the array, row-major; -1: the cell is empty
 * @property {(at: number) => {tile: number, row: number, column: number}} cell of a number
 */

/**
 * The incoming weights of a dense layer: a tile a unit, laid out as the image that comes in, its
 * channels beside each other; or, where no image does, as nearly square as can be.
 *
 * @param {number} units
 * @param {number[]} input shape of one example
 * @returns {Plan}
 */
export function weightsPlan(units, input) {
  const inputs = input.reduce((all, length) => all * length, 1);
  const image = input.length > 1 ? input : near(inputs);
  const inner = imagePlan(image);
  const { rows, columns } = sideBySide(inner);
  const across = columns / inner.columns;
  return {
    tiles: units,
    rows,
    columns,
    size: units * inputs,
    index(tile, row, column) {
      const channel = Math.floor(row / inner.rows) * across + Math.floor(column / inner.columns);
      const at = channel < inner.tiles ? inner.index(channel, row % inner.rows, column % inner.columns) : -1;
      return at < 0 || at >= inputs ? -1 : tile * inputs + at;
    },
    cell(at) {
      const { tile: channel, row, column } = inner.cell(at % inputs);
      return {
        tile: Math.floor(at / inputs),
        row: Math.floor(channel / across) * inner.rows + row,
        column: (channel % across) * inner.columns + column,
      };
    },
  };
}

/**
 * The kernels of a convolution, (filters, rows, columns, channels): a tile a filter.
 *
 * @param {number[]} shape
 * @returns {Plan}
 */
export function kernelsPlan([filters, ...kernel]) {
  return weightsPlan(filters, kernel);
}

/**
 * Any other array: an image, with a tile a channel; a matrix as one; a row of numbers as nearly
 * square as can be, or in a line if there are few.
 *
 * @param {number[]} shape without the batch
 * @returns {Plan}
 */
export function imagePlan(shape) {
  const [rows, columns, channels = 1] = shape.length > 1 ? shape : near(shape[0] ?? 1);
  const size = shape.reduce((all, length) => all * length, 1);
  return {
    tiles: channels,
    rows,
    columns,
    size,
    index(tile, row, column) {
      const at = (row * columns + column) * channels + tile;
      return at < size ? at : -1;
    },
    cell(at) {
      const place = Math.floor(at / channels);
      return { tile: at % channels, row: Math.floor(place / columns), column: place % columns };
    },
  };
}

/** Numbers in one line: more are laid out as a square. */
const LINE = 12;

/** @param {number} count @returns {[number, number]} rows and columns */
function near(count) {
  if (count <= LINE) return [1, count];
  const root = Math.sqrt(count);
  for (let rows = Math.floor(root); rows > 0 && count <= 3 * rows * rows; rows--) {
    if (count % rows === 0) return [rows, count / rows];
  }
  const columns = Math.ceil(root);
  return [Math.ceil(count / columns), columns];
}

/** The size of a plan's tiles laid out beside each other. @param {Plan} plan */
function sideBySide({ tiles, rows, columns }) {
  const across = Math.ceil(Math.sqrt(tiles));
  return { rows: rows * Math.ceil(tiles / across), columns: columns * across };
}

/**
 * An array's numbers in the order of the plan's cells, (tiles, rows * columns); empty cells are NaN,
 * which is drawn as nothing.
 *
 * @param {Plan} plan
 * @param {Float32Array} values
 * @param {number} tiles how many are wanted
 * @returns {Float32Array}
 */
export function laidOut({ rows, columns, index }, values, tiles) {
  const area = rows * columns;
  const laid = new Float32Array(tiles * area).fill(NaN);
  for (let tile = 0; tile < tiles; tile++) {
    for (let cell = 0; cell < area; cell++) {
      const at = index(tile, Math.floor(cell / columns), cell % columns);
      if (at >= 0) laid[tile * area + cell] = values[at];
    }
  }
  return laid;
}
