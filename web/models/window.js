/**
 * A window that is moved over an image: which cells it sees where it stands, and which of its
 * places see a cell. The same geometry as `unfold` and `fold` of the package.
 *
 * @module
 */

/**
 * @typedef {object} Seen a place of the window, and what is there
 * @property {number} position where the window stands: its row and column, as one number
 * @property {number} place in the window: row and column there, as one number
 *
 * @typedef {object} Geometry
 * @property {number} positions
 * @property {number} area places in the window
 * @property {number} channels of the image
 * @property {number} cells of the image
 * @property {(position: number, place: number) => number} cellAt the image's cell there, in its first channel; -1: outside
 * @property {(cell: number) => Seen[]} seenFrom everywhere a cell is seen from
 */

/** @param {import('../python/protocol.js').LayerDescription} layer a convolution or a pool @returns {Geometry} */
export function windowOf({ options, input: [height, width, channels = 1], output: [rows, columns] }) {
  const size = Number(options.size);
  const stride = Number(options.stride) || size;
  const padding = Number(options.padding ?? 0);
  const positions = rows * columns;
  /** @type {Geometry['cellAt']} */
  const cellAt = (position, place) => {
    const row = Math.floor(position / columns) * stride - padding + Math.floor(place / size);
    const column = (position % columns) * stride - padding + (place % size);
    return row < 0 || row >= height || column < 0 || column >= width ? -1 : (row * width + column) * channels;
  };
  /** @type {Geometry['seenFrom']} */
  const seenFrom = (cell) => {
    const pixel = Math.floor(cell / channels);
    const [top, left] = [Math.floor(pixel / width) + padding, (pixel % width) + padding];
    /** @type {Seen[]} */
    const found = [];
    for (let place = 0; place < size * size; place++) {
      const [row, column] = [(top - Math.floor(place / size)) / stride, (left - (place % size)) / stride];
      if (!Number.isInteger(row) || !Number.isInteger(column)) continue;
      if (row >= 0 && row < rows && column >= 0 && column < columns) found.push({ position: row * columns + column, place });
    }
    return found;
  };
  return { positions, area: size * size, channels, cells: height * width * channels, cellAt, seenFrom };
}
