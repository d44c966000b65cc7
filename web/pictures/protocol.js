/**
 * The messages between the wall and the worker that keeps its digits: types, and nothing else. The
 * worker has the pixels; the page has the labels, and decides where each digit goes.
 *
 * @module
 */

/**
 * @typedef {import('../data/examples.js').About} About
 * @typedef {import('../data/own-files.js').Given} Given
 *
 * @typedef {object} Places where digits are, in digit edges
 * @property {Uint32Array} ids
 * @property {Float32Array} x
 * @property {Float32Array} y
 * @property {number} width of the plane
 * @property {number} height
 *
 * A square of the plane, drawn at a number of pixels a digit.
 * @typedef {object} TileName
 * @property {number} edge pixels a digit, one of the set's levels
 * @property {number} column
 * @property {number} row
 *
 * A moment of the change from one arrangement to another.
 * @typedef {object} Moment
 * @property {number} share 0..1
 * @property {number} left edge of what is seen, on the plane
 * @property {number} top
 * @property {number} width of the picture, in pixels
 * @property {number} height
 * @property {number} edge pixels a digit, one of the set's levels
 *
 * Per class: how many, the mean and the standard deviation of each pixel (0..255), the mean ink.
 * @typedef {object} ClassFigures
 * @property {Uint32Array} counts
 * @property {number} rows of the means; fewer than the set's, where many classes of large images are measured on copies
 * @property {number} columns
 * @property {Float32Array} means (classes, rows, columns)
 * @property {Float32Array} deviations (classes, rows, columns)
 * @property {Float64Array} histogram how often each pixel value occurs
 *
 * What can be asked for; each question has one answer.
 * @typedef {{type: 'tile', tile: TileName, version: number}
 *   | {type: 'moment', moment: Moment}
 *   | {type: 'pixels', id: number}
 *   | {type: 'near', id: number, count: number}
 *   | {type: 'figures', ids: Uint32Array}
 *   | {type: 'images', ids: Uint32Array, into?: Uint8Array<ArrayBuffer>}
 *   | {type: 'measures'}
 *   | {type: 'files', files: Given[]}
 * } Question
 *
 * @typedef {{type: 'open', index: string, cache: RequestCache}
 *   | {type: 'arrange', version: number, places: Places, before: boolean}
 *   | {type: 'mark', ids: Uint32Array}
 *   | {type: 'colours', plain: Uint32Array, marked: Uint32Array}
 *   | {type: 'ask', number: number, question: Question}
 * } Order
 *
 * @typedef {{type: 'hello'}
 *   | {type: 'set', about: About}
 *   | {type: 'arrived', start: number, labels: Uint8Array, arrived: number}
 *   | {type: 'failure', code: string, message: string, advice: string}
 *   | {type: 'answer', number: number, value: any}
 *   | {type: 'refusal', number: number, message: string}
 * } News
 */

export {};
