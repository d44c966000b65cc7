/**
 * What a run is to be, as the fields of a page say.
 *
 * @module
 */

/** @typedef {import('../python/protocol.js').RunConfig} RunConfig */

/** What a run on chosen digits takes at least: one pass over all of MNIST, ten at a time. */
const LEAST_STEPS = 6000;
const MOST_EPOCHS = 1000;

/**
 * @param {import('../state/settings.js').Settings} settings
 * @param {Partial<RunConfig>} base what the fields do not say: of a run that was opened, its own network
 * @param {number} few digits chosen to train on; Infinity: all
 * @returns {Partial<RunConfig> & Pick<RunConfig, 'seed'|'batch'|'optimizer'|'epochs'>}
 */
export function recipe(settings, base, few) {
  const size = Math.min(settings.get('batch'), few);
  const epochs = settings.get('epochs');
  return {
    ...base,
    seed: settings.get('seed'),
    batch: size,
    optimizer: { ...(base.optimizer ?? { type: 'sgd' }), lr: settings.get('rate') },
    // Thirty passes over a handful are over before anything is learned.
    epochs: few < Infinity ? Math.min(MOST_EPOCHS, Math.max(epochs, Math.ceil((LEAST_STEPS * size) / few))) : epochs,
  };
}
