/**
 * How the columns of a network stand beside each other; on a phone below each other.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  .stage {
    position: relative;
    display: grid;
    grid-template-columns: 160px var(--columns, 1fr) minmax(150px, 172px);
    justify-content: start;
    gap: var(--space-4);
    align-items: start;
  }

  .answer {
    grid-column: -2;
  }

  .edges {
    position: absolute;
    inset: 0;
    height: 100%;
    pointer-events: none;
  }

  .input {
    display: grid;
    gap: var(--space-2);
  }

  glass-sheet {
    width: 160px;
  }

  p {
    margin: 0;
    font-size: var(--size-small);
    line-height: 1.3;
    color: var(--muted);
  }

  @media (max-width: 899px) {
    .stage {
      grid-template-columns: 1fr 1fr;
    }

    .edges {
      display: none;
    }

    glass-layer {
      grid-column: 1 / -1;
    }

    .answer {
      grid-row: 1;
      grid-column: 2;
    }
  }

  @media (max-width: 419px) {
    .stage {
      grid-template-columns: 150px minmax(0, 1fr);
    }

    .input {
      grid-template-columns: minmax(0, 1fr);
    }

    glass-sheet {
      width: 100%;
    }

    glass-digit {
      grid-column: 1 / -1;
    }
  }
`;
