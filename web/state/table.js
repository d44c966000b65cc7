/**
 * The one table of everything a page can be set to. Its names are the parameters of the address,
 * so each row is part of every link ever shared: add rows, never rename one.
 *
 * @module
 */

/** @typedef {import('./property.js').NumberProperty} NumberProperty */
/** @typedef {import('./property.js').FlagProperty} FlagProperty */

export const TABLE = Object.freeze({
  digit: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Test digit',
    default: 0,
    min: 0,
    max: 9_999,
    effect: 'live',
    hint: 'which of the test digits the network is shown',
  }),
  rate: /** @type {NumberProperty} */ ({
    kind: 'number',
    label: 'Learning rate',
    default: 3,
    min: 0.0001,
    max: 100,
    effect: 'restart',
    hint: 'how far each step goes down the gradient',
  }),
  batch: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Batch',
    default: 10,
    min: 1,
    max: 1_000,
    effect: 'restart',
    hint: 'how many digits a step averages over',
  }),
  seed: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Seed',
    default: 1,
    min: 0,
    max: 4_294_967_295,
    effect: 'restart',
    hint: 'first weights and order of digits follow from it',
  }),
  keys: /** @type {FlagProperty} */ ({
    kind: 'flag',
    label: 'Shortcuts',
    default: true,
    effect: 'live',
    hint: 'single keys that work anywhere on the page',
  }),
});

/** @typedef {typeof TABLE} Table */
/** @typedef {keyof Table} Name */

export const NAMES = /** @type {Name[]} */ (Object.keys(TABLE));
