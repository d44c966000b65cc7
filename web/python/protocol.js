/**
 * What crosses between a page and the worker that runs Python: types, and nothing else but the
 * protocol's version. Both sides import this file, so a typo on either side is a type error.
 *
 * The interpreter holds any number of runs, by name, and any number of data sets. Every request is
 * answered or refused (web/wire/requests.js). A page that wants to watch a run names a reader: a
 * stream of frames, of which there is always at most one on its way: the next one comes when the
 * reader has acknowledged the last, and shows the run as it is then. Readers do not wait for each
 * other. Arrays are row-major float32 unless said otherwise; buffers are transferred.
 *
 * @module
 */

/** Raised by one when a message changes meaning; an old cached worker then says so by itself. */
export const PROTOCOL_VERSION = 2;

/**
 * One run's whole configuration, the same JSON document as in the CLI and the URL. Python validates
 * it (glassnet.config); a page may trust what comes back in a `Description`.
 *
 * @typedef {object} RunConfig
 * @property {LayerConfig[]} layers
 * @property {string} loss `mse`, `cross_entropy`, ...
 * @property {{type: string, lr: number, [option: string]: unknown}} optimizer
 * @property {{type: string, [option: string]: unknown}} schedule
 * @property {string} initializer `uniform`, `xavier_uniform`, `he_normal`, `zeros`, ...
 * @property {number} batch examples in a mini-batch
 * @property {number} epochs the run stops after so many passes over the training set
 * @property {number} seed
 * @property {string} engine `numpy`, ...
 * @property {number} evaluate_every steps between two evaluations on the test set
 * @property {number} evaluate_spacing examples that are trained on, at least, for each one that is measured
 *
 * @typedef {{type: string, units?: number, activation?: string, [option: string]: unknown}} LayerConfig
 */

/**
 * An array by name, as `layers.0.weight`, `layers.1.a`, `layers.0.weight.gradient`, `x`.
 *
 * @typedef {{shape: number[], data: Float32Array}} Named
 */

/**
 * A run as it describes itself, once: what there is to ask for.
 *
 * @typedef {object} Description
 * @property {string} run its name
 * @property {number} generation counts up whenever another run takes the name (create, reset, open, restore)
 * @property {RunConfig} config as validated, complete
 * @property {string} engine the one that computes
 * @property {number[]} shape of one example: rows, columns
 * @property {string[]} classes
 * @property {number} batches steps in an epoch
 * @property {LayerDescription[]} layers first to last
 * @property {{name: string, counts: {train: number, test: number}, chosen: {train?: Chosen, test?: Chosen}}} data
 *   the set, whole; and what the run has of a split that it does not use whole
 *
 * @typedef {object} LayerDescription
 * @property {string} name such as `layers.0`
 * @property {string} kind `dense`, `conv2d`, `max_pool2d`, ... ; a class of one's own has its class's name
 * @property {Record<string, unknown>} options as in the configuration
 * @property {number[]} input shape of one example, without the batch
 * @property {number[]} output
 * @property {string} activation `identity` where it has none
 * @property {Record<string, number[]>} parameters shapes by name: `{weight: [36, 784], bias: [36]}`
 * @property {Record<string, number[]>} memory what it remembers without training it
 * @property {string[]} forward names of the arrays of its way forward, such as `z` and `a`
 *
 * The digits that were chosen of a split, to train on or to be tested on.
 * @typedef {object} Chosen
 * @property {number} count
 * @property {number[]|null} classes how many there are of each class; null, while digits are arriving
 */

/**
 * Which example a reader looks at: one of the run's data set, or pixels in 0..1.
 *
 * @typedef {{split: 'train'|'test', index: number} | {pixels: Float32Array} | null} Digit
 *
 * What a reader wants to see; a frame carries nothing else. Arrays of the way forward (`x`,
 * `layers.0.a`) are those of the digit, without the batch; `*` in a name stands for every layer that
 * has it, and there may be none: `layers.*.weight`. A plain name that the run does not have is refused.
 * @typedef {object} Watch
 * @property {string} run
 * @property {Digit} digit
 * @property {string[]} arrays
 */

/**
 * One measurement of the network on one part of the data.
 *
 * @typedef {object} Evaluation
 * @property {number} step
 * @property {'train'|'validation'|'test'} split
 * @property {number} count examples measured
 * @property {number} loss mean over those examples
 * @property {number} accuracy 0..1
 */

/**
 * The state of a run at one moment, for one reader. The newest one wins; losses, evaluations and
 * log lines are never dropped: a frame carries all those since the reader's last, its first one (and
 * the first of a generation) all since the run began here. Only of more than two million steps that a
 * reader has not been told of are the oldest forgotten.
 *
 * @typedef {object} Frame
 * @property {number} id counts up; to be acknowledged once drawn
 * @property {string} run
 * @property {number} generation see `Description`
 * @property {'idle'|'running'|'paused'|'finished'} state
 * @property {number} step steps taken so far
 * @property {number} epoch epochs completed
 * @property {number} batch batches taken in the epoch under way
 * @property {number} seconds that its steps have been computed for, evaluations and drawing apart
 * @property {number} measuring seconds that its evaluations have been computed for
 * @property {number} samplesPerSecond training examples a second, over the last second; 0 when paused
 * @property {{train: number, test: number}} arrived examples of the set that are here
 * @property {Float64Array} losses triples step, mean batch loss, seconds until then: one for each step since the last frame
 * @property {Evaluation[]} evaluations those since the last frame
 * @property {object[]} log lines of the run's log since the last frame, as the command line writes them
 * @property {string|null} stopped why the run ended, in a sentence
 * @property {number|null} label the digit's true class, if it is one of the data set
 * @property {Record<string, Named>} arrays those asked for that there are
 * @property {Description|null} description with the first frame of a generation; the client keeps it for the others
 */

