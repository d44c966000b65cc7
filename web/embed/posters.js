/**
 * The pictures that stand where figures will be. It is fetched when one is wanted: posts made of our
 * snippet have theirs in the text.
 *
 * @module
 */

/** The figures of which the build made pictures, each in one state. */
/** @type {Embed[]} */
const EMBEDS = JSON.parse(__EMBEDS__);

const LOOK = 'display: block; width: 100%; height: auto';

/**
 * @param {HTMLElement} element a figure, or one of our elements
 * @param {string} kind
 * @param {(page: string) => string} pageAt its absolute address
 * @returns {HTMLElement|null} a link around it, as in our snippet; null: there is no picture of its kind
 */
export function poster(element, kind, pageAt) {
  const told = (/** @type {string} */ name) => element.getAttribute(`data-${name}`) ?? element.getAttribute(name);
  const said = told('poster');
  const link = Object.assign(document.createElement('a'), { href: pageAt(kind === 'home' ? 'index.html' : `${kind}.html`) });
  const rows = EMBEDS.filter(({ figure }) => figure === kind);
  const row = rows.find(({ query }) => says(told, query)) ?? rows[0];
  if (!said && !row) return null;
  const picture = document.createElement('img');
  Object.assign(picture, { alt: told('alt') ?? (said ? row?.title : row?.alt) ?? `glassnet: ${kind}`, loading: 'lazy' });
  picture.style.cssText = LOOK;
  if (said) {
    picture.src = said;
    link.append(picture);
    return link;
  }
  Object.assign(picture, { width: row.width, height: row.height });
  const [light, dark] = ['light', 'dark'].map((theme) => pageAt(`embed/${row.name}/${theme}.png`));
  const theme = told('theme');
  picture.src = theme === 'dark' ? dark : light;
  const both = document.createElement('picture');
  if (theme !== 'light' && theme !== 'dark') both.append(Object.assign(document.createElement('source'), { media: '(prefers-color-scheme: dark)', srcset: dark }));
  both.append(picture);
  link.append(both);
  return link;
}

/** Whether its attributes say what the query does, and no more of what the rows of its kind tell apart. @param {(name: string) => string|null} told @param {string} query */
function says(told, query) {
  const wanted = new URLSearchParams(query);
  const names = new Set(EMBEDS.flatMap((row) => [...new URLSearchParams(row.query).keys()]));
  return [...names].every((name) => (told(name) ?? '') === (wanted.get(name) ?? ''));
}
