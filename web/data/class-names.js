/**
 * A text file of the visitor's that says what classes are called: one name a line, in the order of
 * the labels.
 *
 * @module
 */

const MOST_BYTES = 20_000;
const MOST_NAMES = 256;
const LONGEST = 40;

/** @param {File} file @returns {boolean} whether it is meant to be such a list */
export function isNames({ name }) {
  return /\.(txt|names)$/i.test(name);
}

/**
 * @param {string} text
 * @param {string} file its name, for the error's text
 * @returns {string[]}
 * @throws {Error} in words for the visitor
 */
export function parseNames(text, file) {
  if (text.length > MOST_BYTES) throw new Error(`${file}: ${text.length.toLocaleString('en')} characters; a list of names has at most ${MOST_BYTES.toLocaleString('en')}`);
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  while (lines.length && !lines[lines.length - 1]) lines.pop();
  if (!lines.length) throw new Error(`${file}: empty; expected the name of a class on each line`);
  if (lines.length > MOST_NAMES) throw new Error(`${file}: ${lines.length} lines; expected at most ${MOST_NAMES} names of classes, one a line`);
  return lines.map((line, k) => {
    if (!line) throw new Error(`${file}, line ${k + 1}: empty; expected the name of class ${k}`);
    if (line.length > LONGEST) throw new Error(`${file}, line ${k + 1}: ${line.length} characters; a name has at most ${LONGEST}`);
    if (/[\p{Cc}"\ufffd]/u.test(line)) throw new Error(`${file}, line ${k + 1}: a character that no name has (a quotation mark, or no text)`);
    if (lines.indexOf(line) < k) throw new Error(`${file}, line ${k + 1}: “${line}” is the name of class ${lines.indexOf(line)} already`);
    return line;
  });
}
