/**
 * The messages that cross between a page and the worker that runs Python: types, and nothing else
 * but the names of the protocol's version. Both sides import this file, so a typo on either side
 * is a type error. Arrays are row-major float32 unless said otherwise; buffers are transferred.
 *
 * @module
 */

/** Raised by one when a message changes meaning; an old cached worker then says so by itself. */
export const PROTOCOL_VERSION = 1;

/**
 * What the page of all digits asks of Python; each request has one answer, with the same number.
 * `columns`: the set, by name (`y`, `index`, `test`, and `pred`, `loss`, `conf`, `ink`, `sim` where
 * they are known). `images_part`: pixels of some digits. `query`: which digits an expression is
 * true for. `map`: where all digits lie on their first two principal components.
 *
 * @typedef {{what: 'columns', columns: Record<string, Uint8Array|Uint32Array|Float32Array>}
 *   | {what: 'images_part', start: number, images: Uint8Array, rows: number, columns: number}
 *   | {what: 'query', expression: string}
 *   | {what: 'map'}
 * } BrowseRequest
 *
 * @typedef {object} BrowseAnswer
 * @property {number} request
 * @property {number} milliseconds that Python took
 * @property {string} [fault] why there is nothing else, in words
 * @property {number|null} [column] where in the expression the fault is, from 0
 * @property {Uint8Array<ArrayBuffer>} [images] of `images_part`, handed back so that their memory can be used again
 * @property {Uint32Array} [ids] of a query, rising
 * @property {Float32Array} [points] of a map, x and y of each digit
 * @property {number[]} [explained] of a map: the part of all variance along each axis
 */

/**
 * One run's whole configuration, the same JSON document as in the CLI and the URL.
 * Python validates it (glassnet.config); a page may trust what comes back in `Frame.config`.
 *
 * @typedef {object} RunConfig
 * @property {LayerConfig[]} layers
 * @property {string} loss `mse` or `cross_entropy`
 * @property {{type: string, lr: number, [option: string]: unknown}} optimizer
 * @property {string} initializer `uniform`, `xavier_uniform`, `he_normal`, `zeros`, ...
 * @property {number} batch examples in a mini-batch
 * @property {number} epochs the run stops after so many passes over the training set
 * @property {number} seed
 * @property {string} engine `numpy`, ...
 * @property {number} evaluate_every steps between two evaluations on the test set
 *
 * @typedef {{type: string, units?: number, activation?: string, [option: string]: unknown}} LayerConfig
 */

/**
 * What somebody is looking at; a frame carries nothing else.
 *
 * @typedef {object} Watch
 * @property {{split: 'train'|'test', index: number} | {pixels: Float32Array} | null} digit
 *   the example whose activations are wanted: one of the data set, or 784 pixels in 0..1
 * @property {boolean} weights whether every weight and bias is wanted
 */

/**
 * A message to the worker. `chosen`: rising indices of the digits that a split is narrowed down to;
 * a split that is not named is used whole. A run out of files brings its own, which `opened` tells.
 *
 * @typedef {{type: 'boot', version: number, manifest: string, session?: 'run'|'race'}
 *   | {type: 'data', name: string, split: 'train'|'test', start: number, count: number, total: number,
 *      rows: number, columns: number, images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>}
 *   | {type: 'configure', config: Partial<RunConfig>, chosen?: {train?: Uint32Array, test?: Uint32Array}}
 *   | {type: 'watch', watch: Watch}
 *   | {type: 'start'}
 *   | {type: 'pause'}
 *   | {type: 'step', steps: number}
 *   | {type: 'reset'}
 *   | {type: 'ack', frame: number}
 *   | {type: 'save'}
 *   | {type: 'open', files: Record<string, ArrayBuffer>}
 *   | ({type: 'browse', request: number} & BrowseRequest)
 * } Command
 */

