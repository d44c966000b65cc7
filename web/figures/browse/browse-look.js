/**
 * How the page of all digits looks.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    display: grid !important;
    grid-template-columns: minmax(0, 1fr) auto !important;
    grid-template-rows: auto minmax(0, 1fr) auto !important;
    min-height: 0;
    position: relative !important;
  }

  .top {
    grid-column: 1 / -1;
    display: grid;
    grid-template-columns: minmax(200px, 1fr) minmax(0, 51em);
    gap: var(--space-1) var(--space-4);
    align-items: start;
    padding: var(--space-2) var(--space-4);
    border-bottom: 1px solid var(--hairline);
  }

  .asks,
  .top glass-status {
    grid-column: 1 / -1;
  }

  .asks {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    min-width: 0;
  }

  .asks glass-labels {
    flex: 1 1 600px;
    min-width: 0;
  }

  .asks glass-presets {
    min-width: 0;
  }

  @media (max-width: 1179px) {
    .top {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  .wall {
    position: relative;
    min-height: 0;
    min-width: 0;
  }

  glass-plane {
    position: absolute;
    inset: 0;
  }

  .wall > glass-menu {
    position: absolute;
    top: var(--space-1);
    right: var(--space-2);
    background: var(--page);
    border-radius: var(--radius);
  }

  glass-selected {
    position: absolute;
    left: var(--space-3);
    bottom: var(--space-3);
    right: var(--space-3);
    width: fit-content;
  }

  .told {
    position: absolute;
    left: 0;
    bottom: 0;
    margin: 0;
    padding: 2px var(--space-3);
    max-width: 100%;
    background: var(--page);
    border-top: 1px solid var(--hairline);
    border-right: 1px solid var(--hairline);
    border-top-right-radius: var(--radius);
    font-size: var(--size-small);
    color: var(--muted);
  }

  /* Nothing lies over the wall on paper. */
  @media print {
    .wall {
      display: flex;
      flex-direction: column;
    }

    glass-plane {
      position: relative;
      flex: 1;
    }

    .told {
      position: static;
    }
  }

  /* Where the selection is below it. */
  .told.above {
    top: 0;
    bottom: auto;
    border: 0 solid var(--hairline);
    border-width: 0 1px 1px 0;
    border-radius: 0 0 var(--radius);
  }

  aside {
    width: 392px;
    overflow: auto;
    border-left: 1px solid var(--hairline);
    background: var(--page);
    padding: var(--space-3) var(--space-4) var(--space-6);
    overscroll-behavior: contain;
  }

  .close {
    float: right;
    margin: -4px -8px 0 var(--space-2);
    font-size: var(--size-small);
  }

  .drop {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    background: color-mix(in srgb, var(--page) 86%, transparent);
    border: 3px dashed var(--accent);
    font-size: var(--size-large);
    text-align: center;
    padding: var(--space-6);
    z-index: 3;
    pointer-events: none;
  }

  .refusal {
    grid-column: 1 / -1;
    border-left: 3px solid var(--negative);
    padding: var(--space-2) var(--space-4);
    background: var(--panel);
    display: flex;
    gap: var(--space-3);
    align-items: center;
    justify-content: space-between;
    overflow-wrap: anywhere;
  }

  .refusal p {
    margin: 0;
  }

  /* While the wall is moved by hand, what lies around it steps back; but not what somebody is in with
     the keyboard, and not what went wrong. */
  @media (prefers-reduced-motion: no-preference) {
    .top > :not(.refusal, glass-status),
    .told,
    glass-selected {
      transition: opacity 0.25s;
    }

    :host([moving]) .top:not(:focus-within) > :not(.refusal, glass-status),
    :host([moving]) .told,
    :host([moving]) glass-selected:not(:focus-within) {
      opacity: 0.25;
    }
  }

  aside h2 {
    margin: 0;
    font-size: var(--size-large);
  }

  @media (max-width: 899px) {
    .top {
      grid-template-columns: minmax(0, 1fr);
      padding-inline: var(--space-3);
    }

    aside {
      grid-column: 1 / -1;
      width: auto;
      max-height: 46vh;
      border-left: 0;
      border-top: 1px solid var(--line);
    }
  }

  /* A phone held upright: one row to search, two of classes, one of views and questions. */
  @media (max-width: 559px) {
    .top {
      grid-template-columns: auto minmax(0, 1fr);
    }

    .top > *,
    .asks glass-labels {
      grid-column: 1 / -1;
    }

    .asks {
      display: contents;
    }

    .top > glass-arrange {
      grid-column: 1;
      order: 1;
    }

    .asks glass-presets {
      grid-column: 2;
      order: 2;
    }

    aside:has(glass-peek) {
      position: relative;
      height: 96px;
      padding-block: var(--space-2);
    }

    aside:has(glass-peek) glass-peek {
      padding-right: 4em;
    }

    aside:has(glass-peek) .close {
      position: absolute;
      right: var(--space-3);
      top: 50%;
      margin: -18px 0 0;
    }
  }

  /* A phone held sideways: what room there is lies beside the wall, not below it. */
  @media (min-width: 560px) and (max-width: 899px) and (max-height: 560px) {
    aside {
      grid-area: 2 / 2;
      width: 300px;
      max-height: none;
      border-left: 1px solid var(--line);
      border-top: 0;
    }
  }
`;
