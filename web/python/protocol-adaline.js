/**
 * What a page asks about letters: the requests of an Adaline, and how they are answered. Types, and
 * nothing else; protocol.js has them in its list. Weights are float64, 65 a class: the bias, then 64.
 *
 * @module
 */

/**
 * @typedef {(what: {adaline: string, letters: Record<string, string>, trials: Record<string, string>, weights: Record<string, Float64Array>}) => {classes: string[], weights: Float64Array}} Open
 *   texts by the names of their files; weights by class, of those that have some already
 *
 * @typedef {(what: {adaline: string, rate: number, passes: number, milliseconds: number}) => {errors: Float64Array, weights: Float64Array, reached: boolean}} Train
 *   passes over all letters: so many at most, for about so long; `errors`, one a pass; `reached`: small enough
 *
 * @typedef {(what: {adaline: string, rate: number, label: string, cells: Uint8Array<ArrayBuffer>}) => {error: number, weights: Float64Array}} Letter
 *   the delta rule once, on one letter as it is drawn; `error` is from before
 *
 * @typedef {(what: {adaline: string, flips: number, seed: number}) => Measured} Measure
 *
 * @typedef {object} Measured letters that are recognised
 * @property {{count: number, right: number}} whole those that are learned
 * @property {{count: number, right: number}} damaged those that were damaged by hand
 * @property {{cells: number, count: number, right: number}} flipped those that so many cells, `flips`, were flipped of by chance
 * @property {{cells: number[], right: number[]}} curve the same with so many cells each
 * @property {{label: string, answer: string, times: number, cells: Uint8Array}[]} confused of the flipped ones; `cells`: the first
 *
 * @typedef {(what: {adaline: string}) => null} Close
 */

export {};
