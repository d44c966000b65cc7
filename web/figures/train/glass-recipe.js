/**
 * The settings that a run starts from, and what a change of them will do: at once as long as no
 * step has been taken, afterwards with the next Reset, so that no run is lost by a slip.
 *
 * @module
 */

import { css, html, LitElement, nothing } from 'lit';
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
        width: 5.8em;
      }

      p {
        flex: 1 0 100%;
        margin: 0;
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
    return html`<fieldset title=${this.staged ? nothing : this.#effect()}>
      <legend class="unseen">What the run starts from</legend>
      <glass-field name="rate" .settings=${this.settings}></glass-field>
      <glass-field name="batch" .settings=${this.settings}></glass-field>
      <glass-field name="seed" .settings=${this.settings}></glass-field>
      ${this.staged && !this.untouched ? html`<p class="small muted"><strong>Changed.</strong> Reset starts again with it, from step 0.</p>` : nothing}
    </fieldset>`;
  }

  #effect() {
    if (this.untouched) return 'A change takes effect at once: no step has been taken.';
    return 'A change waits for Reset: it starts again from step 0.';
  }
}

customElements.define('glass-recipe', GlassRecipe);
