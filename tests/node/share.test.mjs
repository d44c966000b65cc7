import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FIGURES, sharing } from '../../web/models/share.js';
import { BROWSE_TABLE } from '../../web/state/browse-table.js';
import { CONTROLS, readControls, USUAL, writeControls } from '../../web/state/controls.js';
import { INSIDE_TABLE } from '../../web/state/inside-table.js';
import { Settings } from '../../web/state/settings.js';
import { TABLE } from '../../web/state/table.js';
import { each } from './random.mjs';

const SITE = 'https://example.org/glass/';
const EMBEDS = [
  { name: 'a-seven', figure: 'train', query: '?digit=7', title: 'A seven', alt: 'A seven goes in.', width: 960, height: 720 },
  { name: 'fast', figure: 'train', query: '?rate=9&digit=1', title: 'Fast', alt: 'Too fast.', width: 960, height: 720 },
  { name: 'map', figure: 'browse', query: '', title: 'The map', alt: 'A map.', width: 960, height: 720 },
];
const TABLES = { train: TABLE, network: INSIDE_TABLE, race: {}, browse: BROWSE_TABLE };
const HOSTILE = `"><script>alert('1')</script> {{ x }} {% y %} \${z} \\" \`b\` & &amp; ${'\u0000'}a\n\nb\r\n*c* _d_ [e](f) <!-- g --> """ $h$ ]]>`;

/** Of a figure with everything shown. */
function shared(figure, query = '', more = {}) {
  return sharing({ figure, query, site: SITE, embeds: EMBEDS, controls: USUAL[figure], ...more });
}

/** What a browser makes of the value of an attribute. */
function plain(text) {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) => (code ? String.fromCharCode(code) : { amp: '&', lt: '<', gt: '>', quot: '"' }[name]));
}

/** Attributes of the first tag of that name, by name. */
function attributes(html, tag) {
  const [, text] = html.match(new RegExp(`<${tag}((?: [a-z-]+(?:="[^"]*")?)*) ?/?>`)) ?? assert.fail(`no ${tag} in ${html}`);
  return Object.fromEntries([...text.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, value === undefined ? true : plain(value)]));
}

test('the snippet, to the letter', () => {
  assert.equal(
    shared('train', '?digit=7').texts.snippet,
    `<figure data-glassnet="train" data-digit="7">
<a href="https://example.org/glass/train.html?digit=7"><picture><source media="(prefers-color-scheme: dark)" srcset="https://example.org/glass/embed/a-seven/dark.png" /><img src="https://example.org/glass/embed/a-seven/light.png" width="1200" height="630" alt="A seven goes in." /></picture></a>
</figure>
<script async type="module" src="https://example.org/glass/glassnet.js"></script>`,
  );
});

test('the other forms', () => {
  const { texts, frame, exact } = shared('train', '?digit=7', { theme: 'dark', controls: ['score', 'controls'] });
  assert.equal(exact, true);
  assert.equal(frame, `${SITE}frame.html?figure=train&digit=7&theme=dark&controls=controls+score`);
  assert.equal(texts.link, `${SITE}train.html?digit=7`);
  assert.equal(texts.markdown, `[![A seven goes in.](${SITE}embed/a-seven/light.png)](${SITE}train.html?digit=7)`);
  assert.deepEqual(attributes(texts.element, 'glass-train'), { digit: '7', theme: 'dark', controls: 'controls score' });
  assert.deepEqual(attributes(texts.snippet, 'figure'), { 'data-glassnet': 'train', 'data-digit': '7', 'data-theme': 'dark', 'data-controls': 'controls score' });
  const { src, title, width, height, loading, sandbox, allow } = attributes(texts.iframe, 'iframe');
  assert.deepEqual([src, title, width, height, loading], [frame, 'A seven', '100%', '640', 'lazy']);
  assert.equal(sandbox, 'allow-scripts allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox');
  assert.equal(allow, 'fullscreen; clipboard-write');
  for (const form of ['hugo', 'quarto', 'jupyter']) assert.ok(texts[form].includes(texts.snippet), form);
  assert.ok(texts.quarto.includes(texts.markdown));
  assert.ok(texts.jupyter.includes(`IFrame("${frame}", "100%", 640)`));
  assert.match(texts.hugo, /layouts\/shortcodes\/glassnet\.html:\n\n\{\{ \.Inner \| safeHTML \}\}$/);
});

test('where the state has no picture of its own, it is the first of its figure; or the author’s', () => {
  const other = shared('train', '?digit=8');
  assert.equal(other.exact, false);
  assert.equal(attributes(other.texts.snippet, 'img').src, `${SITE}embed/a-seven/light.png`);
  assert.equal(attributes(other.texts.snippet, 'img').alt, 'A seven goes in.'); // which is what the picture shows
  assert.equal(attributes(other.texts.iframe, 'iframe').title, FIGURES.train.title); // and not what the frame does
  assert.equal(shared('train', '?digit=1&rate=9').exact, true); // in whatever order
  assert.equal(attributes(shared('browse').texts.snippet, 'img').height, '630');
  assert.equal(shared('race').exact, false); // it has none at all
  assert.equal(attributes(shared('race').texts.snippet, 'img').src, `${SITE}embed/race/light.png`);
  const own = shared('train', '?digit=8', { picture: 'https://a.example/p (1).png' });
  assert.equal(own.exact, true);
  assert.deepEqual(attributes(own.texts.snippet, 'img'), { src: 'https://a.example/p (1).png', alt: FIGURES.train.title });
  assert.ok(!own.texts.snippet.includes('<source'));
  assert.ok(own.texts.markdown.includes('(https://a.example/p%20%281%29.png)'));
});

