/**
 * A formula in the field's symbols, and below it the same with the numbers of one cell. Pointing at a
 * symbol says what it is; pointing at a number tells which cell it came from. It is real MathML, made
 * node by node: what a formula says is data, and never read as markup.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
import { controls, shared } from '../../kit/styles.js';
import { symbolsOf, written } from '../../models/mathml.js';
import { symbolInWords } from '../../models/symbols.js';
import { axisLook } from './axis-look.js';

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** @typedef {import('../../models/mathml.js').Written} Written */

/**
 * @fires point with `detail` {symbol}, or {key} of a number; both null when nothing is pointed at
 * @fires pick with `detail` {key}: a number was chosen
 */
export class GlassFormula extends LitElement {
  static properties = {
    tree: { attribute: false },
    line: { attribute: false },
    lit: { type: String },
    shapes: { attribute: false },
    pointed: { state: true },
  };

  static styles = [
    shared,
    controls,
    axisLook,
    css`
      .scroll {
        overflow-x: auto;
        overflow-y: hidden;
        padding: var(--space-1) 0;
      }

      math {
        font-size: 1.25em;
      }

      [data-symbol] {
        border-radius: 3px;
      }

      [data-symbol]:hover,
      .lit {
        background: color-mix(in srgb, var(--accent) 16%, transparent);
      }

      .line {
        margin: var(--space-1) 0;
        line-height: 1.7;
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }

      .line button {
        min-height: 24px;
        padding: 0 2px;
        border: 0;
        border-radius: 3px;
        background: none;
        white-space: nowrap;
        text-decoration: underline dotted var(--line);
        text-underline-offset: 3px;
      }

      .line button:hover,
      .line button.lit {
        color: var(--accent);
        background: color-mix(in srgb, var(--accent) 16%, transparent);
      }

      .what {
        min-height: 1.4em;
        margin: 0;
        color: var(--muted);
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px var(--space-3);
        margin: var(--space-1) 0;
        font-size: var(--size-small);
      }

      dt {
        font-style: italic;
      }

      dd {
        margin: 0;
      }
    `,
  ];

  /** The formula as it was last written, and what it was written from. @type {{tree: unknown, node: Element, whole: Written}|null} */
  #made = null;

  constructor() {
    super();
    /** @type {any} as glassnet/formulas.py makes it; null: there is none */
    this.tree = null;
    /** @type {import('../../models/expression.js').Part[]} the same with a cell's numbers */
    this.line = [];
    /** A symbol, or the key of a number, that is marked from outside; '' for none. */
    this.lit = '';
    /** @type {Record<string, string>} of a symbol, what shape it has here */
    this.shapes = {};
    this.pointed = '';
  }

  willUpdate() {
    if (!this.tree) this.#made = null;
    else if (this.tree !== this.#made?.tree) {
      const whole = written(this.tree);
      const math = document.createElementNS(MATHML, 'math');
      math.append(nodeOf(whole));
      this.#made = { tree: this.tree, node: math, whole };
    }
  }

  updated() {
    for (const one of this.#made?.node.querySelectorAll('[data-symbol]') ?? []) one.classList.toggle('lit', this.lit !== '' && one.getAttribute('data-symbol') === this.lit);
  }

  render() {
    const symbols = this.#made ? symbolsOf(this.#made.whole).filter(symbolInWords) : [];
    return html`
      ${this.#made
        ? html`<div class="scroll" @pointerover=${this.#over} @pointerleave=${() => this.#tell('')}>${this.#made.node}</div>
            <p class="what small screen">${this.#words(this.pointed || this.lit)}</p>`
        : nothing}
      ${this.line.length ? html`<p class="line">${this.line.map((part) => this.#part(part))}</p>` : nothing}
      ${symbols.length
        ? html`<details class="screen"><summary>What the symbols are</summary>
            <dl>${symbols.map((symbol) => html`<dt>${symbol}</dt><dd>${this.#words(symbol).replace(`${symbol}: `, '')}</dd>`)}</dl>
          </details>`
        : nothing}
    `;
  }

  /** @param {string} symbol */
  #words(symbol) {
    const [words, shape] = [symbolInWords(symbol), this.shapes[symbol]];
    return words ? `${symbol}: ${words}${shape ? ` (${shape})` : ''}` : '';
  }

  /** @param {import('../../models/expression.js').Part} part */
  #part({ text, key }) {
    if (!key) return text;
    const tell = (/** @type {string|null} */ to) => () => this.dispatchEvent(new CustomEvent('point', { detail: { key: to, symbol: null } }));
    const pick = () => this.dispatchEvent(new CustomEvent('pick', { detail: { key } }));
    return html`<button class=${key === this.lit ? 'lit' : ''} data-key=${key} @pointerenter=${tell(key)} @pointerleave=${tell(null)} @focus=${tell(key)} @blur=${tell(null)} @click=${pick}>${text}</button>`;
  }

  /** @param {PointerEvent} event */
  #over(event) {
    const target = /** @type {Element} */ (event.target);
    // The outermost one counts: a derivative, not the letters in it.
    let symbol = '';
    for (let one = target.closest('[data-symbol]'); one; one = one.parentElement?.closest('[data-symbol]') ?? null) symbol = one.getAttribute('data-symbol') ?? '';
    this.#tell(symbol);
  }

  /** @param {string} symbol */
  #tell(symbol) {
    if (symbol === this.pointed) return;
    this.pointed = symbol;
    this.dispatchEvent(new CustomEvent('point', { detail: { symbol: symbol || null, key: null } }));
  }
}

/** @param {Written} made @returns {Element} */
function nodeOf({ tag, text, children, symbol, axis }) {
  const node = document.createElementNS(MATHML, tag);
  if (text) node.textContent = text;
  node.append(...children.map(nodeOf));
  if (symbol) node.setAttribute('data-symbol', symbol);
  if (symbol && symbolInWords(symbol)) node.setAttribute('title', symbolInWords(symbol));
  if (axis) node.setAttribute('data-axis', axis);
  return node;
}

customElements.define('glass-formula', GlassFormula);
