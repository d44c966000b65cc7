/**
 * How an Adaline and its letters are laid out.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    display: grid !important;
    align-content: start !important;
    gap: var(--space-4) !important;
    min-width: 0;
  }

  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--space-2);
    padding-block: var(--space-3);
    border-block: 1px solid var(--hairline);
  }

  .top label {
    display: grid;
    gap: 2px;
  }

  .top input {
    width: 5.5em;
  }

  glass-status {
    flex: 1 0 100%;
  }

  .stage {
    display: grid;
    grid-template-columns: 236px minmax(0, 1fr) minmax(0, 320px);
    gap: var(--space-6) var(--space-8);
    align-items: start;
  }

  h3 {
    margin: 0 0 var(--space-2);
    font-size: var(--size-small);
    font-weight: 600;
  }

  .verdict {
    margin: 0 0 var(--space-2);
    min-height: 3em; /* of the longest */
  }

  .legend {
    margin: var(--space-2) 0 0;
  }

  .ramp {
    display: inline-block;
    width: 96px;
    height: 10px;
    margin: 0 var(--space-1);
    vertical-align: -1px;
    background: linear-gradient(to right, var(--negative), var(--zero), var(--positive));
  }

  .below {
    display: grid;
    grid-template-columns: minmax(0, 340px) minmax(0, 1fr);
    gap: var(--space-6) var(--space-8);
    align-items: start;
    padding-top: var(--space-4);
    border-top: 1px solid var(--hairline);
  }

  .right {
    display: grid;
    gap: var(--space-6);
  }

  .refused:empty {
    display: none;
  }

  .refused {
    flex: 1 0 100%;
    margin: 0;
  }

  @media (max-width: 1099px) {
    .stage {
      grid-template-columns: 236px minmax(0, 1fr);
    }

    .neurons {
      grid-column: 1 / -1;
      grid-row: 2;
    }
  }

  @media (max-width: 719px) {
    .stage,
    .below {
      grid-template-columns: minmax(0, 1fr);
    }

    .neurons {
      grid-row: 3;
    }
  }
`;
