/**
 * How the panel looks from which a figure is taken to other pages.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    display: contents; /* what is not in the dialog is nowhere, not even a gap in the figure's grid */
  }

  dialog {
    width: min(1120px, 100vw - 32px);
    max-width: none;
    height: fit-content;
    max-height: calc(100dvh - 32px);
    padding: 0;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--page);
    color: var(--ink);
    box-shadow: var(--shadow);
    overscroll-behavior: contain;
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }

  .head {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-4);
    padding: var(--space-2) var(--space-2) var(--space-2) var(--space-6);
    background: var(--page);
    border-bottom: 1px solid var(--hairline);
  }

  h2 {
    margin: 0;
    font-size: var(--size-large);
    font-weight: 600;
    line-height: 1.2;
  }

  .body {
    display: grid;
    grid-template-columns: minmax(0, 512px) minmax(0, 1fr);
    gap: var(--space-6) var(--space-8);
    padding: var(--space-4) var(--space-6) var(--space-6);
  }

  .choices {
    display: grid;
    align-content: start;
    gap: var(--space-4);
    min-width: 0;
  }

  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  legend,
  .name {
    padding: 0;
    margin-bottom: var(--space-1);
    font-size: var(--size-small);
    font-weight: 600;
    color: var(--ink);
  }

  p {
    margin: 0;
  }

  /* Radio buttons in a row, as one control. */
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
  }

  .row label {
    position: relative;
    padding: 3px var(--space-2);
    border: 1px solid var(--hairline);
    border-radius: var(--radius);
    cursor: pointer;
    color: var(--ink);
    transition: border-color var(--hover);
  }

  .row label:hover {
    border-color: var(--accent);
  }

  .row label:has(:checked) {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }

  .row label:has(:focus-visible) {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .row input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    min-height: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }

  .text {
    position: relative;
    margin-top: var(--space-2);
  }

  textarea {
    display: block;
    width: 100%;
    height: 172px;
    padding: var(--space-2) var(--space-3);
    font: var(--size-small) / 1.5 var(--code-font);
    color: var(--ink);
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    resize: vertical;
    overflow-wrap: anywhere;
  }

  .acts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    margin-top: var(--space-2);
  }

  .where {
    margin-top: var(--space-1);
    min-height: 3em; /* two lines, so that the text below does not jump */
  }

  .notes {
    display: grid;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-3);
    border-left: 2px solid var(--line);
  }

  .notes:empty {
    display: none;
  }

  .own {
    display: grid;
    gap: var(--space-1);
  }

  .own input {
    width: 100%;
    min-height: 32px;
  }

  .unfurl {
    margin: 0;
    padding-left: 1.2em;
  }

  .checks {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(200px, 1fr));
    gap: 2px var(--space-4);
  }

  .checks label {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 28px;
    color: var(--ink);
    cursor: pointer;
  }

  .checks input {
    flex: none;
    min-height: 0;
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--accent);
  }

  /* In sight while one goes through the choices. */
  .preview {
    position: sticky;
    top: 68px;
    align-self: start;
    display: grid;
    gap: var(--space-1);
    min-width: 0;
  }

  iframe {
    display: block;
    width: 100%;
    height: clamp(320px, 100dvh - 224px, 640px);
    border: 1px solid var(--hairline);
    border-radius: var(--radius-picture);
    background: var(--page);
  }

  @media (max-width: 899px) {
    .body {
      grid-template-columns: minmax(0, 1fr);
      padding-inline: var(--space-4);
    }

    .head {
      padding-left: var(--space-4);
    }

    .preview {
      position: static;
    }
  }

  @media (max-width: 479px) {
    dialog {
      width: 100vw;
      max-height: 100dvh;
      height: 100dvh;
      border-width: 0;
      border-radius: 0;
    }

    iframe {
      height: 440px;
    }

    h2 {
      font-size: var(--size-text);
    }
  }

  @media print {
    dialog {
      display: none;
    }
  }
`;
