"""glassnet on a page of another origin that has never heard of it and whose rules are hostile: the
figures look and work as at home, and take nothing from the page."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from make import node
from make.settings import settings
from support.server import Answer, SiteServer
from support.trainer import BOOT, OpenPage, Serve, Trainer, until

HOSTILE = """
* { all: unset !important; letter-spacing: 5px !important; font: 40px cursive !important; }
html { font-size: 40px !important; }
:root { --ink: red; --page: lime; --space-4: 99px; --size-text: 50px; --negative: blue; --rem: ; }
button { background: red !important; padding: 90px !important; text-transform: uppercase; }
canvas { display: none !important; }
[hidden] { display: block !important; }
"""
POLICY = "default-src * blob: data: 'unsafe-inline' 'wasm-unsafe-eval'"


def host(site: str, body: str, style: str = "") -> Answer:
    """Somebody else's page, with our script and some of our elements."""
    html = (
        f'<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>A post</title>'
        f"<style>{style}</style><input id=theirs>{body}"
        f'<script type="module" src="{site}glassnet.js"></script>'
    )
    headers = {"Content-Security-Policy": POLICY}
    return Answer(html.encode(), headers=headers)


def elsewhere(server: SiteServer) -> str:
    """Our site's address, of another origin than the servers that tests start."""
    return server.url.replace("127.0.0.1", "localhost")


# What is compared between home and elsewhere: how elements of many kinds are drawn, and their size.
MEASURE = """
() => {
  const root = document.querySelector('glass-train').shadowRoot;
  const deep = (...names) => names.reduce((at, name) => (at.shadowRoot ?? at).querySelector(name), root);
  const found = {
    start: deep('glass-controls', '[data-command=start]'),
    controls: deep('glass-controls'),
    field: deep('glass-recipe', 'glass-field', 'input'),
    label: deep('glass-recipe', 'glass-field', 'label'),
    status: deep('glass-status', '[role=status]'),
    strip: deep('glass-strip'),
    heading: deep('glass-card'),
    network: deep('glass-forward'),
    tiles: deep('glass-forward', 'glass-tiles', 'canvas'),
    digit: deep('glass-forward', 'glass-digit', 'canvas'),
    curve: deep('glass-curve'),
    files: deep('glass-files', 'summary'),
    keys: deep('.keys'),
    hidden: deep('glass-chosen'),
    figure: document.querySelector('glass-train'),
  };
  const names = ['display', 'color', 'backgroundColor', 'fontFamily', 'fontSize', 'lineHeight', 'letterSpacing',
    'textTransform', 'paddingLeft', 'paddingTop', 'borderTopColor', 'borderTopWidth', 'cursor', 'gap', 'whiteSpace', 'visibility'];
  return Object.fromEntries(Object.entries(found).map(([name, element]) => {
    const style = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    return [name, { ...Object.fromEntries(names.map((one) => [one, style[one]])), width: Math.round(width), height: Math.round(height) }];
  }));
}
"""


def looks(page: Page) -> dict[str, Any]:
    trainer = Trainer(page)
    trainer.wait_for_digits()
    trainer.wait_for_network()
    page.get_by_text("recorded, step 6,000").wait_for()  # the replay has come to its end
    found: dict[str, Any] = page.evaluate(MEASURE)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_figure_looks_as_at_home_under_hostile_rules(
    server: SiteServer, serve: Serve, open_page: OpenPage, scheme: str
) -> None:
    size = {"width": 1280, "height": 1500}  # all in sight, so that all of it plays
    home = open_page(server.url + "train.html", viewport=size, color_scheme=scheme)
    wanted = looks(home)
    wide = wanted["figure"]["width"]
    scheme_rule = ":root { color-scheme: light dark !important; }"
    body = '<div id="frame"><glass-train python="idle"></glass-train></div>'
    frame = f"#frame {{ display: block !important; width: {wide}px !important; }}"
    answer = host(elsewhere(server), body, HOSTILE + frame + scheme_rule)
    foreign = serve({"post.html": answer})
    page = open_page(foreign.url + "post.html", viewport=size, color_scheme=scheme)
    seen = looks(page)
    del wanted["figure"]["height"], seen["figure"]["height"]  # at home it fills the window
    for name, style in wanted.items():
        assert seen[name] == style, name
    palette = page.evaluate(
        """() => {
          const strip = document.querySelector('glass-train').shadowRoot.querySelector('glass-strip');
          return [...strip.shadowRoot.querySelector('canvas').getContext('2d').getImageData(1, 1, 1, 1).data].slice(0, 3);
        }"""
    )
    assert palette == ([255, 255, 255] if scheme == "light" else [13, 15, 18])


