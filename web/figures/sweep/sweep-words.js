/**
 * What is said of a sweep in this tab, and how many runs its fields ask for.
 *
 * @module
 */

import { count, duration } from '../../models/words.js';

/**
 * @typedef {import('../../models/sweep.js').Sweep} Sweep
 * @typedef {{field: string, values: string}} Row as the visitor writes it
 */

/** Megabytes that a worker takes with its Python, the digits and a run: see tests/bench/sweeping.py. */
export const WORKER_MB = 300;
/** A browser tells no more than this of a machine's memory. */
const UNKNOWN_GB = 4;
/** Of the memory, what a page may take. */
const PART = 1 / 4;
/** Workers, at most: each fetches all digits. */
export const MOST_WORKERS = 16;

/** Of this machine: how many workers it bears. @param {{hardwareConcurrency?: number, deviceMemory?: number}} machine @returns {number} */
export function bearable({ hardwareConcurrency = 2, deviceMemory = UNKNOWN_GB }) {
  return Math.max(1, Math.min(hardwareConcurrency, Math.floor((deviceMemory * 1024 * PART) / WORKER_MB), MOST_WORKERS));
}

/** A field's values as the command line has them: spaces are for people. @param {Row} row @returns {string} */
export function written({ field, values }) {
  const text = values.trim();
  return `${field.trim()}=${text.startsWith('[') ? text : text.split(',').map((one) => one.trim()).join(',')}`;
}

/** @param {Row[]} rows @returns {Row[]} those that say something */
export function said(rows) {
  return rows.filter(({ field, values }) => field.trim() && values.trim());
}

/**
 * How many runs that makes, as far as it can be told before Python reads it.
 *
 * @param {Row[]} rows
 * @param {string} seeds
 * @param {number} drawn 0: all combinations
 * @returns {{settings: number, seeds: number}}
 */
export function counted(rows, seeds, drawn) {
  const each = said(rows).map(({ values }) => (values.trim().startsWith('[') ? listed(values) : values.split(',').filter((one) => one.trim()).length));
  const parts = seeds.split(',').filter((one) => one.trim());
  const many = parts.length > 1 ? parts.length : Math.max(1, Number(seeds) || 1);
  return { settings: drawn || each.reduce((product, one) => product * one, 1), seeds: many };
}

/** @param {string} json */
function listed(json) {
  try {
    return JSON.parse(json).length ?? 1;
  } catch {
    return 1;
  }
}

/** @param {Sweep} sweep @returns {string} */
export function courseWords(sweep) {
  const state = sweep.state.value;
  const { left } = sweep.course.value;
  const total = sweep.runs.value.length;
  const { count: ended, failed } = sweep.ended;
  const bad = failed ? `, ${count(failed)} of them failed` : '';
  if (state === 'none') return '';
  if (state === 'starting') return 'Python is starting.';
  const done = `${count(ended)} of ${count(total)} runs have ended${bad}`;
  if (state === 'done') return `${done}.`;
  if (state === 'paused') return `${done}; the others stand still.`;
  const working = sweep.working.value;
  return `${done}; ${count(working)} ${working === 1 ? 'is' : 'are'} under way${left === null ? '' : `, ${duration(left)} left`}.`;
}
