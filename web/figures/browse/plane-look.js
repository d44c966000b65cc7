/**
 * How the wall looks.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    position: relative;
    overflow: hidden;
    background: var(--pixel-zero);
  }

  [role='listbox'] {
    position: absolute;
    inset: 0;
    touch-action: none;
    cursor: grab;
    outline-offset: -3px;
  }

  [role='listbox'][data-held] {
    cursor: grabbing;
  }

  /* On another's page one finger scrolls that; two move the wall. */
  :host([guest]) [role='listbox'] {
    touch-action: pan-y;
  }

  .hint {
    position: absolute;
    inset: auto 0 var(--space-3);
    width: fit-content;
    max-width: calc(100% - 2 * var(--space-4));
    margin: 0 auto;
    padding: var(--space-1) var(--space-3);
    border-radius: var(--radius);
    background: var(--panel);
    border: 1px solid var(--line);
    pointer-events: none;
  }

  :host([selecting]) [role='listbox'] {
    cursor: crosshair;
  }

  canvas {
    height: 100%;
    border-radius: 0;
  }

  @media print {
    :host([dark]) canvas {
      filter: invert(1) hue-rotate(180deg) contrast(1.15);
    }
  }

  .label[large] {
    max-width: 252px;
  }

  .label {
    position: absolute;
    left: 0;
    top: 0;
  }

  .label:not([large]) {
    max-width: calc(100% - 8px);
  }

  :host([moving]) .label {
    visibility: hidden;
  }

  .rectangle {
    position: absolute;
    left: 0;
    top: 0;
    border: 1px solid var(--accent);
    background: color-mix(in srgb, var(--accent) 14%, transparent);
    pointer-events: none;
  }
`;