def test_a_figure_works_elsewhere_and_leaves_the_page_alone(
    server: SiteServer, serve: Serve, open_page: OpenPage
) -> None:
    body = "<glass-train></glass-train><p id=after>theirs</p>"
    foreign = serve({"deep/post.html": host(elsewhere(server), body)})
    page = open_page(foreign.url + "deep/post.html")
    trainer = Trainer(page)
    trainer.wait_for_digits()
    before = page.evaluate("() => [document.head.innerHTML, location.href, document.title]")
    page.keyboard.press(".")  # a key of theirs: nobody has looked at the figure yet
    page.locator("#theirs").focus()
    assert trainer.frame()["state"] == "none"
    trainer.press("step")
    until(lambda: trainer.frame()["step"] == 1, BOOT)
    page.locator("glass-train [data-command=step]").focus()
    page.keyboard.press(".")  # and within the figure it is ours
    until(lambda: trainer.frame()["step"] == 2)
    page.locator("glass-curve .uplot").first.wait_for()
    after = page.evaluate("() => [document.head.innerHTML, location.href, document.title]")
    assert after == before
    assert page.evaluate("() => document.documentElement.attributes.length") == 0


def test_an_element_that_is_put_in_later_comes_to_life(
    server: SiteServer, serve: Serve, open_page: OpenPage
) -> None:
    foreign = serve({"post.html": host(elsewhere(server), "")})
    asked = len(server.requested)
    page = open_page(foreign.url + "post.html")
    page.wait_for_load_state("networkidle")
    assert [path for path in server.requested[asked:] if path.startswith("assets/")] == []
    page.evaluate("() => { document.body.append(document.createElement('glass-race')); }")
    page.locator("glass-race [data-command=start]").wait_for()
    assert page.evaluate("() => !customElements.get('glass-browse')")


def test_attributes_set_an_element_and_events_tell_of_it(
    server: SiteServer, serve: Serve, open_page: OpenPage
) -> None:
    body = (
        '<script>window.told = []; for (const name of ["ready", "status", "change"])'
        "addEventListener('glass-' + name, ({ type, detail }) => told.push([type, detail]))</script>"
        '<glass-network digit="3" data-predict="on" theme="dark" stop="layers.9"></glass-network>'
    )
    foreign = serve({"post.html": host(elsewhere(server), body)})
    page = open_page(foreign.url + "post.html", color_scheme="light")
    figure = page.locator("glass-network")
    page.locator("glass-network[status=ready]").wait_for()
    settings = "(it, name) => it.settings.get(name)"
    assert figure.evaluate(settings, "digit") == 3 and figure.evaluate(settings, "predict") is True
    ground = figure.evaluate("(it) => getComputedStyle(it).backgroundColor")
    assert ground == "rgb(21, 24, 29)"
    figure.evaluate("(it) => it.setAttribute('digit', '12')")
    until(lambda: figure.evaluate(settings, "digit") == 12)
    figure.evaluate("(it) => it.setAttribute('digit', 'javascript:alert(1)')")
    page.get_by_text("the attribute says “javascript:alert(1)”").wait_for()
    assert figure.evaluate(settings, "digit") == 12
    told = page.evaluate("() => told")
    assert ["glass-ready", {}] in told
    assert ["glass-status", {"status": "ready", "words": ""}] in told
    assert any(name == "glass-change" and "digit=12" in one["query"] for name, one in told)
    assert figure.evaluate("(it) => it.matches(':state(ready)')")
    at = figure.evaluate(settings, "stop")
    figure.evaluate("(it) => it.reset()")
    until(lambda: figure.evaluate(settings, "stop") != at)
    assert page.locator("glass-network glass-panels").is_visible()
    figure.evaluate("(it) => it.setAttribute('controls', 'stops')")
    until(lambda: page.locator("glass-network glass-panels").is_hidden())
    assert page.locator("glass-network glass-stops").is_visible()


