"""Our module for notebooks, in a page that plays the host's part of anywidget's protocol, with the
messages that the real Python side sends; and in the way in which MyST takes it, from plain JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import glassnet as gn
from glassnet import notebook
from glassnet.training import Run
from make import widget
from make.console import BuildError
from make.settings import WEB
from support.axe import faults
from support.kernel import Heard, Json, listening, wire
from support.server import Answer, SiteServer
from support.trainer import BOOT, OpenPage, Serve, until
from unit.small import bars

HOST = Path(__file__).with_name("widget_page.js").read_text(encoding="utf-8")
# A notebook's page runs scripts that a kernel has sent; ours asks for nothing.
POLICY = "default-src 'none'; script-src 'self' blob:; style-src 'unsafe-inline'; img-src data:"
MYST = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src * data:; frame-src *"
)
DATA = bars(train=400, test=40)


@pytest.fixture
def heard() -> Iterator[Heard]:
    notebook.widget._kind_of_widget.cache_clear()
    with listening() as messages:
        yield messages


@pytest.fixture
def run(site: Path) -> Run:
    layers = [{"type": "dense", "units": 9}, {"type": "dense", "units": 4}]
    config = {"layers": layers, "batch": 5, "epochs": 3, "evaluate_every": 40}
    return Run.from_config(gn.RunConfig.from_saved(config), DATA)


@pytest.fixture
def host(serve: Serve, open_page: OpenPage) -> Callable[..., Page]:
    """Opens the notebook's page, of another site than ours."""

    def opened(policy: str = POLICY, root: str = "", **options: Any) -> Page:
        html = (
            f'<!doctype html><html lang="en"{root}><meta charset="utf-8"><title>A notebook</title>'
            '<link rel="icon" href="data:,"><body><main><h1>A notebook</h1></main>'
            '<script type="module" src="host.js"></script>'
        )
        headers = {"Content-Security-Policy": policy}
        script = Answer(HOST.encode(), headers={"Content-Type": "text/javascript"})
        foreign = serve({"host.html": Answer(html.encode(), headers=headers), "host.js": script})
        page = open_page(**{"viewport": {"width": 900, "height": 900}, **options})
        page.goto(foreign.url + "host.html")
        until(lambda: page.evaluate("() => 'ready' in document.documentElement.dataset"))
        foreign.requested.clear()
        return page

    return opened


def hear(page: Page, message: Json, name: str = "one") -> None:
    page.evaluate("([name, message]) => host.hear(name, message)", [name, wire(message)])


def show(page: Page, what: Any = "one", module: str = "", shadow: bool = False) -> None:
    page.evaluate("(all) => host.show(...all)", [what, module, shadow])


def said(page: Page, kind: str) -> str:
    """What the elements of a kind say, whatever the mark of their names."""
    found: list[list[str]] = page.evaluate("() => host.elements()")
    return " / ".join(
        words for name, words in found if re.fullmatch(rf"{kind}-[0-9a-f]{{8}}", name)
    )


def test_it_follows_a_run(heard: Heard, run: Run, host: Callable[..., Page]) -> None:
    watched = notebook.watch(run)
    (opened,) = heard.opened
    page = host()
    hear(page, opened)
    show(page)
    until(lambda: "It has not begun; 0 of 240 steps" in said(page, "glass-run"))
    until(lambda: max(page.evaluate("() => host.painted()")) > 20)  # the weights it begins with
    for event in run:
        if event.step == 100:
            break
    assert heard.updates
    for message in heard.updates:
        hear(page, message)
    until(lambda: "It rests; 100 of 240 steps" in said(page, "glass-run"))
    before = len(heard)
    list(run)
    for message in heard[before:]:
        hear(page, message)
    last = run.evaluations[-1].accuracy
    until(lambda: "It has ended: 3 epochs are done; 240 of 240" in said(page, "glass-run"))
    assert f"{100 * last:.2f} %" in said(page, "glass-run")
    example = DATA.test.images[:1]
    answer = int(run.network.predict(example)[0].argmax())
    until(lambda: f"this as {DATA.classes[answer]}" in said(page, "glass-forward"))
    assert faults(page) == []
    assert watched.widget.kind == "run"
    page.evaluate("() => host.end()")
    assert page.evaluate("() => [host.listeners('one'), host.elements().length]") == [0, 0]


def test_what_is_sent_is_only_what_changed(heard: Heard, run: Run) -> None:
    notebook.watch(run)
    list(run)
    for message in heard.updates:
        state = message["data"]["state"]
        assert set(state) <= {"progress", "losses", "tested", "arrays"}
        assert "_esm" not in state and len(message["buffers"]) == len(
            message["data"]["buffer_paths"]
        )
    assert sum("arrays" in one["data"]["state"] for one in heard.updates) < len(heard.updates) or (
        len(heard.updates) == 2  # a machine that trains it in a tenth of a second
    )


def test_an_answer_can_be_looked_into(heard: Heard, run: Run, host: Callable[..., Page]) -> None:
    list(run)
    image, label = DATA.test.images[3], int(DATA.test.labels[3])
    shown = run.network.show(image, label)
    shown.widget()
    page = host()
    hear(page, heard.opened[-1])
    show(page, shadow=True)
    best = int(run.network.predict(image[None])[0].argmax())
    until(lambda: f"this as {best}" in said(page, "glass-forward"))
    assert ("✓ right" in said(page, "glass-forward")) == (best == label)
    until(lambda: len([one for one in page.evaluate("() => host.painted()") if one > 3]) >= 4)
    tile = page.get_by_role("button", name="Hidden unit 5")
    tile.focus()
    until(lambda: "Hidden unit 5 of 9" in said(page, "glass-unit"))
    page.get_by_role("combobox", name="Layer whose units are shown").select_option("1")
    until(lambda: "Output 1 of 4" in said(page, "glass-unit"))
    assert page.get_by_role("button", name="The digit after").count() == 0  # there is none
    assert page.get_by_role("button", name="What training changed").count() == 0


