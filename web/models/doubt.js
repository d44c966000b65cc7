/**
 * Why a label may be wrong, in words: what the network says, what the pixels say, what the labels
 * of the most similar digits say. Reasons against it are told as well.
 *
 * @module
 */

/**
 * @typedef {import('../data/examples.js').About} About
 * @typedef {import('../data/words.js').Columns} Columns
 */

/** Outputs from which the network is sure, and below which it rules a class out. */
const [SURE, RULED_OUT] = [0.9, 0.1];

/**
 * @param {About} about
 * @param {Columns} columns
 * @param {number} id
 * @param {ArrayLike<number>} outputs of the network, one a class
 * @param {Uint32Array|null} near ids of the most similar digits; null while they are not known
 * @returns {{likely: boolean, reasons: string[]}|null} null: it was read as what it is labelled
 */
export function doubt({ classes }, { label, prediction }, id, outputs, near) {
  if (!prediction || prediction[id] === label[id]) return null;
  const [own, other] = [label[id], prediction[id]];
  const reasons = [];
  const sure = outputs[other] >= SURE && outputs[own] <= RULED_OUT;
  reasons.push(
    sure
      ? `The network is sure of ${classes[other]} (${outputs[other].toFixed(2)}) and rules ${classes[own]} out (${outputs[own].toFixed(2)}).`
      : `The network is not sure: ${outputs[other].toFixed(2)} for ${classes[other]}, ${outputs[own].toFixed(2)} for ${classes[own]}.`,
  );
  if (!near?.length) return { likely: false, reasons };
  const many = (/** @type {number} */ wanted) => near.reduce((sum, one) => sum + Number(label[one] === wanted), 0);
  const [same, different] = [many(own), many(other)];
  reasons.push(`Of the ${near.length} digits most like it, ${different} ${different === 1 ? 'is' : 'are'} labelled ${classes[other]}, ${same} ${classes[own]}.`);
  return { likely: sure && different > same, reasons };
}