@pytest.mark.parametrize("tag", ["glass-train", "glass-race", "glass-network", "glass-browse"])
def test_a_page_may_style_the_parts_that_are_declared(
    server: SiteServer, serve: Serve, site: Path, open_page: OpenPage, tag: str
) -> None:
    modules = json.loads((site / "custom-elements.json").read_text(encoding="utf-8"))["modules"]
    declared = [one["declarations"][0] for one in modules]
    (parts,) = (
        [part["name"] for part in one["cssParts"]] for one in declared if one["tagName"] == tag
    )
    style = "".join(f"{tag}::part({part}) {{ outline: 3px dotted rgb(1 2 3) }}" for part in parts)
    page = open_page(
        serve({"post.html": host(elsewhere(server), f"<{tag}></{tag}>", style)}).url + "post.html"
    )
    find = """(tag) => Object.fromEntries([...document.querySelector(tag).shadowRoot?.querySelectorAll('[part]') ?? []]
      .map((one) => [one.getAttribute('part'), getComputedStyle(one).outlineColor]))"""
    until(lambda: set(page.evaluate(find, tag)) >= set(parts), 30)
    assert page.evaluate(find, tag) == dict.fromkeys(parts, "rgb(1, 2, 3)")


def test_the_wall_takes_no_key_and_no_file_of_the_page(
    server: SiteServer, serve: Serve, open_page: OpenPage
) -> None:
    body = '<glass-browse style="height: 600px"></glass-browse>'
    foreign = serve({"post.html": host(elsewhere(server), body)})
    page = open_page(foreign.url + "post.html")
    until(lambda: page.evaluate("() => performance.getEntriesByName('all digits').length > 0"), 60)
    taken = """(where) => {
      const at = where === 'page' ? document.body : document.querySelector('glass-browse').shadowRoot.querySelector('glass-plane');
      const init = { bubbles: true, composed: true, cancelable: true };
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'x-idx3-ubyte'));
      const events = [new KeyboardEvent('keydown', { ...init, key: '/' }), new DragEvent('dragover', { ...init, dataTransfer: data })];
      return events.map((event) => !at.dispatchEvent(event));
    }"""
    assert page.evaluate(taken, "page") == [False, False]
    assert page.evaluate(taken, "figure") == [True, True]


def test_a_script_at_fault_is_named_where_the_figure_would_be(
    serve: Serve, site: Path, open_page: OpenPage, problems: list[str]
) -> None:
    path = next(site.glob("assets/glass-race-*.js"))
    broken = serve({path.relative_to(site).as_posix(): Answer(status=404)})
    foreign = serve({"post.html": host(elsewhere(broken), "<glass-race></glass-race>")})
    page = open_page(foreign.url + "post.html")
    alert = page.locator("glass-race [role=alert]")
    alert.wait_for()
    assert f"{path.name}: the server answered 404" in alert.inner_text()
    problems.clear()


def test_nothing_happens_in_node(site: Path) -> None:
    code = "import(process.argv[1]).then((it) => console.log(Object.keys(it).join()))"
    env = {**os.environ, **node.find(settings(offline=True)).env}
    command = ["node", "-e", code, str(site / "glassnet.js")]
    done = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("define,reach\n", "", 0)
