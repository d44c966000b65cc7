/**
 * The curves of a run as a table that other programs read.
 *
 * @module
 */

/** @param {import('./history.js').History} history @returns {string} a row for each span of steps, and one for each evaluation */
export function asCsv({ steps, lowest, highest, averages, evaluations }) {
  const spans = steps.map((step, k) => [step, lowest[k], highest[k], averages[k], '', ''].join());
  const measured = evaluations.map(({ step, loss, accuracy }) => [step, '', '', '', loss, accuracy].join());
  return `${['step,lowest batch loss,highest batch loss,average loss,test loss,test accuracy', ...spans, ...measured].join('\n')}\n`;
}
