/**
 * Finding digits in plain words: `7`, `#12345`, `label:4 split:test pred:9 loss>0.5 ink<0.1`, `wrong`.
 * Conditions on different things must all hold; of several on the same label, prediction, index
 * or split, one is enough. A minus in front turns a condition round.
 *
 * @module
 */

/**
 * What is known of every digit, by id; a set of the visitor's own has no prediction, loss and confidence.
 * @typedef {object} Columns
 * @property {Uint8Array} label
 * @property {Uint8Array} test 1 for test digits
 * @property {Uint32Array} index within its split
 * @property {Uint8Array} [prediction]
 * @property {Float32Array} [loss]
 * @property {Float32Array} [confidence]
 * @property {Float32Array} [ink]
 * @property {Float32Array} [similarity]
 * @property {Uint16Array} [writer] number of who wrote it, where the set tells
 *
 * @typedef {'<'|'<='|'>'|'>='|'='} Comparison
 * @typedef {{column: keyof Columns, by: Comparison, value: number, not: boolean}} Condition
 * @typedef {{conditions: Condition[], mistakes: ('wrong'|'right')[]} | {fault: string}} Reading
 */

const NAMES = /** @type {Record<string, keyof Columns>} */ ({
  label: 'label',
  y: 'label',
  is: 'label',
  pred: 'prediction',
  prediction: 'prediction',
  reads: 'prediction',
  loss: 'loss',
  conf: 'confidence',
  confidence: 'confidence',
  ink: 'ink',
  sim: 'similarity',
  similarity: 'similarity',
  index: 'index',
  writer: 'writer',
});
const TOKEN = /^(-?)([a-z]+)(<=|>=|<|>|=|:)(.+)$/i;
/** Words, of which a name in quotation marks may be a part: `label:"Ankle boot"`. */
const WORD = /(?:"[^"]*"|[^\s"])+|"/g;
const CHOICES = new Set(['label', 'prediction', 'index', 'test', 'writer']);
const EXAMPLE = 'such as 7, #12345, label:4, pred:9, split:test, wrong, loss>0.5, ink<0.1';

/** @param {string} text of a search @returns {string[]} its words; names in quotation marks are not taken apart */
export function splitWords(text) {
  return text.match(WORD) ?? [];
}

/** @param {string} name of a class @returns {string} the word that finds it */
export function wordFor(name) {
  return /\s/.test(name) ? `label:"${name}"` : `label:${name}`;
}

/** @param {string} word */
function unquoted(word) {
  return word.replaceAll('"', '');
}

/** A set may tell “a” from “A”; where it does not, any case will do. @param {string} name @param {string[]} classes @returns {number} -1: there is none */
function classOf(name, classes) {
  const exact = classes.indexOf(name);
  return exact >= 0 ? exact : classes.findIndex((one) => one.toLowerCase() === name.toLowerCase());
}

/** @param {string} text @param {string[]} classes @returns {Reading} */
export function readWords(text, classes) {
  /** @type {Condition[]} */
  const conditions = [];
  /** @type {('wrong'|'right')[]} */
  const mistakes = [];
  for (const token of splitWords(text)) {
    const given = unquoted(token.replace(/^-/, ''));
    const bare = given.toLowerCase();
    const not = token.startsWith('-');
    if (bare === 'wrong' || bare === 'right') mistakes.push(not === (bare === 'wrong') ? 'right' : 'wrong');
    else if (bare === 'test' || bare === 'train') conditions.push({ column: 'test', by: '=', value: Number(bare === 'test'), not });
    else if (/^#\d{1,7}$/.test(bare)) conditions.push({ column: 'index', by: '=', value: Number(bare.slice(1)), not });
    else if (classOf(given, classes) >= 0) conditions.push({ column: 'label', by: '=', value: classOf(given, classes), not });
    else {
      const condition = readCondition(token, classes);
      if (typeof condition === 'string') return { fault: condition };
      conditions.push(condition);
    }
  }
  return { conditions, mistakes };
}

/** @param {string} token @param {string[]} classes @returns {Condition|string} or what is wrong with it */
function readCondition(token, classes) {
  const [, minus, word, sign, quoted = ''] = TOKEN.exec(token) ?? [];
  const given = unquoted(quoted);
  if (!word) return `“${token}” is not understood; expected words ${EXAMPLE}`;
  const not = minus === '-';
  if (word.toLowerCase() === 'split') {
    if (given !== 'test' && given !== 'train') return `split:${given}: expected split:test or split:train`;
    return { column: 'test', by: '=', value: Number(given === 'test'), not };
  }
  const column = NAMES[word.toLowerCase()];
  if (!column) return `“${word}” is no property; there are label, pred, split, index, loss, conf, ink, sim and writer`;
  const named = column === 'label' || column === 'prediction' ? classOf(given, classes) : -1;
  const value = named >= 0 ? named : given.trim() === '' ? NaN : Number(given);
  if (Number.isNaN(value)) return `${word}${sign}${given}: “${given}” is not a number${column === 'label' ? ' and no label of this set' : ''}`;
  return { column, by: sign === ':' ? '=' : /** @type {Comparison} */ (sign), value, not };
}

/**
 * @param {Exclude<Reading, {fault: string}>} reading
 * @param {Columns} columns
 * @param {number} count of all digits
 * @returns {Uint32Array|string} ids of those that fit, in order; or why that cannot be said
 */
export function findWords({ conditions, mistakes }, columns, count) {
  const keep = new Uint8Array(count).fill(1);
  for (const { column } of conditions) {
    if (!columns[column]) return unknown(column);
  }
  const { label, prediction } = columns;
  for (const kind of mistakes) {
    if (!prediction) return unknown('prediction');
    for (let id = 0; id < count; id++) if ((label[id] === prediction[id]) !== (kind === 'right')) keep[id] = 0;
  }
  for (const column of new Set(conditions.map((condition) => condition.column))) {
    const own = conditions.filter((condition) => condition.column === column);
    const either = CHOICES.has(column) ? own.filter(({ by, not }) => by === '=' && !not) : [];
    if (either.length) {
      const values = /** @type {ArrayLike<number>} */ (columns[column]);
      const wanted = new Set(either.map(({ value }) => value));
      for (let id = 0; id < count; id++) if (!wanted.has(values[id])) keep[id] = 0;
    }
    for (const condition of own) if (!either.includes(condition)) narrow(keep, condition, /** @type {ArrayLike<number>} */ (columns[column]));
  }
  return kept(keep);
}

/** @param {Uint8Array} keep @param {Condition} condition @param {ArrayLike<number>} values */
function narrow(keep, { by, value, not }, values) {
  const holds = {
    '<': (/** @type {number} */ a) => a < value,
    '<=': (/** @type {number} */ a) => a <= value,
    '>': (/** @type {number} */ a) => a > value,
    '>=': (/** @type {number} */ a) => a >= value,
    '=': (/** @type {number} */ a) => a === value,
  }[by];
  for (let id = 0; id < keep.length; id++) if (holds(values[id]) === not) keep[id] = 0;
}

/** @param {Uint8Array} keep 1 for those to keep @returns {Uint32Array} their ids */
export function kept(keep) {
  let length = 0;
  for (let id = 0; id < keep.length; id++) length += keep[id];
  const ids = new Uint32Array(length);
  for (let id = 0, k = 0; id < keep.length; id++) if (keep[id]) ids[k++] = id;
  return ids;
}

/** @param {string} column */
function unknown(column) {
  if (column === 'writer') return 'who wrote each is not known here: of the sets that this page knows only QMNIST tells';
  return `the ${column} is not known here: it comes with the shipped network, which has read MNIST only`;
}
