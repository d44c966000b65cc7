/**
 * How a disturbed digit and its sliders look.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  .rub {
    width: min(100%, 226px); /* 8 pixels a pixel: sharp */
    aspect-ratio: var(--ratio, 1);
    border: 1px solid var(--line);
    cursor: crosshair;
    touch-action: none; /* a finger rubs here; it scrolls everywhere else */
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
    margin-bottom: var(--space-1);
  }

  .slider {
    display: grid;
    grid-template-columns: 4.5em minmax(80px, 1fr) 7.5em;
    align-items: center;
    gap: var(--space-2);
    max-width: 420px;
  }

  .slider input {
    width: 100%;
    padding: 0;
    accent-color: var(--accent);
  }

  .bar {
    margin-top: var(--space-2);
  }

  h3 {
    margin-top: var(--space-4);
  }
`;
