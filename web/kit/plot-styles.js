/**
 * The few style rules that a uPlot chart needs inside a shadow root; they come with it.
 *
 * @module
 */

const sheet = new CSSStyleSheet();

/** @param {Element} into where a chart will be */
export function style(into) {
  const root = /** @type {ShadowRoot|Document} */ (into.getRootNode());
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

sheet.replaceSync(`
  .uplot {
    position: relative;
    width: min-content;
    font-size: var(--size-small);
  }

  .uplot canvas {
    border-radius: 0;
  }

  .u-wrap {
    position: relative;
    user-select: none;
  }

  .u-over,
  .u-under,
  .u-axis {
    position: absolute;
  }

  .u-under {
    overflow: hidden;
  }

  .u-select,
  .u-legend,
  .u-off {
    display: none;
  }

  .u-cursor-x,
  .u-cursor-y,
  .u-cursor-pt {
    position: absolute;
    left: 0;
    top: 0;
    pointer-events: none;
  }

  .u-cursor-x {
    height: 100%;
    border-right: 1px solid var(--muted);
  }

  .u-cursor-pt {
    border-radius: 50%;
  }

  .paper {
    display: none;
  }

  @media print {
    .plot {
      height: auto !important; /* of screens, which elements give it */
      overflow: visible;
      break-inside: avoid;
    }

    .uplot {
      width: auto;
    }

    .u-wrap {
      display: none;
    }

    .paper {
      display: block;
      width: 100%;
      max-width: 640px;
      height: auto;
    }
  }
`);
