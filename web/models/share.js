/**
 * A figure as it stands, as texts to be pasted elsewhere: a link, one snippet for all carriers, and
 * what some carriers like better.
 *
 * The snippet goes through Markdown processors, sanitizers, JSX and templates. So it has no style, no
 * comment, no blank line and no void tag that is not closed, and values hold nothing that any of them
 * takes for its own. Where scripts are lost, a picture that links here is left.
 *
 * @module
 */

import { CONTROLS, USUAL, writeControls } from '../state/controls.js';

/**
 * @typedef {import('../state/controls.js').Figure} Figure
 * @typedef {'auto'|'light'|'dark'} Theme
 * @typedef {'link'|'snippet'|'element'|'iframe'|'markdown'|'hugo'|'quarto'|'jupyter'} Form
 *
 * @typedef {object} Embed a figure in one state, of which the build made pictures, and a page that unfurls
 * @property {string} name of its folder
 * @property {string} figure
 * @property {string} query of the figure's page
 * @property {string} title
 * @property {string} alt
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} What
 * @property {Figure} figure
 * @property {string} query what its settings are, where they are not the defaults; such as `?digit=7`
 * @property {string} [fragment] of its page's address, with `#`
 * @property {string} site absolute address of the site's root
 * @property {readonly Embed[]} embeds
 * @property {readonly string[]} controls those that are shown
 * @property {Theme} [theme]
 * @property {string} [picture] absolute address of a picture of the author's own
 * @property {string} [title]
 * @property {string} [alt]
 *
 * @typedef {object} Shared
 * @property {Record<Form, string>} texts
 * @property {string} frame address of the frame that the texts lead to
 * @property {boolean} exact whether the picture shows the figure in this state
 */

/** Of each figure: its page, its element, and what it is called in any state. @type {Record<Figure, {page: string, element: string, title: string}>} */
export const FIGURES = {
  train: { page: 'train.html', element: 'glass-train', title: 'A network that learns to read digits' },
  network: { page: 'network.html', element: 'glass-network', title: 'Inside a neural network' },
  race: { page: 'race.html', element: 'glass-race', title: 'A race of three engines' },
  browse: { page: 'browse.html', element: 'glass-browse', title: 'All handwritten digits of MNIST' },
};

/** Settings whose names mean something else on an element. */
const TAKEN = ['hidden'];
/** Every picture that the build makes has this size. */
const PICTURE = { width: 1200, height: 630 };
/** CSS pixels of a frame whose page does not listen to how high it wants to be. */
const HEIGHT = 640;
/** What the frame may do: nothing but what it does at home. */
const RIGHTS = 'sandbox="allow-scripts allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox" allow="fullscreen; clipboard-write"';

