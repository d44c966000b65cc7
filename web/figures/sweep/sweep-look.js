/**
 * The looks of the sweep page.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    display: grid !important;
    gap: var(--space-6);
  }

  h2 {
    margin: 0 0 var(--space-2);
    font-size: var(--size-text);
    font-weight: 600;
  }

  p {
    margin: 0;
  }

  summary {
    font-weight: 600;
    cursor: pointer;
  }

  form {
    display: grid;
    gap: var(--space-3);
    max-width: 46rem;
    margin-top: var(--space-3);
  }

  .rows {
    display: grid;
    gap: var(--space-2);
  }

  .row,
  .others,
  .acts {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--space-2) var(--space-3);
  }

  .row > label {
    flex: 1 1 11rem;
  }

  .row > label + label {
    flex-grow: 2;
  }

  label > input {
    display: block;
    width: 100%;
  }

  .others > label {
    flex: 0 1 8rem;
  }

  input[type='file'] {
    width: auto;
    max-width: 100%;
  }

  [role='alert'] {
    color: var(--negative);
  }

  .course {
    display: grid;
    gap: var(--space-2);
  }

  .multiples {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(210px, 46%), 1fr));
    gap: var(--space-3);
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .multiples button {
    display: block;
    width: 100%;
    height: 100%;
    padding: var(--space-2);
    background: none;
    text-align: left;
    white-space: normal;
    line-height: 1.3;
  }

  .multiples button[aria-pressed='true'] {
    border-color: var(--accent);
  }
`;
