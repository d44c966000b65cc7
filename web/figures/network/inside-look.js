/**
 * How the network page's figure is laid out.
 *
 * @module
 */

import { css } from 'lit';

export const look = css`
  :host {
    display: grid !important;
    gap: var(--space-3);
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
  }

  glass-status {
    min-height: 1.5em;
  }

  glass-stops {
    min-height: 72px;
  }

  @media (min-width: 1100px) {
    glass-stop {
      min-height: 420px;
    }
  }

  .say {
    margin: 0 0 var(--space-2);
    min-height: 4.5em;
    font-size: var(--size-small);
  }

  @media (max-width: 719px) {
    glass-status {
      min-height: 4.5em;
    }

    glass-stops {
      min-height: 104px;
    }
  }

  .top {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-4);
    align-items: end;
  }

  .choose,
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }

  .choose label,
  .legend label {
    display: inline-flex;
    gap: var(--space-1);
    align-items: center;
  }

  .legend select {
    min-height: 28px;
    padding: 0 var(--space-1);
    font-size: var(--size-small);
  }

  .legend input[type='checkbox'] {
    width: auto;
    min-height: 0;
  }

  .legend input[type='range'] {
    width: 96px;
    min-height: 24px;
    padding: 0;
  }

  glass-stops {
    margin-bottom: var(--space-2);
  }


  .main {
    min-height: 700px;
    display: grid;
    grid-template-columns: minmax(0, 1fr) 310px;
    gap: var(--space-4);
    align-items: start;
  }

  .beside {
    display: grid;
    gap: var(--space-4);
    grid-template-columns: minmax(0, 1fr);
  }

  .main.deep {
    grid-template-columns: minmax(0, 1fr);
  }

  .deep .beside {
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
  }

  @media (max-width: 1099px) {
    .main {
      grid-template-columns: minmax(0, 1fr);
      align-content: start;
      min-height: 1400px;
    }

    .beside {
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
    }
  }
`;
