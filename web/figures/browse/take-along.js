/**
 * Digits in forms that other programs take: a PNG, a line of numpy, a file to keep.
 *
 * @module
 */

/** @typedef {{rows: number, columns: number}} Shape */

/** @param {Uint8Array} pixels ink is white, as the file has it @param {Shape} shape @returns {Promise<Blob>} */
export function asPNG(pixels, { rows, columns }) {
  const canvas = Object.assign(document.createElement('canvas'), { width: columns, height: rows });
  const context = canvas.getContext('2d');
  if (!context) return Promise.reject(new Error('this browser draws no 2-D canvas'));
  const data = context.createImageData(columns, rows);
  pixels.forEach((value, i) => data.data.set([value, value, value, 255], 4 * i));
  context.putImageData(data, 0, 0);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture came'))), 'image/png'));
}

/** @param {Uint8Array} pixels @param {Shape} shape @param {string} comment @returns {string} Python that makes the array */
export function asNumpy(pixels, { rows, columns }, comment) {
  const lines = Array.from({ length: rows }, (_, row) => `    [${[...pixels.subarray(row * columns, (row + 1) * columns)].join(', ')}],`);
  return `import numpy as np\n\n# ${comment}\nx = np.array([\n${lines.join('\n')}\n], dtype=np.uint8)\n`;
}

/** Hands a file to the visitor. @param {string} name @param {BlobPart[]} parts @param {string} type */
export function save(name, parts, type) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
