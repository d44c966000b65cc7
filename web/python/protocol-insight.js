/**
 * What the network page asks of Python, and what it is answered: the part of the protocol about
 * looking into one network. Types, and nothing else; `protocol.js` has them among its requests.
 *
 * A subject is a network by name, with weights of its own; any number of them are held. What is
 * asked about it is measured on the digits of `examples`, and digits are told by their index in the
 * data set.
 *
 * @module
 */

/**
 * @typedef {import('./protocol.js').Named} Named
 * @typedef {import('./protocol.js').LayerDescription} LayerDescription
 * @typedef {import('./protocol.js').Quantity} Quantity
 * @typedef {Partial<import('./protocol.js').RunConfig>} Config layers, loss and optimizer; batch and seed of its training
 *
 * @typedef {object} InsightRequests
 * @property {(what: {part: 'train'|'test', images: Uint8Array, labels: Uint8Array, rows: number, columns: number, first: number}) => null} examples
 *   in place of that part's last ones; `first`: index of the first one
 * @property {(what: {subject: string, config: Config, shape: number[], arrays: Record<string, Named>}) => {layers: LayerDescription[], parameters: number}} subject
 *   begins it or replaces it; refused with the name of the tensor that is missing, too many or of another shape
 * @property {(what: {file: string, bytes: ArrayBuffer, config?: Config, shape?: number[]}) => {config: import('./protocol.js').RunConfig, shape: number[], arrays: Record<string, Named>}} subject_file
 *   what is in a file of ours, and no subject yet; arrays that are alone, as in every npz file, are taken for those of `config`
 * @property {(what: {config: Config, shape: number[], seed: number}) => {arrays: Record<string, Named>}} subject_fresh first weights
 * @property {(what: {subject: string, pixels: Float32Array, label: number}) => {quantities: Quantity[], verdict: Verdict}} subject_step
 * @property {(what: {subject: string, pixels: Float32Array, label: number|null}) => LinearMap} subject_map
 * @property {(what: {subject: string, pixels: Float32Array|null, arrays: string[]}) => Record<string, Named>} subject_arrays names as in `Watch`
 * @property {(what: {subject: string}) => null} subject_close no fault if there is none
 */

/**
 * What one step on one digit does: losses, and how many are read rightly, before and after it. There
 * is a row for the digit, and one for each part that examples have come of.
 *
 * @typedef {object} Verdict
 * @property {{of: 'digit'|'batch'|'test', count: number, before: number, after: number, rightBefore: number, rightAfter: number}[]} rows
 * @property {Change[]} worse test digits that are read wrongly only now
 * @property {Change[]} better test digits that are read rightly only now
 *
 * A digit that is read otherwise: its index in the data set, its class, and the answers.
 * @typedef {{index: number, label: number, before: number, after: number}} Change
 */

/**
 * The map from one digit to the logits (glassnet.insight.linear): template · digit + constant is the
 * logit where it is exact; else templates are ∂logit/∂x, and `why` says what bends.
 *
 * @typedef {object} LinearMap
 * @property {boolean} exact
 * @property {string} why as `sigmoid in layers.0, tanh in layers.2`; empty if it is exact
 * @property {Named} templates classes, then the digit's shape
 * @property {Float64Array} products template · digit
 * @property {Float64Array} constants
 * @property {Float64Array} logits
 * @property {Named|null} gradient ∂L/∂x for the label
 * @property {Record<string, Uint8Array>} on by layer, as `layers.0`: which of its units are on; of a
 *   maximum pool, which number of its window it is
 */

export {};
