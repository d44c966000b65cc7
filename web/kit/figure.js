/**
 * What makes a figure look the same on any page: it brings the design tokens along, and takes from
 * the page around it neither type nor colour. Rules of a page cannot reach into a shadow root, but
 * they reach its host, and much is inherited from there; what is `!important` here wins over what
 * is so there. Only the outermost element of a figure has these styles.
 *
 * @module
 */

import { css, unsafeCSS } from 'lit';

export const figure = [
  unsafeCSS(__TOKENS__),
  css`
    :host([theme='light']) {
      color-scheme: light !important;
    }

    :host([theme='dark']) {
      color-scheme: dark !important;
    }

    :host {
      display: block !important;
      box-sizing: border-box;
      color: var(--ink) !important;
      background-color: var(--page) !important;
      font: var(--glassnet-rem, 15px) / 1.5 var(--text-font) !important;
      font-variant-numeric: tabular-nums !important;
      font-feature-settings: normal !important;
      letter-spacing: normal !important;
      word-spacing: normal !important;
      text-align: start !important;
      text-indent: 0 !important;
      text-shadow: none !important;
      text-transform: none !important;
      text-size-adjust: 100%;
      -webkit-text-size-adjust: 100%;
      white-space: normal !important;
      hyphens: manual !important;
      word-break: normal !important;
      direction: ltr !important;
      cursor: auto !important;
      user-select: auto !important;
      list-style: disc !important;
      border-collapse: separate !important;
      border-spacing: 2px !important;
    }
  `,
];
