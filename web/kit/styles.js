/**
 * The styles that elements share: controls, hidden words, focus. Each element adds only its own.
 *
 * @module
 */

import { css } from 'lit';

export const shared = css`
  :host {
    display: block;
    min-width: 0;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  a {
    color: var(--accent);
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
  }

  canvas {
    display: block;
    width: 100%;
    border-radius: var(--radius-picture);
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .muted {
    color: var(--muted);
  }

  .small {
    font-size: var(--size-small);
  }

  @media print {
    .screen {
      display: none !important;
    }
  }
`;

export const controls = css`
  button,
  input,
  select {
    font: inherit;
    font-variant-numeric: tabular-nums;
    color: var(--ink);
    background: var(--page);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    min-height: 36px;
    padding: var(--space-1) var(--space-3);
  }

  button {
    cursor: pointer;
    white-space: nowrap;
    transition: background-color var(--hover), border-color var(--hover);
  }

  button:hover:not([aria-disabled='true']) {
    border-color: var(--accent);
    color: var(--accent);
  }

  button:active:not([aria-disabled='true']) {
    transform: translateY(1px);
  }

  button[aria-disabled='true'] {
    color: var(--muted);
    border-color: var(--hairline);
    cursor: default;
  }

  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }

  button.primary:hover:not([aria-disabled='true']) {
    background: var(--accent-over);
    border-color: var(--accent-over);
    color: var(--on-accent);
  }

  button.quiet {
    border-color: transparent;
    background: none;
    padding-inline: var(--space-2);
  }

  button svg {
    width: 0.8em;
    height: 0.8em;
    fill: currentColor;
    margin-right: 0.4em;
  }

  label {
    font-size: var(--size-small);
    color: var(--muted);
  }

  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 4px;
    border: 0;
    border-radius: 2px;
    overflow: hidden;
    background: var(--hairline);
    accent-color: var(--accent);
  }

  progress::-webkit-progress-bar {
    background: var(--hairline);
  }

  progress::-webkit-progress-value {
    background: var(--accent);
  }

  progress::-moz-progress-bar {
    background: var(--accent);
  }

  table {
    border-collapse: collapse;
    font-size: var(--size-small);
  }

  th,
  td {
    padding: 2px var(--space-2);
    text-align: right;
    border-bottom: 1px solid var(--hairline);
    font-weight: inherit;
  }

  th {
    color: var(--muted);
  }

  summary {
    cursor: pointer;
    color: var(--muted);
    font-size: var(--size-small);
  }

  @media print {
    details:not([open]) {
      display: none;
    }
  }
`;
