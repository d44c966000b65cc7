/**
 * What is drawn of a layer, out of a frame's arrays.
 *
 * @module
 */

import { kernelsAsPictures, mapsAsPictures, rowsAsPictures } from '../../draw/layers.js';

/**
 * @typedef {object} Pictures each null while the frame does not have what it takes
 * @property {Float32Array|null} values one picture a unit, (units, rows * columns)
 * @property {Float32Array|null} kernels of a convolution, one a unit
 * @property {Float32Array|null} answers of the layer to the digit
 */

/**
 * @param {import('../../python/client.js').Seen|null} frame
 * @param {import('../../models/shown.js').Picture|null} picture
 * @param {number} units drawn
 * @returns {Pictures}
 */
export function layerPictures(frame, picture, units) {
  if (!frame || !picture) return { values: null, kernels: null, answers: null };
  const name = `layers.${picture.layer}`;
  const weight = frame.arrays[`${name}.weight`];
  const answers = frame.arrays[`${name}.a`]?.data ?? null;
  const { rows, columns } = picture.shape;
  if (picture.kind === 'weights') {
    return { values: weight ? rowsAsPictures(weight.data, weight.shape[1], rows * columns, units) : null, kernels: null, answers };
  }
  return {
    values: answers && mapsAsPictures(answers, picture.units, units),
    kernels: weight && picture.kernel ? kernelsAsPictures(weight.data, weight.shape, picture.kernel, units) : null,
    answers,
  };
}
