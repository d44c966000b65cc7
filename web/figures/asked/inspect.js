/**
 * Opens a part of a figure: a unit, a number, a digit. What it is asked may have come from another page, so
 * all of it is looked at first.
 *
 * @module
 */

import { all } from './within.js';

/** What may be asked of each figure. */
const FIELDS = /** @type {Record<string, Record<string, 'number'|'text'>>} */ ({
  'glass-network': { layer: 'number', unit: 'number', stop: 'text', at: 'number', panel: 'text' },
  'glass-train': { layer: 'number', unit: 'number', digit: 'number', split: 'text' },
  'glass-browse': { digit: 'text' },
});
const LONGEST = 60;

/** @param {any} element @param {any} what @throws {Error} which says what there is instead */
export async function inspect(element, what) {
  const fields = FIELDS[element.localName];
  if (!fields) throw new Error(`<${element.localName}> has nothing to inspect`);
  if (!what || typeof what !== 'object') throw new Error('inspect() wants an object, such as { unit: 7 }');
  for (const [name, value] of Object.entries(what)) {
    if (!Object.hasOwn(fields, name)) throw new Error(`inspect() of <${element.localName}> knows ${Object.keys(fields).join(', ')}, not ${name.slice(0, LONGEST)}`);
    const fits = fields[name] === 'number' ? Number.isInteger(value) && value >= 0 : typeof value === 'string' && value.length <= LONGEST;
    if (!fits) throw new Error(`${name} is ${fields[name] === 'number' ? 'a whole number from 0' : 'a short text'}, not ${String(value).slice(0, LONGEST)}`);
  }
  if (element.localName === 'glass-network') inNetwork(element, what);
  else if (element.localName === 'glass-train') inTraining(element, what);
  else onWall(element, what);
  await element.updateComplete;
}

/** @param {any} element @param {{layer?: number, unit?: number, stop?: string, at?: number, panel?: string}} what */
function inNetwork({ inside, settings }, { layer, unit, stop, at, panel }) {
  const [step, network] = [inside.step.peek(), inside.network.peek()];
  const names = /** @type {string[]} */ (step.quantities.map((/** @type {{name: string}} */ { name }) => name));
  if (stop !== undefined && !names.includes(stop)) throw new Error(`there is no stop ${stop}; there are ${names.join(', ')}`);
  if (at !== undefined && stop === undefined) throw new Error('at is a place in a stop: say which stop');
  const number = layer ?? settings.peek('layer');
  const count = unit === undefined && layer === undefined ? 0 : unitsOf(network.layers, number, unit);
  const length = stop === undefined ? 0 : step.named.get(stop).data.length;
  if (at !== undefined && at >= length) throw new Error(`${stop} has ${length} numbers, 0 to ${length - 1}`);
  if (panel !== undefined) tell(settings.set('panel', panel));
  inside.player.pause();
  if (stop !== undefined) inside.go(names.indexOf(stop));
  if (layer !== undefined) tell(settings.set('layer', String(layer)));
  if (at !== undefined) inside.picked.value = { name: stop, at };
  if (unit === undefined) return;
  tell(settings.set('layer', String(number)) ?? settings.set('unit', String(unit)) ?? (panel === undefined ? settings.set('panel', 'unit') : null));
  if (stop !== undefined) return;
  const answer = `${network.layers[number].name}.a`;
  if (names.indexOf(answer) > inside.stop.peek()) inside.go(names.indexOf(answer)); // before that it has none
  const answers = step.named.get(answer)?.data.length ?? 0;
  if (answers) inside.picked.value = { name: answer, at: answers === count ? unit : Math.floor((unit * answers) / count) };
}

/** @param {any} element @param {{layer?: number, unit?: number, digit?: number, split?: string}} what */
function inTraining(element, { layer, unit, digit, split }) {
  const { training, settings } = element;
  const layers = training.shown.peek()?.description.layers ?? [];
  const learns = layers.findIndex((/** @type {{parameters: object}} */ { parameters }) => 'weight' in parameters);
  if (layer !== undefined || unit !== undefined) unitsOf(layers, layer ?? training.layer.peek() ?? learns, unit);
  if (digit !== undefined || split !== undefined) {
    tell(split === undefined ? null : settings.set('split', split));
    tell(digit === undefined ? null : settings.set('digit', String(digit)));
    settings.set('drawing', '');
  }
  if (layer !== undefined) training.layer.value = layer;
  const [network] = all(element, 'glass-forward');
  if (unit !== undefined && network) Object.assign(network, { unit, looking: true });
}

/** @param {any} element @param {{digit?: string}} what */
function onWall(element, { digit }) {
  if (digit === undefined) throw new Error('say which digit, such as { digit: "test-18" }');
  tell(element.settings.set('digit', digit));
  element.settings.set('panel', 'digit');
  element.grown = true;
}

/** @param {import('../../python/protocol.js').LayerDescription[]} layers @param {number} layer @param {number} [unit] @returns {number} how many it has */
function unitsOf(layers, layer, unit = 0) {
  if (!layers[layer]) throw new Error(`there are ${layers.length} layers, 0 to ${layers.length - 1}; not ${layer}`);
  const { output } = layers[layer];
  const count = output.length === 3 ? output[2] : output.reduce((product, length) => product * length, 1);
  if (unit >= count) throw new Error(`layer ${layer} has ${count} units, 0 to ${count - 1}; not ${unit}`);
  return count;
}

/** @param {string|null} fault */
function tell(fault) {
  if (fault) throw new Error(fault);
}
