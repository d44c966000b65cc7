/**
 * How the paper and its tools look.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    width: 170px;
  }

  .paper {
    position: relative;
  }

  .paper canvas {
    height: 168px;
    border: 1px solid var(--line);
    box-sizing: content-box;
    width: 168px;
    cursor: crosshair;
    touch-action: none; /* a finger draws here; it scrolls everywhere else */
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }

  .hint {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    margin: 0;
    padding: var(--space-4);
    text-align: center;
    pointer-events: none;
  }

  .below {
    display: grid;
    grid-template-columns: 86px 1fr;
    gap: 2px var(--space-2);
    margin-top: var(--space-1);
  }

  .below canvas {
    width: 84px; /* 3 pixels a pixel: sharp */
    height: 84px;
    border: 1px solid var(--hairline);
    box-sizing: content-box;
  }

  .below p {
    min-height: 20px;
    grid-column: 1 / -1;
    margin: 0;
    line-height: 1.2;
  }

  .tools {
    display: grid;
    gap: 1px;
  }

  .tools button {
    min-height: 28px;
    padding: 0 var(--space-1);
    font-size: var(--size-small);
  }

  @media (max-width: 719px) {
    .paper canvas {
      scroll-margin-top: 200px; /* the page's controls stay above it */
    }
  }
`;
