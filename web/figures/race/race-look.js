/**
 * How a race is laid out.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    display: grid !important;
    align-content: start !important;
    gap: var(--space-6) !important;
  }

  .top {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    padding-block: var(--space-3);
    border-block: 1px solid var(--hairline);
  }

  glass-status {
    flex: 1 0 100%;
  }

  .lanes {
    display: grid;
    grid-template-columns: auto minmax(80px, 1fr) repeat(4, auto);
    gap: var(--space-2) var(--space-4);
    align-items: center;
  }

  .row {
    display: contents;
  }

  .row > * {
    text-align: right;
    min-width: 4.5em;
  }

  .row > :first-child {
    text-align: left;
  }

  [role='columnheader'] {
    align-self: end;
    line-height: 1.2;
  }

  .bar {
    height: 16px;
  }

  .name {
    font-weight: 600;
  }

  a {
    color: var(--accent);
  }

  .key {
    display: inline-block;
    width: 24px;
    margin-right: var(--space-2);
    vertical-align: middle;
    border-top: 3px solid var(--ink);
  }

  .key.simd {
    border-top: 9px solid color-mix(in srgb, var(--positive) 35%, transparent);
  }

  .key.python {
    border-top: 2px dashed var(--negative);
  }

  .charts {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--space-8);
  }

  .plot {
    height: 240px;
    overflow: hidden;
  }

  p {
    margin: var(--space-2) 0 0;
  }

  @media print {
    .charts.charts {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @media (max-width: 719px) {
    .lanes {
      grid-template-columns: repeat(3, auto);
      gap: var(--space-1) var(--space-3);
    }

    .row > :first-child,
    .row > .track {
      grid-column: 1 / -1;
      min-width: 0;
    }

    .row > :nth-child(3) {
      text-align: left;
    }

    .row > :nth-child(6),
    .row.heads > :first-child,
    .row.heads > .track {
      display: none;
    }

    .charts {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
