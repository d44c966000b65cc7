/**
 * How surgery on a unit looks.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  .weights {
    width: min(100%, 226px); /* 8 pixels a pixel: sharp */
    aspect-ratio: var(--ratio, 1);
    border: 1px solid var(--line);
    cursor: crosshair;
    touch-action: none; /* a finger paints here; it scrolls everywhere else */
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
    margin-bottom: var(--space-1);
  }

  .off {
    opacity: 0.35;
  }

  input {
    width: 5.5em;
  }

  .cell {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    margin-bottom: var(--space-2);
  }

  ol {
    margin: 0 0 var(--space-3);
    padding-left: 1.8em;
    font-size: var(--size-small);
    line-height: 1.5;
  }
`;
