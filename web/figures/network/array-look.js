/**
 * How an array looks: its head with named axes, its three views, and the words below.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    font-size: var(--size-small);
    line-height: 1.4;
  }

  .head,
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: var(--space-1) var(--space-3);
  }

  .symbol {
    font-size: var(--size-large);
    font-style: italic;
  }

  .axis {
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    font-weight: 600;
    cursor: default;
    text-decoration: underline transparent 2px;
    text-underline-offset: 3px;
  }

  .axis[data-lit] {
    text-decoration-color: currentColor;
  }

  .bar {
    align-items: center;
    margin: var(--space-2) 0;
  }

  .bar button,
  .bar select,
  .bar input {
    min-height: 30px;
    padding: 2px var(--space-2);
    font-size: var(--size-small);
  }

  .switch {
    display: inline-flex;
  }

  .switch button {
    border-radius: 0;
    margin-left: -1px;
  }

  .switch button:first-child {
    border-radius: var(--radius) 0 0 var(--radius);
    margin-left: 0;
  }

  .switch button:last-child {
    border-radius: 0 var(--radius) var(--radius) 0;
  }

  [aria-pressed='true'] {
    border-color: var(--accent);
    background: color-mix(in srgb, var(--accent) 12%, var(--page));
    position: relative;
  }

  canvas {
    border-radius: 0;
    touch-action: manipulation;
  }

  .told {
    min-height: 1.4em;
    margin: var(--space-1) 0 0;
  }

  .legend {
    margin: var(--space-1) 0 0;
    color: var(--muted);
  }

  .ramp {
    display: inline-block;
    width: 72px;
    height: 10px;
    margin: 0 var(--space-1);
    vertical-align: -1px;
    border: 1px solid var(--hairline);
    background: linear-gradient(to right, var(--negative), var(--zero), var(--positive));
  }

  .ramp.plain {
    background: linear-gradient(to right, var(--pixel-zero), var(--pixel-one));
  }

  .scroll {
    overflow: auto;
    max-height: 380px;
    border: 1px solid var(--hairline);
  }

  .scroll th {
    position: sticky;
    left: 0;
    background: var(--page);
  }

  .scroll thead th {
    top: 0;
    z-index: 1;
  }

  .scroll td {
    cursor: pointer;
    font-variant-numeric: tabular-nums;
  }

  td[data-lit] {
    background: color-mix(in srgb, var(--accent) 10%, transparent);
  }

  td[aria-current] {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }

  svg.bars {
    display: block;
    width: 100%;
    max-width: 480px;
    height: 140px;
    border-bottom: 1px solid var(--line);
  }

  svg.bars rect {
    fill: var(--muted);
  }

  svg.bars rect.sign-less {
    fill: var(--negative);
  }

  svg.bars rect.sign-more {
    fill: var(--positive);
  }

  .ends {
    display: flex;
    justify-content: space-between;
    max-width: 480px;
    color: var(--muted);
  }

  input[type='number'] {
    width: 5em;
  }
`;
