/**
 * The keys of the page of all digits, the words and the Python that find digits, and other sets.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import { controls, shared } from '../../kit/styles.js';

/** @fires choose-files when the visitor wants to open files of their own */
export class GlassHelp extends LitElement {
  static properties = { about: { attribute: false } };

  static styles = [
    shared,
    controls,
    css`
      h2 {
        margin: 0;
        font-size: var(--size-large);
      }

      dt {
        font-weight: 600;
        margin-top: var(--space-3);
      }

      dd {
        margin: 0;
      }

      kbd,
      code {
        font-family: var(--code-font);
        font-size: 0.92em;
      }

      kbd {
        border: 1px solid var(--line);
        border-radius: 3px;
        padding: 0 0.35em;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../data/examples.js').About|null} */
    this.about = null;
  }

  render() {
    const { rows = 28, columns = 28, classes = [] } = this.about ?? {};
    const named = classes.some((name, label) => name !== String(label));
    return html`
      <h2>Keys and words</h2>
      <dl>
        <dt>On the wall</dt>
        <dd><kbd>arrows</kbd> choose a digit, <kbd>Page Up</kbd> <kbd>Page Down</kbd> a screenful on, <kbd>Home</kbd> <kbd>End</kbd> the first and last; <kbd>Enter</kbd> shows it, <kbd>Esc</kbd> goes a step back</dd>
        <dd><kbd>+</kbd> <kbd>−</kbd> or the wheel zoom, <kbd>0</kbd> shows all; a drag moves, two fingers pinch</dd>
        <dd><kbd>Shift</kbd> with a drag, a click or an arrow selects; <kbd>Ctrl</kbd> click and <kbd>space</kbd> add and take away; <kbd>Ctrl</kbd> <kbd>a</kbd> selects all found</dd>
        <dd>A network can be trained on the selected digits, or tested on them; the address keeps the selection</dd>
        <dt>Anywhere</dt>
        <dd><kbd>/</kbd> search, <kbd>g</kbd> go to an index, <kbd>f</kbd> the wall alone, as for a projector</dd>
        <dt>Words to search with</dt>
        <dd><code>7</code> or <code>label:7</code>, <code>pred:9</code>, <code>wrong</code>, <code>right</code>, <code>test</code>, <code>train</code>, <code>#12345</code></dd>
        <dd><code>loss&gt;0.5</code> <code>conf&lt;0.4</code> <code>ink&lt;0.05</code> <code>sim&lt;0.3</code> <code>index&lt;100</code>; <code>-7</code> leaves sevens out</dd>
        <dt>Python</dt>
        <dd>An expression over numpy arrays, one entry a digit: <code>y</code> <code>pred</code> <code>loss</code> <code>conf</code> <code>ink</code> <code>sim</code> <code>index</code> <code>test</code> <code>train</code>, and the pixels <code>X</code> (n, ${rows}, ${columns}).${named ? ' y is the number of the class.' : ''}</dd>
        <dd><code>(y == 9) &amp; (pred == 4) &amp; (loss &gt; 0.5)</code></dd>
        <dd><code>mean(X[:, :14], axis=(1, 2)) &gt; 2 * mean(X[:, 14:], axis=(1, 2))</code></dd>
        <dd>abs, all, any, argmax, exp, isin, log, max, maximum, mean, min, minimum, round, sqrt, std, sum</dd>
        <dt>Other sets</dt>
        <dd>Drop IDX files on the page, or <button @click=${() => this.dispatchEvent(new CustomEvent('choose-files'))}>choose files</button>: grey images of 1 × 1 to 512 × 512 pixels, up to a million of them and 700 MB, with or without labels (up to 256 classes), one split or two, plain or .gz.</dd>
        <dd>Fashion-MNIST, KMNIST, QMNIST and EMNIST are known by their files, and their classes by name. QMNIST tells who wrote each digit: <code>writer:123</code>. For other sets drop a text file (.txt) with them, or after them: the name of a class on each line.</dd>
      </dl>
    `;
  }
}

customElements.define('glass-help', GlassHelp);