def test_outputs_of_two_versions_do_not_meet(
    heard: Heard, run: Run, host: Callable[..., Page]
) -> None:
    shown = run.network.show(DATA.test.images[0])
    shown.widget()
    message = heard.opened[-1]
    text: str = message["data"]["state"]["_esm"]
    mark = re.findall(r"glass-answer-([0-9a-f]{8})", text)[0]
    other = {**message, "data": {**message["data"]}}
    other["data"]["state"] = {**message["data"]["state"], "_esm": text.replace(mark, "0" * 8)}
    page = host()
    for name, one in (("first", message), ("again", message), ("other", other)):
        hear(page, one, name)
        show(page, name)
    until(lambda: said(page, "glass-forward").count("The network reads this as") == 3)
    names = [name for name, _ in page.evaluate("() => host.elements()")]
    answers = [name for name in names if name.startswith("glass-answer")]
    assert answers == [f"glass-answer-{one}" for one in (mark, mark, "0" * 8)]


@pytest.mark.parametrize(
    ("root", "theme"),
    [
        (' class="dark"', "dark"),
        (' data-theme="dark"', "dark"),
        (' class="light"', "light"),
        (' data-md-color-scheme="slate"', "dark"),
        ("", None),
    ],
)
def test_it_is_as_light_as_the_notebook(
    heard: Heard, run: Run, host: Callable[..., Page], root: str, theme: str | None
) -> None:
    run.network.show(DATA.test.images[0]).widget()
    page = host(root=root)
    hear(page, heard.opened[-1])
    show(page)
    asked = (
        "() => document.querySelector('main > div > div').firstElementChild.getAttribute('theme')"
    )
    assert page.evaluate(asked) == theme
    page.evaluate("() => { document.body.dataset.jpThemeLight = 'false'; }")  # JupyterLab's switch
    until(lambda: page.evaluate(asked) == "dark")


def posted() -> Json:
    """What the post in web/examples hands the module, in MyST's directive."""
    text = (WEB / "examples" / "myst" / "index.md").read_text(encoding="utf-8")
    (body,) = re.findall(r":::\{anywidget\} glassnet-widget\.js\n(.*?)\n:::", text, re.DOTALL)
    told: Json = json.loads(body)
    return told


@pytest.mark.parametrize(
    ("told", "query", "shadow"),
    [
        (posted(), "", True),
        (
            {"figure": "train", "digit": 3, "settings": {"theme": "dark"}},
            "digit=3&theme=dark",
            False,
        ),
    ],
)
def test_plain_json_makes_the_figure_of_the_site(
    server: SiteServer, host: Callable[..., Page], told: Json, query: str, shadow: bool
) -> None:
    site = server.url.replace("127.0.0.1", "localhost")
    page = host(policy=MYST.replace("'self'", "'self' http://localhost:*"))
    told = {**told, "site": site} if "site" in told else told
    show(page, told, f"{site}glassnet-widget.js", shadow)
    figure = page.locator("figure[data-glassnet=train]")
    expect(figure.locator("a")).to_have_attribute("href", f"{site}train.html{query and '?'}{query}")
    until(lambda: figure.get_attribute("data-status") == "ready", BOOT)
    expect(figure.locator("iframe")).to_be_visible()
    expect(figure.locator("a")).to_be_hidden()
    assert figure.locator("iframe").get_attribute("src") == (
        f"{site}frame.html?figure=train{query and '&'}{query}"
    )
    page.evaluate("() => host.end()")
    expect(figure).to_have_count(0)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "says neither"),
        ({"figure": "cake", "site": "http://localhost:1/"}, "no figure “cake”; it has home, train"),
        ({"figure": "<img src=x onerror=alert(1)>", "site": "http://localhost:1/"}, "<img src=x"),
        ({"figure": "train", "site": "javascript:alert(1)"}, '"site" has to say'),
        ({"error": "Invalid JSON5/JSON supplied."}, "says neither"),
    ],
)
def test_what_cannot_be_is_said(
    server: SiteServer, host: Callable[..., Page], told: Json, words: str
) -> None:
    site = server.url.replace("127.0.0.1", "localhost")
    page = host(policy=MYST.replace("'self'", "'self' http://localhost:*"))
    show(page, told, f"{site}glassnet-widget.js")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(words)
    assert alert.locator("*").count() == 0


def test_nothing_in_the_module_asks_or_evaluates(site: Path) -> None:
    text = (site / widget.ENTRY).read_text(encoding="utf-8")
    for word in ("fetch(", "XMLHttpRequest", "WebSocket", "eval(", "new Function", "sourceMapping"):
        assert word not in text, word
    assert not re.search(r"""\bimport\s*\(|\bfrom\s*["']|https?://(?!www\.w3\.org)""", text)
    assert len(text.encode()) < 130_000


def test_names_are_marked_or_refused() -> None:
    made = widget.marked('x.define("glass-a",A);x.define("glass-ab",B);`<glass-a></glass-a>`')
    mark = re.findall(r"glass-a-(\w{8})", made)[0]
    assert made == (
        f'x.define("glass-a-{mark}",A);x.define("glass-ab-{mark}",B);'
        f"`<glass-a-{mark}></glass-a-{mark}>`"
    )
    for text in ("nothing", 'x.define("glass-ready",A)'):
        with pytest.raises(BuildError):
            widget.marked(text)
