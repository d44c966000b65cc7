/**
 * What the panels around a network have in common: how they wrap, and how their numbers stand.
 *
 * @module
 */

import { css } from 'lit';

export const panel = css`
  h3 {
    margin: 0 0 var(--space-2);
    font-size: var(--size-text);
    font-weight: 600;
  }

  h3 select,
  h3 .muted {
    font-weight: normal;
  }

  p {
    margin: 0 0 var(--space-2);
    max-width: var(--measure);
    line-height: 1.4;
  }

  button,
  select,
  input {
    min-height: 32px;
    padding: 2px var(--space-2);
    font-size: var(--size-small);
  }

  strong {
    font-weight: 600;
  }

  .number {
    font-variant-numeric: tabular-nums;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    margin-bottom: var(--space-2);
  }

  .side {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-4);
    align-items: flex-start;
  }

  .side > :first-child {
    flex: 0 1 280px;
    min-width: 0;
  }

  .side > :last-child {
    flex: 1 1 300px;
    min-width: 0;
  }

  .twins,
  .triplets {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 140px));
    gap: var(--space-2);
  }

  .triplets {
    grid-template-columns: repeat(3, minmax(0, 140px));
  }

  .triplets {
    margin-bottom: var(--space-2);
  }

  figure {
    margin: 0;
    min-width: 0;
  }

  figcaption {
    margin-top: 2px;
    font-size: var(--size-small);
    color: var(--muted);
    line-height: 1.3;
  }

  .thumbs {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
    margin: 0 0 var(--space-2);
    padding: 0;
    list-style: none;
  }

  glass-thumb {
    --thumb: 48px;
    --thumb-note: var(--ink);
  }

  details {
    margin-top: var(--space-2);
  }

  summary {
    margin-bottom: var(--space-2);
  }

  .ramp {
    display: inline-block;
    width: 72px;
    height: 10px;
    margin: 0 var(--space-1);
    vertical-align: -1px;
    background: linear-gradient(to right, var(--negative), var(--zero), var(--positive));
  }

  [aria-pressed='true'] {
    border-color: var(--accent);
    background: color-mix(in srgb, var(--accent) 12%, var(--page));
  }
`;
