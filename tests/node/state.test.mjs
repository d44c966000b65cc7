import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bindAddress } from '../../web/state/address.js';
import { BROWSE_TABLE, openOn } from '../../web/state/browse-table.js';
import { bindFragment } from '../../web/state/fragment.js';
import { read, write } from '../../web/state/property.js';
import { Settings } from '../../web/state/settings.js';
import { TABLE } from '../../web/state/table.js';
import { each } from './random.mjs';

/** A window's address, timers and listeners, as far as ours are concerned; time passes by `rest`. */
class Page extends EventTarget {
  listeners = 0;
  pushed = 0;
  #timers = new Map();
  #address;

  constructor(address) {
    super();
    this.#address = new URL(address);
    const go = (address) => (this.#address = new URL(address, this.#address));
    this.history = {
      state: null,
      pushState: (_state, _title, address) => ((this.pushed += 1), go(address)),
      replaceState: (_state, _title, address) => go(address),
    };
  }

  get location() {
    return this.#address;
  }

  addEventListener(type, listener, options) {
    this.listeners += 1;
    options?.signal?.addEventListener('abort', () => (this.listeners -= 1));
    super.addEventListener(type, listener, options);
  }

  /** By the browser's own buttons. */
  go(address, event) {
    this.#address = new URL(address, this.#address);
    this.dispatchEvent(new Event(event));
  }

  setTimeout(act) {
    const timer = setTimeout(() => {}, 0);
    this.#timers.set(timer, act);
    return timer;
  }

  rest() {
    const last = [...this.#timers.values()].at(-1); // all others were cleared for it
    this.#timers.clear();
    last?.();
  }
}

/** Some value of a property's, at random. */
function some(property, next) {
  if (property.kind === 'flag') return next() < 0.5;
  if (property.kind === 'choice') return property.values[Math.floor(next() * property.values.length)];
  if (property.kind === 'text') return next() < 0.5 ? property.default : 'AbcdE.QRS';
  const value = property.min + (property.max - property.min) * next() ** 3;
  return property.kind === 'integer' ? Math.round(value) : value;
}

test('what is written is read back, for every property', () => {
  each(200, (next) => {
    for (const property of Object.values(TABLE)) {
      const value = some(property, next);
      assert.deepEqual(read(property, write(value)), { value }, `${property.label} ${value}`);
    }
  });
});

test('an address is read back as the same settings, and the shortest one', () => {
  each(100, (next) => {
    const settings = new Settings();
    for (const name of settings.names) if (next() < 0.6) settings.set(name, write(some(TABLE[name], next)));
    const query = settings.toQuery();
    const other = new Settings();
    other.fromQuery(query);
    assert.deepEqual(other.notes.value, []);
    for (const name of settings.names) assert.equal(other.get(name), settings.get(name), name);
    assert.equal(other.toQuery(), query);
    for (const name of new URLSearchParams(query).keys()) assert.notEqual(settings.get(name), TABLE[name].default);
  });
});

test('a bad value gets a note and the default; nothing throws', () => {
  for (const text of ['', ' ', '-1', '1e999', 'NaN', '0x10', '١', '9'.repeat(40), '{}', '../..', '\0']) {
    const settings = new Settings();
    settings.fromQuery(`?${new URLSearchParams({ digit: text, rate: text, split: text, keys: text })}`);
    assert.equal(settings.notes.value.length, 4, text);
    for (const name of settings.names) assert.equal(settings.get(name), TABLE[name].default);
  }
});

test('the address follows the settings, and they follow Back; the rest of it stays', () => {
  const page = new Page('https://example.org/a/train.html?other=1&digit=7#part');
  const settings = new Settings();
  const stop = bindAddress(settings, { page });
  assert.equal(settings.get('digit'), 7);
  settings.set('digit', '8');
  settings.set('rate', '0.5');
  page.rest();
  assert.equal(page.location.href, 'https://example.org/a/train.html?other=1&digit=8&rate=0.5#part');
  page.go('?other=1', 'popstate');
  assert.equal(settings.get('digit'), TABLE.digit.default);
  stop();
  assert.equal(page.listeners, 0);
  settings.set('digit', '9');
  page.rest();
  assert.equal(page.location.search, '?other=1');
});

test('Back undoes a step; what is typed is one, and moving about is none', () => {
  const page = new Page('https://example.org/browse.html');
  const settings = new Settings(BROWSE_TABLE);
  const stop = bindAddress(settings, { page, steps: ['find', 'shape'], open: openOn });
  page.rest();
  assert.equal(page.location.search, '?shape=neighbours&colour=label');
  assert.equal(page.pushed, 0, 'what one has come to is no step');
  for (const text of ['4', '4 p', '4 pred:9']) {
    settings.set('find', text);
    page.rest();
  }
  assert.equal(page.pushed, 1);
  settings.set('x', '5');
  page.rest();
  assert.equal(page.pushed, 1);
  settings.set('shape', 'grid');
  page.rest();
  assert.equal(page.pushed, 2);
  page.go('?find=4&shape=neighbours', 'popstate');
  assert.deepEqual(['find', 'shape', 'colour'].map((name) => settings.get(name)), ['4', 'neighbours', 'none']);
  stop();
});

test('an address that names nothing opens on the map; any other is shown as it always was', () => {
  for (const [query, shape, colour] of [['', 'neighbours', 'label'], ['?other=1', 'neighbours', 'label'], ['?find=7', 'grid', 'none'], ['?shape=grid', 'grid', 'none']]) {
    const settings = new Settings(BROWSE_TABLE);
    settings.fromQuery(query);
    openOn(settings, query);
    assert.deepEqual([settings.get('shape'), settings.get('colour')], [shape, colour], query);
    const again = new Settings(BROWSE_TABLE);
    again.fromQuery(settings.toQuery());
    openOn(again, settings.toQuery());
    assert.equal(again.toQuery(), settings.toQuery());
  }
});

test('a fragment of ours is a signal both ways; others are left alone', () => {
  const page = new Page('https://example.org/browse.html#train=abc');
  const { text, stop } = bindFragment(/^(train|test)=/, 'push', page);
  assert.equal(text.value, 'train=abc');
  text.value = 'test=d';
  page.rest();
  assert.equal(page.location.hash, '#test=d');
  assert.equal(page.pushed, 1);
  page.go('#train=e', 'hashchange');
  assert.equal(text.value, 'train=e');
  page.rest();
  page.go('#heading', 'hashchange');
  assert.equal(text.value, 'train=e');
  assert.equal(page.location.hash, '#train=e');
  stop();
  assert.equal(page.listeners, 0);
  text.value = 'test=f';
  page.rest();
  assert.equal(page.location.hash, '#train=e');
});
