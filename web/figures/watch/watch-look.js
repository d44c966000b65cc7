/**
 * The looks of the watching page.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    display: grid !important;
    gap: var(--space-6);
  }

  .charts,
  .below {
    display: grid;
    gap: var(--space-6);
  }

  .charts > *,
  .below > * {
    min-width: 0;
  }

  @media (min-width: 900px) {
    .charts {
      grid-template-columns: 1fr 1fr;
    }

    .below {
      grid-template-columns: 3fr 2fr;
      align-items: start;
    }
  }

  h2 {
    margin: 0 0 var(--space-2);
    font-size: var(--size-text);
    font-weight: 600;
  }

  p {
    margin: 0 0 var(--space-2);
  }

  .seeds {
    display: flex;
    align-items: center;
    gap: var(--space-2);
  }

  .seeds input {
    flex: none;
    min-height: 0;
    margin: 0;
  }

  .scroll {
    max-height: 60vh;
    overflow: auto;
  }

  table {
    width: 100%;
  }

  thead th {
    position: sticky;
    top: 0;
    background: var(--page);
    vertical-align: bottom;
  }

  thead button {
    min-height: 0;
    padding: 2px 0;
    border: 0;
    background: none;
    color: var(--muted);
  }

  th:first-child,
  th:last-child,
  td.words {
    text-align: left;
    white-space: nowrap;
  }

  h3 {
    margin: 0 0 var(--space-2);
    font-weight: 600;
  }

  tbody tr.pointed {
    background: var(--panel);
  }

  tbody th button {
    min-height: 24px;
    max-width: 22em;
    overflow: hidden;
    text-overflow: ellipsis;
    padding: 0 var(--space-2);
    border-color: transparent;
    background: none;
    text-align: left;
  }

  tbody th button[aria-pressed='true'] {
    border-color: var(--accent);
    color: var(--accent);
  }

  .key {
    display: inline-block;
    width: 14px;
    border-top: 3px solid;
    vertical-align: middle;
  }

  .key.colour-0 {
    border-color: var(--class-0);
  }

  .key.colour-1 {
    border-color: var(--class-1);
  }

  .key.colour-2 {
    border-color: var(--class-2);
  }

  .key.colour-3 {
    border-color: var(--class-3);
  }

  .key.colour-4 {
    border-color: var(--class-4);
  }

  .key.colour-5 {
    border-color: var(--class-5);
  }

  .key.colour-6 {
    border-color: var(--class-6);
  }

  .key.colour-7 {
    border-color: var(--class-7);
  }

  .key.colour-8 {
    border-color: var(--class-8);
  }

  .key.colour-9 {
    border-color: var(--class-9);
  }

  .mistakes {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .mistakes li {
    text-align: center;
    line-height: 1.2;
  }

  .mistakes glass-picture {
    width: 48px;
    height: 48px;
  }

  .look > * + * {
    margin-top: var(--space-4);
  }
`;
