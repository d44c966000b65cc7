/**
 * Everything the browser of digits can be set to. As in `table.js`, each row's name is a parameter
 * of the address, and so part of every link ever shared: add rows, never rename one.
 *
 * @module
 */

/** @typedef {import('./property.js').NumberProperty} NumberProperty */
/** @typedef {import('./property.js').FlagProperty} FlagProperty */
/** @typedef {import('./property.js').ChoiceProperty} ChoiceProperty */
/** @typedef {import('./property.js').TextProperty} TextProperty */

/** What digits can be sorted by. */
export const ORDERS = /** @type {const} */ (['file', 'label', 'ink', 'similarity', 'loss', 'confidence', 'prediction']);
/** What their colour can tell. */
export const COLOURS = /** @type {const} */ (['none', 'label', 'prediction', 'loss', 'split']);
/** How they can be laid out. */
export const SHAPES = /** @type {const} */ (['grid', 'label', 'confusion', 'neighbours', 'pca']);

export const BROWSE_TABLE = Object.freeze({
  set: /** @type {TextProperty} */ ({
    kind: 'text',
    label: 'Data set',
    default: 'mnist',
    longest: 40,
    pattern: /^[a-z][a-z0-9-]*$/,
    effect: 'restart',
    hint: 'the name of a data set that was built into the site, such as fashion-mnist',
  }),
  find: /** @type {TextProperty} */ ({
    kind: 'text',
    label: 'Find',
    default: '',
    longest: 400,
    effect: 'live',
    hint: 'what to find, in words',
  }),
  python: /** @type {TextProperty} */ ({
    kind: 'text',
    label: 'Python expression',
    default: '',
    longest: 400,
    effect: 'live',
    hint: 'a Python expression that is true for the digits to show',
  }),
  sort: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Sorted by',
    default: 'file',
    values: ORDERS,
    effect: 'live',
    hint: 'what the order of the digits follows',
  }),
  down: /** @type {FlagProperty} */ ({
    kind: 'flag',
    label: 'Largest first',
    default: false,
    effect: 'live',
    hint: 'the order turned round',
  }),
  shape: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Laid out',
    default: 'grid',
    values: SHAPES,
    always: true, // an address that names nothing opens on the map
    effect: 'live',
    hint: 'where digits go',
  }),
  digit: /** @type {TextProperty} */ ({
    kind: 'text',
    label: 'Digit',
    default: '',
    longest: 16,
    pattern: /^(test|train)-\d{1,7}$/,
    effect: 'live',
    hint: 'a split and an index in it, such as test-18',
  }),
  panel: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Panel',
    default: 'none',
    values: ['none', 'digit', 'set', 'list', 'help'],
    effect: 'live',
    hint: 'what the panel beside the wall shows',
  }),
  columns: /** @type {NumberProperty} */ ({
    kind: 'integer',
    label: 'Columns',
    default: 0,
    min: 0,
    max: 4000,
    effect: 'live',
    hint: 'digits in a row; 0 follows the window',
  }),
  x: /** @type {NumberProperty} */ ({
    kind: 'number',
    label: 'Middle, across',
    default: 0,
    min: 0,
    max: 10_000,
    effect: 'live',
    hint: 'the point in the middle of the window, in digits from the left',
  }),
  y: /** @type {NumberProperty} */ ({
    kind: 'number',
    label: 'Middle, down',
    default: 0,
    min: 0,
    max: 100_000,
    effect: 'live',
    hint: 'the point in the middle of the window, in digits from the top',
  }),
  size: /** @type {NumberProperty} */ ({
    kind: 'number',
    label: 'Size',
    default: 0,
    min: 0,
    max: 24_000,
    effect: 'live',
    hint: 'how large a digit appears, in pixels; 0 shows all of them',
  }),
  colour: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'Coloured by',
    default: 'none',
    values: COLOURS,
    effect: 'live',
    hint: 'what the colour of a small digit tells',
  }),
  network: /** @type {ChoiceProperty} */ ({
    kind: 'choice',
    label: 'The network',
    default: 'shipped',
    values: ['shipped', 'run'],
    effect: 'live',
    hint: 'whose readings are shown: the shipped network’s, or those of a run of yours',
  }),
  pin: /** @type {TextProperty} */ ({
    kind: 'text',
    label: 'Pinned digit',
    default: '',
    longest: 16,
    pattern: /^(test|train)-\d{1,7}$/,
    effect: 'live',
    hint: 'a split and an index in it, such as test-18',
  }),
});

/**
 * What the page opens on if its address names nothing, or nothing but a set; one that does is shown
 * as it always was. Other sets than MNIST have no map.
 *
 * @param {BrowseSettings} settings
 * @param {string} [query] of the page's address
 */
export function openOn(settings, query = '') {
  const given = new URLSearchParams(query);
  if (settings.names.some((name) => name !== 'set' && given.has(name))) return;
  settings.set('colour', 'label');
  if (settings.peek('set') === BROWSE_TABLE.set.default) settings.set('shape', 'neighbours');
}

/** @typedef {typeof BROWSE_TABLE} BrowseTable */
/** @typedef {import('./settings.js').Settings<BrowseTable>} BrowseSettings */
/** @typedef {typeof COLOURS[number]} Colour */
/** @typedef {typeof ORDERS[number]} Order */
/** @typedef {typeof SHAPES[number]} Shape */
