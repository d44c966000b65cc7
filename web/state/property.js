/**
 * What a setting is: a name, a kind, a default, bounds, and words that say what changing it does.
 * Reading one from text never throws and never guesses: it gives a value or says why not. Knows no
 * page, no address and no particular setting.
 *
 * @module
 */

/**
 * @typedef {'live'|'restart'} Effect what a change does: seen at once, or at the next start from step 0
 *
 * @typedef {object} NumberProperty
 * @property {'integer'|'number'} kind
 * @property {string} label as a field shows it
 * @property {number} default
 * @property {number} min smallest value allowed
 * @property {number} max largest value allowed
 * @property {string} [unset] what the default is, where the number says nothing
 * @property {Effect} effect
 * @property {string} hint what it is, in a few words
 *
 * @typedef {object} FlagProperty
 * @property {'flag'} kind
 * @property {string} label
 * @property {boolean} default
 * @property {Effect} effect
 * @property {string} hint
 *
 * @typedef {object} ChoiceProperty
 * @property {'choice'} kind
 * @property {string} label
 * @property {string} default one of the values
 * @property {readonly string[]} values
 * @property {boolean} [always] whether an address names it even where it is the default
 * @property {Effect} effect
 * @property {string} hint
 *
 * @typedef {object} TextProperty
 * @property {'text'} kind
 * @property {string} label
 * @property {string} default
 * @property {number} longest characters allowed
 * @property {RegExp} [pattern] that a text other than the default has to match
 * @property {Effect} effect
 * @property {string} hint
 *
 * @typedef {NumberProperty|FlagProperty|ChoiceProperty|TextProperty} Property
 * @typedef {number|boolean|string} Value
 * @typedef {{value: Value} | {fault: string}} Reading
 */

const INTEGER = /^-?\d{1,16}$/; // what may be below 0 is for the bounds to say
const DECIMAL = /^\d{0,16}(\.\d{1,24})?(e[+-]?\d{1,3})?$/i; // 17 digits that tell a number begin late in a small one

/**
 * @param {Property} property
 * @param {string} text
 * @returns {Reading} the value, or what would have been acceptable
 */
export function read(property, text) {
  if (property.kind === 'flag') {
    if (text === 'on') return { value: true };
    if (text === 'off') return { value: false };
    return { fault: 'has to be on or off' };
  }
  if (property.kind === 'choice') {
    return property.values.includes(text) ? { value: text } : { fault: `has to be one of ${property.values.join(', ')}` };
  }
  if (property.kind === 'text') {
    if (text.length > property.longest) return { fault: `has to have at most ${property.longest} characters` };
    const fits = text === property.default || (property.pattern?.test(text) ?? true);
    return fits ? { value: text } : { fault: `has to be ${property.hint}` };
  }
  const trimmed = text.trim();
  const pattern = property.kind === 'integer' ? INTEGER : DECIMAL;
  const value = trimmed && pattern.test(trimmed) ? Number(trimmed) : NaN;
  if (!(value >= property.min && value <= property.max)) return { fault: bounds(property) };
  return { value };
}

/**
 * @param {Value} value
 * @returns {string} what `read` reads back as the same value
 */
export function write(value) {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}

/** @param {NumberProperty} property */
function bounds(property) {
  const kind = property.kind === 'integer' ? 'a whole number' : 'a number';
  return `has to be ${kind} from ${plain(property.min)} to ${plain(property.max)}`;
}

/** @param {number} value */
function plain(value) {
  return value.toLocaleString('en', { maximumFractionDigits: 6 });
}