/**
 * One array of one training step on one example (glassnet.trace).
 *
 * @typedef {object} Quantity
 * @property {string} name
 * @property {string} symbol
 * @property {'forward'|'loss'|'backward'|'update'} phase
 * @property {number|null} layer
 * @property {number[]} shape
 * @property {Float32Array} data
 * @property {string} formula
 * @property {any} tree the formula for MathML
 * @property {string[]} details
 * @property {{file: string, line: number, function: string}[]} sources
 */

/**
 * The requests and their answers. A run's `chosen` are rising indices of the digits that a split is
 * narrowed down to; a split that is not named is used whole.
 *
 * @typedef {import('./protocol-insight.js').InsightRequests & import('./protocol-sweep.js').SweepRequests & OtherRequests} Requests
 *
 * @typedef {object} OtherRequests
 * @property {(what: {version: number, manifest: string}) => {versions: Record<string, string>, moments: Record<string, number>}} boot
 *   what is asked after it waits until it is answered; `moments`: when its start was how far, in milliseconds since 1970
 * @property {(what: Shard) => {arrived: {train: number, test: number}}} data
 * @property {(what: {run: string, set: string, config: Partial<RunConfig>, chosen?: Subset, start?: boolean}) => Description} create and, if it is to `start`, train until paused
 * @property {(what: {run: string, as: string}) => Description} fork as it stands, paused, with all that it has told
 * @property {(what: {run: string}) => null} dispose its readers end with it
 * @property {(what: {run: string}) => null} start
 * @property {(what: {run: string}) => null} pause
 * @property {(what: {run: string, steps: number}) => null} step
 * @property {(what: {run: string}) => Description} reset the same configuration from the same seed
 * @property {(what: {reader: string} & Watch) => null} watch begins a reader, or changes what it wants
 * @property {(what: {reader: string}) => null} unwatch no fault if it has ended with its run
 * @property {(what: {run: string, digit: Digit, arrays: string[]}) => Record<string, Named>} arrays once, without a reader
 * @property {(what: {run: string, digit: Digit, label?: number}) => Quantity[]} trace
 * @property {(what: {file: string}) => {text: string}} source of a file of the package, as `layers/dense.py`
 * @property {(what: {run: string}) => {step: number, lines: number, state: Uint8Array}} state all that is needed to raise the run again; and how many lines of its log it has written
 * @property {(what: {run: string, set: string, state: Uint8Array}) => Description} restore
 * @property {(what: {run: string, log: object[]}) => {step: number, files: Record<string, Uint8Array>}} save as files of the command line
 * @property {(what: {run: string, set: string, files: Record<string, ArrayBuffer>, chosen?: Subset}) => {description: Description, chosen: Subset, log: object[], losses: Float64Array, evaluations: Evaluation[]}} open
 * @property {(what: {columns: Record<string, Uint8Array|Uint32Array|Float32Array>}) => null} columns the set of all digits, by name
 * @property {(what: {start: number, images: Uint8Array, rows: number, columns: number}) => {images: Uint8Array<ArrayBuffer>}} images_part pixels of some digits; their memory is handed back
 * @property {(what: {expression: string}) => {ids: Uint32Array, milliseconds: number}} query refused with `column` in the failure where the fault is
 * @property {(what: {}) => {points: Float32Array, explained: number[], milliseconds: number}} map first two principal components
 * @property {import('./protocol-adaline.js').Open} adaline_open
 * @property {import('./protocol-adaline.js').Train} adaline_train
 * @property {import('./protocol-adaline.js').Letter} adaline_letter
 * @property {import('./protocol-adaline.js').Measure} adaline_measure
 * @property {import('./protocol-adaline.js').Close} adaline_close
 *
 * @typedef {{train?: Uint32Array, test?: Uint32Array}} Subset
 *
 * A part of a data set: `count` labels and images, of which the page needs no copy any more.
 * @typedef {object} Shard
 * @property {string} set which data set it is a part of, as the page calls it
 * @property {string} name what the set is called
 * @property {'train'|'test'} split
 * @property {number} start index of the first example
 * @property {Uint32Array<ArrayBuffer>} [places] instead of it: the index of each
 * @property {number} count
 * @property {number} total examples in the whole split
 * @property {number} rows
 * @property {number} columns
 * @property {string[]} [classes] ten digits if they are not named
 * @property {Uint8Array<ArrayBuffer>} images
 * @property {Uint8Array<ArrayBuffer>} labels
 */

/**
 * What the worker tells unasked, and what it is told without an answer.
 *
 * @typedef {{news: 'progress', stage: Stage, loaded: number, total: number}
 *   | {news: 'frame', reader: string, frame: Frame}
 *   | {news: 'trouble', run: string, failure: Failure}
 *   | {news: 'busy', seconds: number}
 *   | {news: 'fatal', failure: Failure}
 * } News `trouble`: a run stopped by itself, because of an error, or cannot be shown; `fatal`: the
 *   interpreter is lost, and a new worker is needed
 *
 * @typedef {{tell: 'ack', reader: string, id: number} | {tell: 'prepare', manifest: string}} Told `prepare`: `boot` will be asked
 *
 * @typedef {'download'|'interpreter'|'packages'|'ready'} Stage
 * @typedef {import('../wire/requests.js').Failure & {column?: number|null}} Failure
 */

export {};
