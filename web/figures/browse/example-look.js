/**
 * How one digit in the drawer looks.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  .large canvas {
    box-sizing: content-box;
    border: 1px solid var(--hairline);
    touch-action: none;
    cursor: crosshair;
  }

  /* On a phone the picture stands beside what is said of it. */
  @media (max-width: 559px) {
    .close-up {
      display: grid;
      grid-template: auto 1fr / auto minmax(0, 1fr);
      gap: 0 var(--space-3);
    }

    .large {
      grid-row: span 2;
    }
  }

  h2 {
    margin: 0;
    font-size: var(--size-large);
    line-height: 1.2;
  }

  h3 {
    margin: var(--space-4) 0 var(--space-1);
    font-size: var(--size-text);
  }

  p {
    margin: var(--space-1) 0;
  }

  .read {
    margin-top: 0;
    min-height: 1.5em;
  }

  .row,
  .near {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }

  .near {
    align-items: start;
    gap: 6px;
  }

  .row button,
  glass-take a {
    min-height: 32px;
    font-size: var(--size-small);
  }

  glass-take a {
    color: var(--accent);
    line-height: 32px;
  }

  table {
    width: 100%;
  }

  td:nth-child(2) {
    width: 70%;
  }

  meter {
    width: 100%;
    height: 10px;
    appearance: none;
    background: var(--hairline);
    border: 0;
    display: block;
  }

  meter::-webkit-meter-bar {
    background: var(--hairline);
    border: 0;
    height: 10px;
    border-radius: 0;
  }

  meter::-webkit-meter-optimum-value {
    background: var(--muted);
    border-radius: 0;
  }

  meter::-moz-meter-bar {
    background: var(--muted);
  }

  .most meter::-webkit-meter-optimum-value {
    background: var(--accent);
  }

  .most meter::-moz-meter-bar {
    background: var(--accent);
  }

  .most td,
  .most th {
    color: var(--ink);
    font-weight: 600;
  }
`;
