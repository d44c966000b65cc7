/**
 * What a page asks about a sweep, beside training its runs: the requests and their answers. Types,
 * and nothing else; protocol.js has them in its list.
 *
 * @module
 */

/**
 * @typedef {import('./protocol.js').RunConfig} RunConfig
 * @typedef {Record<string, any>} Varied a run's settings by field: in what it differs
 * @typedef {Record<string, Uint8Array<ArrayBuffer>>} Files a run's, by name, as the command line writes them
 *
 * @typedef {object} SweepRequests
 * @property {(what: {config: Partial<RunConfig>, vary: string[], seeds: string, random: number}) => Planned} sweep_plan
 *   `vary` and `seeds` as the command line reads them: `optimizer.lr=0.1,1`, `3`; `random`: 0 takes all combinations
 * @property {(what: {file: Uint8Array<ArrayBuffer>}) => Planned} sweep_open a sweep that was saved, or the plan alone: what is known of each run with it
 * @property {(what: {number: number, count: number, settings: Varied, config: RunConfig, log?: Uint8Array<ArrayBuffer>, reason?: string}) => string} sweep_result
 *   the line of a run of so many, which has ended, by its log; or which has failed, for a reason
 * @property {(what: {plan: string, count: number, lines: string[], runs: Record<string, Files>}) => Uint8Array<ArrayBuffer>} sweep_pack as one file
 * @property {(what: {set: string, weights: Uint8Array<ArrayBuffer>}) => any} sweep_look what `glassnet watch` tells of a network, as it tells it
 *
 * @typedef {object} Planned
 * @property {string} plan the text of its file
 * @property {PlannedRun[]} runs
 *
 * @typedef {object} PlannedRun
 * @property {Varied} settings
 * @property {RunConfig} config
 * @property {string|null} [line] of one that has ended; this and the rest of an opened sweep only
 * @property {import('../data/runs.js').News} [news]
 * @property {Files} [files]
 */

export {};
