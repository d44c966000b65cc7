/**
 * How the reasons for a class look.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  h4 {
    margin: 0 0 var(--space-1);
    font-size: var(--size-text);
    font-weight: 600;
  }

  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 292px));
    gap: var(--space-4) var(--space-6);
    margin-bottom: var(--space-3);
  }

  section {
    min-width: 0;
    max-width: 292px;
  }

  dl {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 2px var(--space-2);
    margin: var(--space-2) 0 var(--space-1);
    font-size: var(--size-small);
  }

  dt {
    color: var(--muted);
  }

  dd {
    margin: 0;
    text-align: right;
  }

  .sum {
    border-top: 1px solid var(--hairline);
    padding-top: 2px;
  }

  section p {
    margin: 0;
  }

  glass-switches {
    margin-top: var(--space-4);
  }

  .inexact {
    border-left: 2px solid var(--negative);
    padding-left: var(--space-3);
  }

  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(72px, 1fr));
    gap: var(--space-2);
    max-width: 520px;
  }

  .tiles button {
    padding: var(--space-1);
    white-space: nowrap;
    text-align: left;
    min-width: 0;
    overflow: hidden;
  }

  .tiles button > span {
    display: flex;
    justify-content: space-between;
  }
`;
