/**
 * A layer's numbers laid out as pictures, one after another, each row by row: what `drawTiles` draws.
 *
 * @module
 */

/**
 * Rows of weights, each as a picture of `area` pixels; what it has too few is left zero.
 *
 * @param {Float32Array} weights (units, inputs)
 * @param {number} inputs
 * @param {number} area at least as many
 * @param {number} units how many are wanted
 * @returns {Float32Array} (units, area), not a copy where none is needed
 */
export function rowsAsPictures(weights, inputs, area, units) {
  if (inputs === area) return weights.subarray(0, units * area);
  const pictures = new Float32Array(units * area);
  for (let unit = 0; unit < units; unit++) pictures.set(weights.subarray(unit * inputs, (unit + 1) * inputs), unit * area);
  return pictures;
}

/**
 * Feature maps, which lie beside each other place by place.
 *
 * @param {Float32Array} answers (area, maps)
 * @param {number} maps
 * @param {number} units how many are wanted
 * @returns {Float32Array} (units, area)
 */
export function mapsAsPictures(answers, maps, units) {
  const area = answers.length / maps;
  const pictures = new Float32Array(units * area);
  for (let unit = 0; unit < units; unit++) {
    for (let place = 0; place < area; place++) pictures[unit * area + place] = answers[place * maps + unit];
  }
  return pictures;
}

/**
 * Kernels, each channel a square of its own, the squares beside and below each other.
 *
 * @param {Float32Array} weight (filters, size, size, channels)
 * @param {number[]} shape of it
 * @param {{rows: number, columns: number}} picture of one kernel
 * @param {number} units how many are wanted
 * @returns {Float32Array} (units, rows * columns)
 */
export function kernelsAsPictures(weight, [, size, width, channels], { rows, columns }, units) {
  const pictures = new Float32Array(units * rows * columns);
  const across = columns / width;
  const own = size * width * channels;
  for (let i = 0; i < units * own; i++) {
    const [unit, place, channel] = [Math.floor(i / own), Math.floor((i % own) / channels), i % channels];
    const row = Math.floor(channel / across) * size + Math.floor(place / width);
    const column = (channel % across) * width + (place % width);
    pictures[(unit * rows + row) * columns + column] = weight[i];
  }
  return pictures;
}
