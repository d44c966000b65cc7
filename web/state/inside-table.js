/**
 * Everything the network page can be set to: the network, the digit, and the stop at which it
 * stands. As in `table.js`, each row's name is a parameter of the address, and so part of every link
 * ever shared: add rows, never rename one.
 *
 * @module
 */

import { TABLE } from './table.js';

/** @typedef {import('./property.js').ChoiceProperty} ChoiceProperty */
/** @typedef {import('./property.js').FlagProperty} FlagProperty */
/** @typedef {import('./property.js').NumberProperty} NumberProperty */
/** @typedef {import('./property.js').TextProperty} TextProperty */

/** The networks that can be looked into. */
export const MODELS = /** @type {const} */ (['dense', 'conv', 'recorded', 'fresh', 'run', 'file']);
/** What stands below the picture. */
export const PANELS = /** @type {const} */ (['unit', 'array', 'why', 'disturb', 'edit', 'layers', 'active', 'train']);
/** The digit whose place nobody has chosen: the page opens on a misread one. */
export const OPENING = -1;

export const INSIDE_TABLE = Object.freeze({
  model: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Network',
    default: 'dense',
    values: MODELS,
    effect: 'live',
    hint: 'the network that is looked into',
  }),
  digit: /** @type {NumberProperty} */ ({ ...TABLE.digit, default: OPENING, unset: 'one that it misreads' }),
  split: TABLE.split,
  drawing: TABLE.drawing,
  meant: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Meant as',
    default: -1,
    min: -1,
    max: 255,
    effect: 'live',
    hint: 'the class that a drawing is to be; -1: the one it is read as',
  }),
  stop: /** @type {TextProperty} */ ({
    kind: 'text',
    label: 'Stop',
    default: '',
    longest: 60,
    pattern: /^[\w.]+$/,
    effect: 'live',
    hint: 'an array of the training step, such as layers.0.z, or the last part of its name',
  }),
  layer: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Layer',
    default: 0,
    min: 0,
    max: 99,
    effect: 'live',
    hint: 'the layer whose unit is looked at; the first is 0',
  }),
  unit: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Unit',
    default: -1,
    min: -1,
    max: 65_535,
    effect: 'live',
    hint: 'the unit looked at, the first is 0; -1: the one that does most',
  }),
  panel: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Panel',
    default: 'unit',
    values: PANELS,
    effect: 'live',
    hint: 'what stands below the picture',
  }),
  range: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Colour range',
    default: 'layer',
    values: ['unit', 'layer', 'network'],
    effect: 'live',
    hint: 'what the full colour is the largest of',
  }),
  edges: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Lines',
    default: 16,
    min: 0,
    max: 64,
    effect: 'live',
    hint: 'how many connections are drawn, those with the largest |weight × activation|',
  }),
  pin: /** @type {TextProperty} */ ({
    kind: 'text',
    label: 'Pinned digit',
    default: '',
    longest: 16,
    pattern: /^(test|train)-\d{1,7}$/,
    effect: 'live',
    hint: 'a split and an index in it, such as test-18, to compare with',
  }),
  compare: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Tiles show',
    default: 'this',
    values: ['this', 'pinned', 'difference'],
    effect: 'live',
    hint: 'what is shown of two digits',
  }),
  at: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Moment',
    default: 15,
    min: 0,
    max: 99,
    effect: 'live',
    hint: 'which snapshot of the recorded run; the first is 0',
  }),
  against: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Compared with moment',
    default: -1,
    min: -1,
    max: 99,
    effect: 'live',
    hint: 'another snapshot, whose weights are subtracted; -1: none',
  }),
  activation: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Activation',
    default: 'relu',
    values: ['sigmoid', 'tanh', 'relu', 'leaky_relu', 'gelu', 'identity'],
    effect: 'restart',
    hint: 'of a fresh network',
  }),
  hidden: /** @type {TextProperty} */ ({
    kind: 'text',
    label: 'Hidden units',
    default: '36',
    longest: 24,
    pattern: /^[1-9]\d{0,3}(-[1-9]\d{0,3}){0,3}$/,
    effect: 'restart',
    hint: 'of a fresh network, layer by layer, such as 512-512',
  }),
  seed: TABLE.seed,
  predict: /** @type {FlagProperty} */ ({
    kind: 'flag',
    label: 'Predict, then reveal',
    default: false,
    effect: 'live',
    hint: 'a question before what comes is shown',
  }),
  keys: TABLE.keys,
});

/** @typedef {typeof INSIDE_TABLE} InsideTable */
/** @typedef {import('./settings.js').Settings<InsideTable>} InsideSettings */
