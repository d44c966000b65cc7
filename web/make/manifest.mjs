/**
 * Prints what glassnet.js's elements are to those who write HTML, for tools: a Custom Elements
 * Manifest, and types. All of it comes from the tables that the elements themselves read, and from the
 * comments at the top of their modules.
 *
 *     node manifest.mjs OPTIONS FIGURES
 *
 * OPTIONS: what the package declares of its own (declarations.py); FIGURES: modules by tag; both JSON.
 */

import { readFileSync } from 'node:fs';

globalThis.__OPTIONS__ = JSON.parse(process.argv[2]);
const figures = JSON.parse(process.argv[3]);
const web = new URL('../', import.meta.url);
const { TABLE } = await import(new URL('state/table.js', web));
const { BROWSE_TABLE } = await import(new URL('state/browse-table.js', web));
const { INSIDE_TABLE } = await import(new URL('state/inside-table.js', web));
const { CONTROLS } = await import(new URL('state/controls.js', web));
const { STATUSES } = await import(new URL('embed/messages.js', web));

const TABLES = { train: TABLE, network: INSIDE_TABLE, browse: BROWSE_TABLE, race: {} };
/** Of these HTML means something else: they are written with `data-` before them. */
const TAKEN = ['hidden', 'python'];

const COMMON = [
  { name: 'loading', type: { text: "'lazy' | 'eager' | 'touch'" }, default: "'lazy'", description: 'When it comes to life: when it is near the screen, at once, or when a reader presses a button below its picture.' },
  { name: 'poster', type: { text: 'string' }, description: 'Address of a picture that stands there until it lives; without it the one that the site was built with. What is written in the element goes before.' },
  { name: 'alt', type: { text: 'string' }, description: 'What that picture shows, in words.' },
  { name: 'theme', type: { text: "'light' | 'dark'" }, description: 'Colours; without it those of the page.' },
  { name: 'status', type: { text: union(STATUSES) }, description: 'How it does. Written by the element, for your styles.', readonly: true },
];
const OWN = {
  train: [{ name: 'python', type: { text: "'intent' | 'idle'" }, default: "'intent'", description: 'When Python comes: when something is pressed that needs it, or when the page has nothing else to do.' }],
  network: [{ name: 'python', type: { text: "'intent' | 'idle'" }, default: "'intent'", description: 'When Python comes: when something is asked that needs it, or when the page has nothing else to do.' }],
  browse: [{ name: 'interaction', type: { text: "'focus' | 'always'" }, default: "'focus'", description: 'When the wheel and one finger are for the wall: once it has been clicked, or always.' }],
  race: [],
};
/** What each opens, and what it is asked with: as figures/asked/inspect.js takes it. */
const INSPECT = {
  train: ['{ layer?: number; unit?: number; digit?: number; split?: \'test\' | \'train\' }', 'Opens a layer, a unit of it, a digit; all are counted from 0.'],
  network: ['{ layer?: number; unit?: number; stop?: string; at?: number; panel?: string }', 'Opens a unit of a layer; or a stop of the step (such as layers.0.z), and with `at` one number there; or a panel. All are counted from 0.'],
  browse: ['{ digit: string }', 'Opens a digit, such as test-18, with what is known of it.'],
};
/** What all can be asked: figures/living.js. */
const ASKED = [
  { name: 'load', description: 'Brings it to life, wherever it is and whatever `loading` says. Settled when it is ready.', returns: 'Promise<void>' },
  { name: 'toBlob', description: 'A picture of it as it stands: its canvases and charts as PNG, or its curves as SVG. Its words are not in the PNG: describe() has them.', parameters: [{ name: 'options', optional: true, type: { text: "{ type?: 'image/png' | 'image/svg+xml'; part?: string; scale?: number }" }, description: '`part`: of its parts this one alone; `scale`: pixels in a CSS pixel, at most 4, without it as sharp as the screen.' }], returns: 'Promise<Blob>' },
  { name: 'describe', description: 'What it shows, in words: what stands for such a picture where it is not seen.', returns: 'Promise<string>' },
];
const METHODS = {
  train: { play: 'Starts training; Python comes, if it is not there.', pause: 'Pauses it.', step: 'Takes one step.', reset: 'Goes back to step 0.' },
  network: { play: 'Plays on through the stops of the step.', pause: 'Stands still.', step: 'Goes to the next stop.', reset: 'Goes to the first stop.' },
  browse: {},
  race: { play: 'Starts the race; Python comes, if it is not there.', pause: 'Pauses it.', reset: 'Ends it.' },
};
/** Of a figure of any kind (embed/reach.js). */
const REACHED = [
  ...['load', 'play', 'pause', 'step', 'reset'].map((name) => [name, '', 'void']),
  ['inspect', `what: ${Object.values(INSPECT).map(([type]) => type).join(' | ')}`, 'void'],
  ...ASKED.slice(1).map(({ name, parameters = [], returns }) => [name, parameters.map((one) => `${one.name}?: ${one.type.text}`).join(), returns.slice('Promise<'.length, -1)]),
];
const EVENTS = [
  { name: 'glass-ready', type: { text: 'CustomEvent' }, description: 'There is something to see, and what is pressed is done at once.' },
  { name: 'glass-status', type: { text: 'CustomEvent<{status: string, words: string}>' }, description: 'The status has changed.' },
  { name: 'glass-change', type: { text: 'CustomEvent<{query: string}>' }, description: 'A setting has changed; `query` is what an address would say.' },
  { name: 'glass-error', type: { text: 'CustomEvent<{words: string}>' }, description: 'Something went wrong; the element says so, too.' },
];

