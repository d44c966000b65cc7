"""A page's element, taken out of its page, leaves nothing behind: no listener on what outlives it,
no observer, no worker, no timer, no address of a blob."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from support.server import SiteServer
from support.trainer import BOOT, OpenPage, Trainer, until

COUNT = """
const held = { listeners: new Map(), observers: new Map(), workers: new Set(), timeouts: new Map(),
  intervals: new Map(), blobs: new Map() };
const where = () => new Error().stack.split('\\n').slice(3, 11).map((line) => line.trim()).join(' < ');
const shared = (target) => target === document || target === window || target === document.documentElement
  || target === document.body || target instanceof MediaQueryList;

const { addEventListener, removeEventListener } = EventTarget.prototype;
const identity = new WeakMap();
let identities = 0;
const id = (thing) => identity.get(thing) ?? (identity.set(thing, ++identities), identities);
const key = (target, type, listener, options) =>
  `${id(target)} ${type} ${listener && id(listener)} ${Boolean(options === true || options?.capture)}`;
EventTarget.prototype.addEventListener = function (type, listener, options) {
  const target = this ?? window;
  if (shared(target) && listener && !options?.signal?.aborted) {
    const name = key(target, type, listener, options);
    held.listeners.set(name, `${type} ${where()}`);
    if (options?.signal) addEventListener.call(options.signal, 'abort', () => held.listeners.delete(name));
    if (options?.once) addEventListener.call(target, type, () => held.listeners.delete(name), options);
  }
  return addEventListener.call(target, type, listener, options);
};
EventTarget.prototype.removeEventListener = function (type, listener, options) {
  const target = this ?? window;
  if (shared(target) && listener) held.listeners.delete(key(target, type, listener, options));
  return removeEventListener.call(target, type, listener, options);
};
for (const name of ['ResizeObserver', 'IntersectionObserver', 'MutationObserver']) {
  const { observe, unobserve, disconnect } = window[name].prototype;
  const targets = new WeakMap();
  const of = (observer) => targets.get(observer) ?? (targets.set(observer, new Set()), targets.get(observer));
  window[name].prototype.observe = function (target, ...given) {
    of(this).add(target);
    held.observers.set(this, `${name} ${where()}`);
    return observe.call(this, target, ...given);
  };
  if (unobserve) {
    window[name].prototype.unobserve = function (target) {
      of(this).delete(target);
      if (!of(this).size) held.observers.delete(this);
      return unobserve.call(this, target);
    };
  }
  window[name].prototype.disconnect = function () {
    held.observers.delete(this);
    of(this).clear();
    return disconnect.call(this);
  };
}
const { terminate } = Worker.prototype;
window.Worker = class extends Worker {
  constructor(...given) { super(...given); held.workers.add(this); }
  terminate() { held.workers.delete(this); terminate.call(this); }
};
for (const [name, clear, kept] of [['setTimeout', 'clearTimeout', held.timeouts], ['setInterval', 'clearInterval', held.intervals]]) {
  const [begin, end] = [window[name].bind(window), window[clear].bind(window)];
  window[name] = (act, ...rest) => {
    const timer = begin((...given) => { if (name === 'setTimeout') kept.delete(timer); act(...given); }, ...rest);
    kept.set(timer, where());
    return timer;
  };
  window[clear] = (timer) => { kept.delete(timer); end(timer); };
}
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (blob) => { const url = createObjectURL.call(URL, blob); held.blobs.set(url, where()); return url; };
URL.revokeObjectURL = (url) => { held.blobs.delete(url); revokeObjectURL.call(URL, url); };
window.held = () => Object.fromEntries(Object.entries(held).map(([name, kept]) =>
  [name, [...kept.values()].map((thing) => typeof thing === 'string' ? thing : 'Worker')]));
"""
PAGE = {"popstate", "hashchange"}  # the bond with the address, as long-lived as the page


UPLOT = {"change", "resize", "scroll", "dppxchange"}


def held(page: Page) -> dict[str, list[str]]:
    """What is held now, by kind; listeners and timers with where they were begun."""
    found: dict[str, list[str]] = page.evaluate("() => held()")
    return found


def ours(thing: str, site: Path) -> bool:
    """Whether it is the site's to give back: not what drives the browser brought along, nor what
    uPlot listens to from the moment its module is loaded, once, for all charts there will be."""
    files = set(re.findall(r"/assets/([\w.-]+\.js)", thing))
    if thing in ("Worker", "") or thing.split()[0] in PAGE:
        return thing == "Worker"
    if len(files) == 1 and thing.split()[0] in UPLOT:
        return "u-legend" not in (site / "assets" / files.pop()).read_text(encoding="utf-8")
    return bool(files)


def used(page: Page, name: str) -> None:
    """The page has done what it is for, so that it holds all that it ever will."""
    if name == "train":
        trainer = Trainer(page)
        trainer.wait_for_network()
        trainer.train(200)
    elif name == "browse":
        plane = "document.querySelector('glass-browse')?.shadowRoot?.querySelector('glass-plane')"
        until(lambda: page.evaluate(f"() => Boolean({plane})"), BOOT)
        page.keyboard.press("ArrowRight")
    elif name == "race":
        page.get_by_role("button", name="Start").click(timeout=BOOT * 1000)
        until(lambda: len(held(page)["workers"]) > 0, BOOT)


@pytest.mark.parametrize("name", ["index", "train", "browse", "race"])
def test_everything_is_given_back(
    name: str, site: Path, server: SiteServer, open_page: OpenPage
) -> None:
    page: Any = open_page()
    page.add_init_script(COUNT)
    page.goto(f"{server.url}{name}.html")
    used(page, name)
    before = held(page)
    if name != "index":
        assert before["workers"] and before["observers"] and before["listeners"]
    page.evaluate(
        """() => { for (const element of [...document.querySelectorAll('*')])
          if (element.localName.startsWith('glass-')) element.remove(); }"""
    )

    def left() -> dict[str, list[str]]:
        found = {
            kind: [thing for thing in things if ours(thing, site)]
            for kind, things in held(page).items()
        }
        return {kind: things for kind, things in found.items() if things}

    end = time.monotonic() + 10  # a timer that is under way may run out
    while left() and time.monotonic() < end:
        page.wait_for_function("() => new Promise(requestAnimationFrame)")
    assert not left(), json.dumps(left(), indent=1)
