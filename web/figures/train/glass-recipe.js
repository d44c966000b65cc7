/**
 * The settings that a run starts from, and what a change of them will do: at once as long as no
 * step has been taken, afterwards with the next Reset, so that no run is lost by a slip.
 *
 * @module
 */

import { css, html, LitElement } from 'lit';
import '../../kit/glass-field.js';
import { shared } from '../../kit/styles.js';

export class GlassRecipe extends LitElement {
  static properties = {
    settings: { attribute: false },
    staged: { type: Boolean },
    untouched: { type: Boolean },
  };

  static styles = [
    shared,
    css`
      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-3);
        min-width: 0;
        border: 0;
        margin: 0;
        padding: 0;
      }

      glass-field {
        width: 92px;
      }

      p {
        margin: 0;
        max-width: 17em;
        line-height: 1.3;
      }

      strong {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import('../../state/settings.js').Settings|null} */
    this.settings = null;
    /** Whether the fields differ from the run on the screen. */
    this.staged = false;
    /** Whether no step has been taken yet. */
    this.untouched = true;
  }

  render() {
    return html`<fieldset>
      <legend class="unseen">What the run starts from</legend>
      <glass-field name="rate" .settings=${this.settings}></glass-field>
      <glass-field name="batch" .settings=${this.settings}></glass-field>
      <glass-field name="seed" .settings=${this.settings}></glass-field>
      <p class="small muted">${this.#effect()}</p>
    </fieldset>`;
  }

  #effect() {
    if (this.untouched) return 'A change takes effect at once: no step has been taken.';
    if (this.staged) return html`<strong>Changed.</strong> Reset starts again with it, from step 0.`;
    return 'A change waits for Reset: it starts again from step 0.';
  }
}

customElements.define('glass-recipe', GlassRecipe);