/** @param {What} what @returns {Shared} */
export function sharing(what) {
  const { figure, query, fragment = '', theme = 'auto', embeds } = what;
  const site = what.site.replace(/\/*$/, '/');
  const { page, element, title: usual } = FIGURES[figure];
  const settings = [...new URLSearchParams(query)];
  const row = embeds.find((one) => one.figure === figure && same(one.query, query));
  const shown = row ?? embeds.find((one) => one.figure === figure) ?? { name: figure, alt: usual };
  const title = oneLine(what.title ?? row?.title ?? usual);
  const alt = oneLine(what.alt ?? (what.picture ? title : shown.alt));
  const controls = writeControls(figure, what.controls);
  const looks = /** @type {[string, string][]} */ ([...(theme === 'auto' ? [] : [['theme', theme]]), ...(controls === null ? [] : [['controls', controls]])]);
  const link = `${site}${page}${settings.length ? `?${new URLSearchParams(settings)}` : ''}${fragment}`;
  const frame = `${site}frame.html?${new URLSearchParams([['figure', figure], ...settings, ...looks])}`;
  const [light, dark] = ['light', 'dark'].map((name) => `${site}embed/${shown.name}/${name}.png`);
  const script = tag('script', [['async', null], ['type', 'module'], ['src', `${site}glassnet.js`]], '');
  const image = what.picture
    ? `<img${written([['src', what.picture], ['alt', alt]])} />`
    : `<picture><source${written([['media', '(prefers-color-scheme: dark)'], ['srcset', dark]])} /><img${written([['src', light], ['width', String(PICTURE.width)], ['height', String(PICTURE.height)], ['alt', alt]])} /></picture>`;
  const data = [['glassnet', figure], ...settings, ...looks].map(([name, value]) => /** @type {[string, string]} */ ([`data-${name}`, value]));
  const snippet = `${tag('figure', data, `\n${tag('a', [['href', link]], image)}\n`)}\n${script}`;
  const left = what.controls.length < Object.keys(CONTROLS[figure]).length; // an element shows all where nothing is said
  const said = [...looks.filter(([name]) => name !== 'controls'), ...(left ? [['controls', controls ?? USUAL[figure].join(' ')]] : [])];
  const attributes = [...settings, ...said].map(([name, value]) => /** @type {[string, string]} */ ([TAKEN.includes(name) ? `data-${name}` : name, value]));
  const markdown = `[![${inMarkdown(alt)}](${inBrackets(what.picture ?? light)})](${inBrackets(link)})`;
  const texts = {
    link,
    snippet,
    element: `${tag(element, attributes, '')}\n${script}`,
    iframe: `<iframe${written([['src', frame], ['title', title], ['width', '100%'], ['height', String(HEIGHT)], ['loading', 'lazy']])} ${RIGHTS}></iframe>`,
    markdown,
    hugo: hugo(snippet),
    quarto: quarto(snippet, markdown),
    jupyter: jupyter(snippet, frame),
  };
  return { texts, frame, exact: Boolean(row) || Boolean(what.picture) };
}

/** Hugo drops HTML from Markdown unless it is told otherwise; a shortcode it lets through. @param {string} snippet */
function hugo(snippet) {
  return `{{< glassnet >}}\n${snippet}\n{{< /glassnet >}}\n\nOnce, in a file layouts/shortcodes/glassnet.html:\n\n{{ .Inner | safeHTML }}`;
}

/** On paper it is the picture. @param {string} snippet @param {string} markdown */
function quarto(snippet, markdown) {
  return `\`\`\`{=html}\n${snippet}\n\`\`\`\n\n::: {.content-visible unless-format="html"}\n${markdown}\n:::`;
}

/** A notebook that is not trusted keeps the picture and the link. @param {string} snippet @param {string} frame */
function jupyter(snippet, frame) {
  return `from IPython.display import HTML, IFrame\n\nHTML("""\n${snippet}\n""")\n# or, where scripts are not run: IFrame("${frame}", "100%", ${HEIGHT})`;
}

/** Whether two queries say the same, in whatever order. @param {string} one @param {string} other */
function same(one, other) {
  const [a, b] = [one, other].map((query) => {
    const parameters = new URLSearchParams(query);
    parameters.sort();
    return parameters.toString();
  });
  return a === b;
}

/** @param {string} name @param {[string, string|null][]} attributes @param {string} inside HTML */
function tag(name, attributes, inside) {
  return `<${name}${written(attributes)}>${inside}</${name}>`;
}

/** @param {[string, string|null][]} attributes null: the name alone */
function written(attributes) {
  return attributes.map(([name, value]) => (value === null ? ` ${name}` : ` ${name}="${escaped(value)}"`)).join('');
}

/** What HTML, a template, JSX, Python, TeX in Markdown, or a link in Markdown would take for its own; and ends of lines. */
const SPECIAL = /[&<>"'{}[\]\\`$\t\n\f\r]/g;

/** @param {string} text @returns {string} as the value of an attribute, on one line; all of it but what HTML cannot say */
function escaped(text) {
  return text.replaceAll('\0', '').replace(SPECIAL, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? `&#${sign.charCodeAt(0)};`);
}

/** @param {string} text @returns {string} as it is to be read, in Markdown of any kind, with its tables and its better quotes */
function inMarkdown(text) {
  const entities = text.replace(/[&<>{}$~|!"']|-(?=-)|\.(?=\.)/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return entities.replace(/[\\[\]`*_]/g, '\\$&');
}

/** @param {string} address @returns {string} what nothing in Markdown takes for its end */
function inBrackets(address) {
  return address.replace(/[()<>\s\\`$]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** @param {string} text */
function oneLine(text) {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
