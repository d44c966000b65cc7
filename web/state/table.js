/**
 * The one table of everything a page can be set to. Its names are the parameters of the address,
 * so each row is part of every link ever shared: add rows, never rename one. What is a run's has the
 * default and the bounds that the package declares.
 *
 * @module
 */

import { numberOf } from './declared.js';

/** @typedef {import('./property.js').NumberProperty} NumberProperty */
/** @typedef {import('./property.js').FlagProperty} FlagProperty */
/** @typedef {import('./property.js').ChoiceProperty} ChoiceProperty */
/** @typedef {import('./property.js').TextProperty} TextProperty */

export const TABLE = Object.freeze({
  digit: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Digit',
    default: 0,
    min: 0,
    max: 59_999, // the page bounds it further, once it knows how many digits the split has
    effect: 'live',
    hint: 'which digit the network is shown',
  }),
  split: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Split',
    default: 'test',
    values: ['test', 'train'],
    effect: 'live',
    hint: 'whether that digit is one of the test or of the training digits',
  }),
  drawing: /** @type {TextProperty} */ ({
    kind: 'text',
    label: 'Drawing',
    default: '',
    longest: 900, // four times what a digit takes
    pattern: /^(0|[A-Za-w]{3,}(\.[A-Za-w]{3,})*)$/, // as web/data/strokes.js writes it
    effect: 'live',
    hint: 'strokes as this page writes them',
  }),
  rate: /** @type {NumberProperty} */ ({
    ...numberOf(__OPTIONS__.optimizers.sgd.lr, __OPTIONS__.defaults.optimizer.lr),
    label: 'Learning rate',
    effect: 'restart',
    hint: 'how far each step goes down the gradient',
  }),
  batch: /** @type {NumberProperty} */ ({
    ...numberOf(__OPTIONS__.run.batch),
    label: 'Batch',
    effect: 'restart',
    hint: 'how many digits a step averages over',
  }),
  seed: /** @type {NumberProperty} */ ({
    ...numberOf(__OPTIONS__.run.seed),
    label: 'Seed',
    effect: 'restart',
    hint: 'first weights and order of digits follow from it',
  }),
  epochs: /** @type {NumberProperty} */ ({
    ...numberOf(__OPTIONS__.run.epochs),
    label: 'Epochs',
    effect: 'restart',
    hint: 'after how many passes over the training digits a run is over',
  }),
  speed: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Speed',
    default: 0,
    min: 0,
    max: 100_000,
    effect: 'live',
    hint: 'steps a second; 0 is as many as this machine can',
  }),
  open: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Network to open',
    default: 'none',
    values: ['none', 'shipped', 'run'],
    effect: 'live',
    hint: 'a network to look into: the shipped one, or the run that was kept for the page of all digits',
  }),
  view: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Tiles show',
    default: 'weights',
    values: ['weights', 'changed'],
    effect: 'live',
    hint: 'the weights, or what training has changed of them',
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
