/**
 * What the texts to paste are called, and where each belongs.
 *
 * @module
 */

/** @typedef {import('../../models/share.js').Form} Form */
/** @typedef {import('../../models/share.js').Theme} Theme */

/** @type {Record<Form, {label: string, where: string}>} */
export const FORMS = {
  snippet: { label: 'HTML', where: 'One snippet for posts, pages and Markdown: the live figure. Where scripts are not let through, a picture that links here.' },
  link: { label: 'Link', where: 'To this page, with the figure as it stands.' },
  markdown: { label: 'Markdown', where: 'A picture that links here: for forums, READMEs and newsletters, which let no HTML through.' },
  iframe: { label: 'iframe', where: 'The live figure, for editors that take frames and no scripts.' },
  element: { label: 'Element', where: 'The live figure, for HTML that you write yourself. In Markdown take the HTML snippet.' },
  hugo: { label: 'Hugo', where: 'Hugo drops HTML from posts; a shortcode, which is one file, is let through.' },
  quarto: { label: 'Quarto', where: 'The live figure in HTML; on paper and in slides its picture.' },
  jupyter: { label: 'Jupyter', where: 'For a cell. A notebook that is not trusted shows the picture.' },
};

/** Those with a picture. @type {Form[]} */
export const PICTURED = ['snippet', 'markdown', 'hugo', 'quarto', 'jupyter'];

/** @type {Record<Theme, {label: string}>} */
export const THEMES = { auto: { label: 'As the page’s' }, light: { label: 'Light' }, dark: { label: 'Dark' } };
