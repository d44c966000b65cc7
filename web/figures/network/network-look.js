/**
 * How a network is laid out.
 *
 * @module
 */

import { css } from 'lit';

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
    gap: var(--space-4);
  }

  glass-outputs {
    margin-left: var(--space-12);
  }

  .edges {
    position: absolute;
    inset: 0;
    height: 100%;
    pointer-events: none;
  }

  .say {
    margin: var(--space-3) 0 0;
    min-height: 3em;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1) var(--space-4);
    margin: var(--space-2) 0;
    font-size: var(--size-small);
    color: var(--muted);
  }

  .legend select {
    min-height: 24px;
    padding: 0 var(--space-1);
    font-size: var(--size-small);
  }

  .kernels {
    display: block;
    margin-top: var(--space-2);
  }

  .ramp {
    display: inline-block;
    width: 96px;
    height: 10px;
    margin: 0 var(--space-1);
    vertical-align: -1px;
    background: linear-gradient(to right, var(--negative), var(--zero), var(--positive));
  }

  .glow {
    background: linear-gradient(to right, var(--zero), var(--positive));
    width: 48px;
  }

  @media (max-width: 719px) {
    .stage {
      grid-template-columns: auto minmax(0, 1fr);
      gap: var(--space-4);
    }

    .tiles {
      grid-area: 2 / 1 / 3 / 3;
    }

    glass-outputs {
      grid-area: 1 / 2;
      margin-left: 0;
    }

    glass-unit {
      grid-area: 3 / 1 / 4 / 3;
    }

    .left {
      display: contents;
    }

    .edges,
    .lines {
      display: none;
    }
  }

  @media (max-width: 359px) {
    .stage {
      column-gap: var(--space-1);
    }
  }
`;
