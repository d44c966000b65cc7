/**
 * How a network is laid out.
 *
 * @module
 */

import { css } from 'lit';

// The unit pointed at is large, over what stands beside the network; where nothing does there is no room.
// Chromium prints white where a canvas is clear: the edges must not hide what lies below.
export const look = css`
  .stage {
    position: relative;
    display: grid;
    grid-template-columns: 170px minmax(220px, 397px) minmax(216px, 1fr);
    column-gap: var(--space-8);
    align-items: start;
  }

  .left {
    display: grid;
    gap: var(--space-3);
  }

  .answer {
    margin-left: var(--space-12);
  }

  glass-unit[large] {
    display: none;
  }

  @media (min-width: 1100px) {
    glass-unit[large] {
      display: block;
      position: absolute;
      left: calc(100% + var(--space-8));
      top: -28px;
      z-index: 2;
      width: 272px;
      padding: var(--space-2);
      background: var(--page);
      border: 1px solid var(--hairline);
      border-radius: var(--radius);
      box-shadow: var(--shadow);
      pointer-events: none;
    }
  }

  .edges {
    position: absolute;
    inset: 0;
    height: 100%;
    pointer-events: none;
  }

  @media print {
    .edges {
      mix-blend-mode: multiply;
    }
  }

  .say {
    margin: 0 0 var(--space-3);
    min-height: 6em; /* of the longest, before there is a network */
  }

  .below {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0 var(--space-4);
    margin-top: var(--space-1);
  }

  glass-legend {
    flex: 1 1 520px;
    min-height: 69px; /* with a choice of layers, which comes with the network */
    align-content: start;
  }

  .kernels {
    display: block;
    margin-top: var(--space-2);
  }

  /* As wide as a column of text: all three beside each other, closer. */
  @media (max-width: 719px) {
    .stage {
      grid-template-columns: 170px minmax(190px, 1.3fr) minmax(170px, 1fr);
      column-gap: var(--space-4);
    }

    .answer {
      margin-left: var(--space-6);
    }
  }

  @media (max-width: 599px) {
    .stage {
      grid-template-columns: auto minmax(0, 1fr);
      gap: var(--space-4);
    }

    .tiles {
      grid-area: 2 / 1 / 3 / 3;
    }

    .answer {
      grid-area: 1 / 2;
      margin-left: 0;
    }

    glass-unit {
      grid-area: 3 / 1 / 4 / 3;
    }

    .left {
      display: contents;
    }

    .edges {
      display: none;
    }
  }

  @media (max-width: 359px) {
    .stage {
      column-gap: var(--space-1);
    }
  }
`;