test('the site’s address, with and without its slash; the fragment only where a page reads it', () => {
  assert.deepEqual(shared('train', '', { site: SITE.slice(0, -1) }), shared('train'));
  const { texts, frame } = shared('train', '?digit=7', { fragment: '#train=1-3.9' });
  assert.equal(texts.link, `${SITE}train.html?digit=7#train=1-3.9`);
  assert.equal(attributes(texts.snippet, 'a').href, texts.link);
  assert.ok(!frame.includes('#') && !attributes(texts.iframe, 'iframe').src.includes('#'));
});

test('hostile words are words', () => {
  for (const figure of Object.keys(FIGURES)) {
    const { texts } = shared(figure, '?digit=7', { title: HOSTILE, alt: HOSTILE, picture: undefined });
    const said = HOSTILE.replace(/[\s\u0000]+/g, ' ').trim();
    assert.equal(attributes(texts.snippet, 'img').alt, said);
    assert.equal(attributes(texts.iframe, 'iframe').title, said);
    for (const form of ['snippet', 'iframe', 'element']) assert.doesNotMatch(texts[form], /[{}\\`$]|<!--|style=|\n\s*\n|alert\('/, form);
    assert.equal(texts.snippet.match(/</g).length, 10, 'no tag more');
    assert.equal(texts.snippet.split('\n').length, 4);
    assert.equal(texts.jupyter.match(/"""/g).length, 2);
    assert.equal(texts.hugo.match(/\{\{/g).length, 3);
    assert.ok(!texts.markdown.includes('\n') && !/[^\\]\]\(f/.test(texts.markdown));
  }
});

test('what leaves a browser in a query comes back from the attributes', () => {
  each(300, (random) => {
    const figure = ['train', 'network', 'race', 'browse'][Math.floor(random() * 4)];
    const settings = new Settings(TABLES[figure]);
    for (const name of settings.names) if (random() < 0.4) settings.set(name, value(TABLES[figure][name], random));
    const { texts, frame } = shared(figure, settings.toQuery());
    const given = Object.entries(attributes(texts.snippet, 'figure')).filter(([name]) => name !== 'data-glassnet');
    const back = new Settings(TABLES[figure]);
    back.fromQuery(`?${new URLSearchParams(given.map(([name, text]) => [name.slice('data-'.length), text]))}`);
    assert.deepEqual(back.notes.value, []);
    assert.equal(back.toQuery(), settings.toQuery());
    back.fromQuery(new URL(frame).search);
    assert.equal(back.toQuery(), settings.toQuery());
    assert.equal(new URL(attributes(texts.snippet, 'a').href).search, settings.toQuery());
    for (const name of Object.keys(attributes(texts.element, FIGURES[figure].element))) assert.ok(!['hidden', 'style', 'class', 'id', 'title'].includes(name), name);
  });
});

/** Some text for a setting, which it may refuse. */
function value(property, random) {
  if (property.kind === 'flag') return random() < 0.5 ? 'on' : 'off';
  if (property.kind === 'choice') return property.values[Math.floor(random() * property.values.length)];
  if (property.kind !== 'text') return String(Math.floor(property.min + random() * Math.min(100, property.max - property.min)));
  if (!property.pattern) return HOSTILE.slice(Math.floor(random() * HOSTILE.length)).replaceAll('\u0000', '');
  return ['test-7', '512-512', 'layers.0.z', 'fashion-mnist'].find((text) => property.pattern.test(text) && random() < 0.8) ?? '';
}

test('which controls are shown', () => {
  for (const [figure, rows] of Object.entries(CONTROLS)) {
    const names = Object.keys(rows);
    assert.deepEqual(readControls(figure, null), USUAL[figure]);
    assert.equal(writeControls(figure, USUAL[figure]), null);
    assert.equal(writeControls(figure, names), 'all');
    assert.deepEqual(readControls(figure, 'all'), names);
    assert.equal(writeControls(figure, []), 'none');
    assert.deepEqual(readControls(figure, 'none'), []);
    assert.equal(writeControls(figure, names.slice(1).reverse()), names.slice(1).join(' '));
    assert.deepEqual(readControls(figure, `  ${names[1]}\n bogus `), [names[1]]);
    assert.equal(names.some((name) => name in TABLES[figure]), figure === 'train'); // `keys`, which is a setting as well
    assert.ok(!['figure', 'theme', 'controls'].some((name) => name in TABLES[figure]), 'an address says all of these');
  }
});
