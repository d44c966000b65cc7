/**
 * What crosses between the wall and the worker that keeps its digits: types, and nothing else. The
 * worker has the pixels; the page has the labels, and decides where each digit goes. Every request
 * is answered or refused (web/wire/requests.js).
 *
 * @module
 */

/**
 * @typedef {import('../data/examples.js').About} About
 * @typedef {import('../data/own-files.js').Given} Given
 * @typedef {import('../draw/colour.js').RGB} RGB
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
 * @property {number} tint 0..3 of three: how much of its colour a digit shows
 *
 * The colours that digits are painted in: from no ink to full ink, and what full ink is for each hue.
 * @typedef {object} Inks
 * @property {RGB} zero no ink
 * @property {RGB} one full ink
 * @property {RGB} marked no ink where a digit is selected
 * @property {RGB[]} hues full ink of the digits that have one, hue 1 first
 * @property {Uint8Array|'label'} of each digit's hue, by id, 0 is plain; empty: all are; or it follows from the label
 *
 * A moment of the change from one arrangement to another.
 * @typedef {object} Moment
 * @property {number} share 0..1
 * @property {number} left edge of what is seen, on the plane
 * @property {number} top
 * @property {number} width of the picture, in pixels
 * @property {number} height
 * @property {number} edge pixels a digit, one of the set's levels
 * @property {number} tint as of a tile
 *
 * Per class: how many, the mean and the standard deviation of each pixel (0..255), the mean ink.
 * @typedef {object} ClassFigures
 * @property {Uint32Array} counts
 * @property {number} rows of the means; fewer than the set's, where many classes of large images are measured on copies
 * @property {number} columns
 * @property {Float32Array} means (classes, rows, columns)
 * @property {Float32Array} deviations (classes, rows, columns)
 * @property {Float64Array} histogram how often each pixel value occurs
 */

/**
 * The requests and their answers.
 *
 * @typedef {object} Requests
 * @property {(what: {index: string, cache: RequestCache}) => null} open the site's set; answered when all of it is here, refused at the first shard that does not come; asked again, only the missing ones are fetched
 * @property {(what: {files: Given[]}) => string[]|null} files the visitor's own; or names of the classes, and then these
 * @property {(what: {tile: TileName, version: number}) => ImageBitmap|null} tile null: the arrangement has changed since
 * @property {(what: {moment: Moment}) => ImageBitmap|null} moment
 * @property {(what: {id: number}) => Uint8Array<ArrayBuffer>} pixels of one digit
 * @property {(what: {id: number, counts: {all: number, unlike: number}}) => {all: import('../data/nearest.js').Nearest, unlike: import('../data/nearest.js').Nearest}} near those most like one, and those of them that have another label
 * @property {(what: {ids: Uint32Array}) => ClassFigures} figures
 * @property {(what: {ids: Uint32Array, into?: Uint8Array<ArrayBuffer>}) => Uint8Array<ArrayBuffer>} images pixels of some, one after another; into memory that is handed over, if it is large enough
 * @property {(what: {}) => {ink: Float32Array, similarity: Float32Array}} measures by id
 * @property {(what: {network: import('../data/network.js').Network}) => import('../data/readings.js').Readings} read all digits by a network
 *
 * What the worker is told without an answer.
 * @typedef {object} Tells
 * @property {(what: {index: string}) => void} prepare begins with the site's set, before anybody asks for it
 * @property {(what: {version: number, places: Places, before: boolean}) => void} arrange `before`: digits move there from where they were
 * @property {(what: {ids: Uint32Array}) => void} mark the selected ones
 * @property {(what: {inks: Inks}) => void} colours
 *
 * What it tells unasked.
 * @typedef {{news: 'hello'}
 *   | {news: 'set', about: About}
 *   | {news: 'reading', arrived: number, count: number}
 *   | {news: 'arrived', start: number, labels: Uint8Array, writers?: Uint16Array}
 *   | {news: 'busy', seconds: number}
 * } News
 */

export {};
