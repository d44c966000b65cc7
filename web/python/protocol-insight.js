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
 * @property {(what: {subject: string}) => {layers: LayerCensus[]}} subject_census over the test examples, 2000 at most
 * @property {(what: {subject: string, layer: number|string, unit: number, pixels: Float32Array}) => UnitRange} subject_unit `layer` by its number or name
 * @property {(what: {subject: string, edits: Edit[], pixels: Float32Array}) => Operated} subject_edit
 *   these edits, and no others, of the subject as it was opened or as training has left it; all that is asked
 *   afterwards is about the edited one
 * @property {(what: {subject: string, pixels: Float32Array, to: number|null}) => Flip} subject_flip
 * @property {(what: {subject: string, pixels: Float32Array, label?: number|null}) => {threshold: number, layers: ActiveLayer[]}} subject_active
 *   with a label, right and wrong are those of that class alone
 * @property {(what: {subject: string, milliseconds: number, pixels: Float32Array|null, arrays: string[]}) => Trained} subject_train
 *   real steps on the training examples, seeded, for about so long; edits made before are learnt with and can't be undone
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

/**
 * One layer's units over the test examples (glassnet.insight.census); arrays have a number a unit. Of
 * a layer of images, units are channels, and their activation is the largest of the map.
 *
 * @typedef {object} LayerCensus
 * @property {string} name as `layers.0`
 * @property {number} units
 * @property {Float32Array} least
 * @property {Float32Array} most
 * @property {Float32Array} mean
 * @property {Float32Array} active share of the digits that it answers to, 0..1
 * @property {Uint8Array} dead 1: it is the same number for all; of a relu, never above 0
 * @property {Uint8Array} saturated 1: a sigmoid or tanh at its end for 99 % of the digits
 * @property {Int32Array} twin unit that looks for the same, |cosine| of their weights > 0.95; -1: none
 * @property {Float32Array} likeness cosine with the most similar other unit
 *
 * A digit and how active a unit is for it.
 * @typedef {{index: number, activation: number, label: number}} Activation
 *
 * @typedef {object} UnitRange
 * @property {number} here its activation for the digit asked about
 * @property {Float32Array} edges of the histogram's bins, one more than those
 * @property {Uint32Array} counts
 * @property {Activation[]} along nine, from the weakest to the strongest, evenly spaced in rank
 * @property {Activation[]} most nine, the strongest first
 *
 * `array` as `layers.0.weight`; `at`: its place there, row by row.
 * @typedef {{kind: 'off', layer: number|string, unit: number}
 *   | {kind: 'set', array: string, at: number, value: number}
 *   | {kind: 'paint', array: string, at: number, values: Float32Array}
 * } Edit
 *
 * What comes of edits: loss and rightly read ones of `count` test examples, without and with them.
 * @typedef {object} Operated
 * @property {number} count
 * @property {{loss: number, right: number}} before
 * @property {{loss: number, right: number}} after
 * @property {Change[]} worse
 * @property {Change[]} better
 * @property {Change[]} changed all that are read otherwise, worse and better among them
 * @property {Record<string, Named>} arrays parameters that now differ
 * @property {Float32Array} outputs for the digit asked about
 *
 * @typedef {object} Flip
 * @property {Named} path pictures, from the digit on
 * @property {Named} outputs for each of them
 * @property {number} from
 * @property {number} to what the last one is read as; the nearest or wished one, if it could not be flipped
 * @property {boolean} flipped
 * @property {number} distance √Σ (difference of pixels)² of the last one and the first
 *
 * Means of the weights of active units: for the digit asked about, and over digits read rightly and wrongly;
 * null where there are none. Their shape is that of a unit's weights: the layer's input, or its window.
 * @typedef {{layer: number, here: Named|null, right: Named|null, wrong: Named|null, units: Uint8Array}} ActiveLayer
 *
 * @typedef {object} Trained
 * @property {number} step taken since training began
 * @property {Float32Array} losses of the steps that were taken now; the last is NaN if it has diverged
 * @property {number|null} right share of 500 test examples, about twice a second
 * @property {Record<string, Named>} arrays
 */

export {};
