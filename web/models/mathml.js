/**
 * A formula's tree (glassnet/formulas.py) ready to be written: the same tags and texts, and beside
 * them which symbol each part is, so that pointing at it can say what it means.
 *
 * @module
 */

import { INDEX_AXES } from './symbols.js';

/** @typedef {[tag: string, ...children: any[]]} Tree a leaf is [tag, text] */

/**
 * @typedef {object} Written one element of MathML
 * @property {string} tag
 * @property {string} text of a leaf
 * @property {Written[]} children
 * @property {string} symbol that it is, such as `z`, `∂L/∂W`; '' for none
 * @property {string} axis that it runs along, if it is an index; else ''
 */

/** Tags of a formula; whatever else comes is a row. */
const TAGS = new Set(['mi', 'mn', 'mo', 'mtext', 'mrow', 'mfrac', 'msqrt', 'msub', 'msup', 'msubsup']);
const LEAVES = new Set(['mi', 'mn', 'mo', 'mtext']);
/** Signs that are worth a word. */
const SIGNS = ['Σ', '⊙', '←'];

/** @param {Tree} tree @param {boolean} [index] whether it stands below another */
export function written([tag, ...children], index = false) {
  /** @type {Written} */
  const made = { tag: TAGS.has(tag) ? tag : 'mrow', text: '', children: [], symbol: '', axis: '' };
  if (LEAVES.has(tag)) {
    made.text = String(children[0] ?? '');
    if (made.text === 'Σ') made.tag = 'mo'; // a letter to Python, a sign to readers
    if (tag === 'mi' || (tag === 'mo' && SIGNS.includes(made.text))) made.symbol = made.text;
    if (index) made.axis = INDEX_AXES[made.text] ?? '';
    return made;
  }
  const below = (/** @type {number} */ i) => (tag === 'msub' && i === 1) || (tag === 'msubsup' && i === 1);
  made.children = children.filter(Array.isArray).map((child, i) => written(/** @type {Tree} */ (child), below(i)));
  if (made.tag === 'mrow') made.children.forEach(apart);
  const whole = tag === 'mfrac' ? made.children.map(textOf).join('/') : '';
  if (/^∂[^/]+\/∂/.test(whole)) made.symbol = whole; // a derivative is one symbol, not a fraction of two
  return made;
}

/** Words, and functions without brackets, stand apart from what is around them: MathML itself has no spaces. @param {Written} node @param {number} i @param {Written[]} row */
function apart(node, i, row) {
  if (node.tag === 'mtext') node.text = `\u00a0${node.text}\u00a0`;
  else if (node.tag === 'mi' && /^[a-z]{2,}$/.test(node.text) && row[i + 1] && row[i + 1].tag !== 'mo' && row[i + 1].children[0]?.text !== '(') node.text += '\u2009';
}

/** @param {Written} node @returns {string} */
function textOf({ text, children }) {
  return text + children.map(textOf).join('');
}

/** The symbols of a formula, each once, in order; parts of a derivative are none of their own. @param {Written} node @returns {string[]} */
export function symbolsOf({ symbol, children }) {
  return [...new Set(symbol ? [symbol] : children.flatMap(symbolsOf))];
}