/**
 * A message from the worker.
 *
 * @typedef {{type: 'hello', version: number}
 *   | {type: 'progress', stage: Stage, loaded: number, total: number}
 *   | {type: 'ready', versions: Record<string, string>}
 *   | {type: 'frame', frame: Frame|RaceFrame}
 *   | {type: 'answer', answer: BrowseAnswer}
 *   | {type: 'opened', chosen: {train?: Uint32Array, test?: Uint32Array}}
 *   | {type: 'files', files: Record<string, Uint8Array<ArrayBuffer>>, step: number}
 *   | {type: 'error', error: Failure}
 * } Report
 *
 * @typedef {'download'|'interpreter'|'packages'|'ready'} Stage
 */

/**
 * What went wrong, in words a visitor can use, with the traceback for those who can use that.
 *
 * @typedef {object} Failure
 * @property {string} code stable, such as `E-NET-404` or `E-PYTHON`
 * @property {string} message what failed, in which file or field
 * @property {string} [advice] what to do
 * @property {string} [traceback] Python's, whole
 * @property {string} [field] the configuration's field, when one is to blame
 * @property {boolean} fatal whether the worker can go on
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
 * The state of an engine race (the worker was booted with the session `race`, which takes `data`,
 * `configure`, `start`, `pause`, `reset` and `ack`).
 *
 * @typedef {object} RaceFrame
 * @property {number} id counts up; to be acknowledged once drawn
 * @property {number} race counts up at each configure or reset
 * @property {'idle'|'running'|'paused'|'finished'} state
 * @property {number} steps of the finish
 * @property {number} train digits that they all learn from
 * @property {RunConfig} config of all; the engine apart
 * @property {RaceLane[]} lanes
 *
 * @typedef {object} RaceLane
 * @property {string} engine
 * @property {boolean} available whether this browser has it
 * @property {number} step steps taken so far
 * @property {number} seconds it has computed for, on its own
 * @property {number} samplesPerSecond in these seconds
 * @property {Float64Array} losses triples step, mean batch loss, seconds: those since the last frame
 * @property {string|null} stopped why it ended before the finish
 */

/**
 * The network's answer to the watched digit.
 *
 * @typedef {object} Activity
 * @property {number|null} label the digit's true class, if it is one of the data set
 * @property {Float32Array} input 784 pixels, 0..1
 * @property {Float32Array[]} activations one array a layer, first hidden layer first
 */

/**
 * The digits that were chosen of a split, to train on or to be tested on.
 *
 * @typedef {object} Chosen
 * @property {number} count
 * @property {number} crc CRC-32 of their indices, as little-endian uint32 in rising order
 * @property {number[]|null} classes how many there are of each class; null, while digits are arriving
 */

/**
 * The state of a run at one moment. The newest one wins; losses and evaluations are never dropped:
 * a frame carries all those since the frame before it.
 *
 * @typedef {object} Frame
 * @property {number} id counts up; to be acknowledged once drawn
 * @property {number} run counts up at each configure or reset
 * @property {'idle'|'running'|'paused'|'finished'} state
 * @property {RunConfig} config as validated, complete
 * @property {number} step steps taken so far
 * @property {number} epoch epochs completed
 * @property {number} batch batches taken in the epoch under way
 * @property {number} batches batches in an epoch
 * @property {number} samplesPerSecond training examples a second, over the last second; 0 when paused
 * @property {string} engine the one that computes
 * @property {{count: {train: number, test: number}, chosen: {train?: Chosen, test?: Chosen}}} data
 *   examples that have arrived; and what the run has of a split that it does not use whole
 * @property {Float64Array} losses pairs step, mean batch loss: one pair for each step since the last frame
 * @property {Evaluation[]} evaluations those since the last frame
 * @property {string|null} stopped why the run ended, in a sentence
 * @property {Activity|null} activity
 * @property {{weight: Float32Array, bias: Float32Array, shape: [number, number]}[]|null} weights
 *   one entry a layer; `weight` is (units, inputs), so that unit j's incoming weights are one row
 */

export {};
