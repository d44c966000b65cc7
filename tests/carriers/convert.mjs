/** Markdown in, HTML out, by the processor that is named: `node convert.mjs commonmark < post.md`. */

import { readFileSync } from 'node:fs';

import { evaluate } from '@mdx-js/mdx';
import * as commonmark from 'commonmark';
import markdownIt from 'markdown-it';

const SIGNS = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const VOID = ['img', 'source', 'br', 'hr'];
const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => SIGNS[sign]);

/** JSX as a server writes it: only words that JSX has made elements of are HTML. */
class Html {
  constructor(text) {
    this.text = text;
  }
}

const inside = (child) => (Array.isArray(child) ? child.map(inside).join('') : child instanceof Html ? child.text : child === undefined || child === null ? '' : escaped(child));

function jsx(type, { children, ...attributes }) {
  if (typeof type === 'function') return type({ children, ...attributes });
  const written = Object.entries(attributes).map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escaped(value)}"`));
  return new Html(`<${type}${written.join('')}>${VOID.includes(type) ? '' : `${inside(children)}</${type}>`}`);
}

const PROCESSORS = {
  commonmark: (text) => new commonmark.HtmlRenderer().render(new commonmark.Parser().parse(text)),
  'markdown-it': (text) => markdownIt({ html: true }).render(text),
  async mdx(text) {
    const Fragment = ({ children }) => new Html(inside(children));
    const { default: Content } = await evaluate(text, { jsx, jsxs: jsx, Fragment });
    return Content({}).text;
  },
};

process.stdout.write(await PROCESSORS[process.argv[2]](readFileSync(0, 'utf8')));
