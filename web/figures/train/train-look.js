/**
 * How the training page is laid out.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    display: grid !important;
    align-content: start !important;
    gap: var(--space-3) !important;
  }

  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--space-2) var(--space-6);
    padding-block: var(--space-1) var(--space-2);
    border-bottom: 1px solid var(--hairline);
  }

  glass-controls {
    flex: 1 1 560px;
  }

  glass-status {
    flex: 1 0 100%;
  }

  .figures {
    display: grid;
    grid-template-columns: minmax(0, 2.75fr) minmax(280px, 1fr);
    gap: var(--space-8);
  }

  :host([controls]:not([controls='all'], [controls~='curves'])) .figures {
    grid-template-columns: minmax(0, 1fr);
  }

  .keys {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    margin: 0;
  }

  .keys input {
    min-height: 0;
    accent-color: var(--accent);
  }

  @media (max-width: 1099px) {
    .figures {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  /* One below another, so that a page can end between them. */
  @media print {
    :host,
    .figures {
      display: block !important;
    }

    glass-card,
    glass-score {
      margin-bottom: var(--space-6);
    }
  }

  @media (max-width: 719px) {
    .top {
      display: contents;
    }

    glass-controls {
      position: sticky;
      top: 0;
      z-index: 1;
      padding: var(--space-2) var(--bleed, 0px);
      margin-inline: calc(-1 * var(--bleed, 0px)); /* on our page: what scrolls below has outlines that reach beyond it */
      background: var(--page);
      border-bottom: 1px solid var(--hairline);
    }
  }
`;