const SLOTS = [
  { name: '', description: 'What is shown until it lives.' },
  { name: 'controls', description: 'Of the author: beside its own controls, such as buttons that call its methods.' },
  { name: 'caption', description: 'Of the author: below it, in its colours; on paper, too.' },
];

const modules = Object.entries(figures).map(([tag, path]) => {
  const figure = tag.replace('glass-', '');
  const name = tag.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
  const controls = { name: 'controls', type: { text: 'string' }, description: `What is shown, by name: ${Object.keys(CONTROLS[figure]).join(', ')}; all; none. Without it all.` };
  const attributes = [...Object.entries(TABLES[figure]).map(attribute), ...OWN[figure], controls, ...COMMON];
  return {
    kind: 'javascript-module',
    path: 'glassnet.js',
    declarations: [{
      kind: 'class', customElement: true, tagName: tag, name, description: summary(path), attributes, events: EVENTS,
      members: methodsOf(figure),
      slots: SLOTS,
      cssParts: Object.entries(CONTROLS[figure]).map(([part, words]) => ({ name: part, description: `${words}. What \`controls\` leaves out is not there.` })),
      cssProperties: [{ name: '--glassnet-rem', default: '15px', description: 'Size of its text, on which all sizes in it depend.' }],
    }],
    exports: [{ kind: 'custom-element-definition', name: tag, declaration: { name, module: 'glassnet.js' } }],
  };
}); // prettier-ignore

console.log(JSON.stringify({ manifest: { schemaVersion: '2.1.0', readme: '', modules }, types: types() }));

/** @param {string} figure */
function methodsOf(figure) {
  const pressed = Object.entries(METHODS[figure]).map(([name, description]) => ({ name, description, returns: 'void' }));
  const [type, description] = INSPECT[figure] ?? [];
  const opens = type ? [{ name: 'inspect', description: `${description} Rejected with what there is, if there is no such thing.`, parameters: [{ name: 'what', type: { text: type } }], returns: 'Promise<void>' }] : [];
  return [...pressed, ...opens, ...ASKED].map(({ returns, ...method }) => ({ kind: 'method', ...method, return: { type: { text: returns } } }));
}

/** @param {[string, any]} row of a table */
function attribute([name, row]) {
  const text = { integer: 'number', number: 'number', flag: "'on' | 'off'", text: 'string', choice: row.values && union(row.values) }[row.kind];
  const usual = row.kind === 'flag' ? (row.default ? 'on' : 'off') : row.default;
  return { name: TAKEN.includes(name) ? `data-${name}` : name, type: { text }, default: JSON.stringify(usual), description: `${row.label}: ${row.hint}.` };
}

/** @param {readonly string[]} values */
function union(values) {
  return values.map((value) => `'${value}'`).join(' | ');
}

/** @param {string} path @returns {string} the first paragraph at the top of a module */
function summary(path) {
  const [, text] = /^\/\*\*\n([\s\S]*?)\n \*\n/.exec(readFileSync(new URL(path, web), 'utf-8')) ?? [];
  if (!text) throw new Error(`${path} does not say at its top what it is`);
  return text.replace(/^ \* /gm, '').replaceAll('\n', ' ');
}

/** Types, for those who check their pages. */
function types() {
  const made = modules.map(({ declarations: [{ tagName, name, description, attributes, members }] }) => {
    const rows = attributes.map(({ name: key, type, description: words }) => `  /** ${words} */\n  ${JSON.stringify(key)}?: ${type.text === 'number' ? 'number | string' : type.text};`);
    const methods = members.map(({ name: method, description: words, parameters = [], return: { type } }) => `  /** ${words} */\n  ${method}(${parameters.map((one) => `${one.name}${one.optional ? '?' : ''}: ${one.type.text}`)}): ${type.text};`);
    return { tagName, name, text: `/** ${description} */\nexport interface ${name}Attributes {\n${rows.join('\n')}\n}\n\nexport interface ${name} extends HTMLElement {\n${methods.join('\n')}\n}` };
  });
  const tags = made.map(({ tagName }) => `'${tagName}'`).join(' | ');
  return `// Types of glassnet.js and of what it defines.

/** Defines an element, for those in shadow roots, where nobody looks for them. */
export function define(tag: ${tags}): Promise<void>;

/** What \`reach\` gives: each settles when it is done, or is rejected with what is wrong. Not every figure has all. */
export interface Figure {
${REACHED.map(([name, what, returns]) => `  ${name}(${what}): Promise<${returns}>;`).join('\n')}
}

/** The methods of a figure, of whatever kind: one of the elements, a \`<figure data-glassnet>\`, or an \`<iframe>\` of frame.html. It comes to life for them. */
export function reach(element: Element): Figure;

${made.map(({ text }) => text).join('\n\n')}

declare global {
  interface HTMLElementEventMap {
${EVENTS.map(({ name, type }) => `    '${name}': ${type.text};`).join('\n')}
  }
  interface HTMLElementTagNameMap {
${made.map(({ tagName, name }) => `    '${tagName}': ${name};`).join('\n')}
  }
}
`;
}
