"""Without a network: what was kept shows the pages, and trains; a newer version comes as a whole or
not at all; nothing is kept but what was built, and nothing in a frame or where one works at the site.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from make import browser as browsers
from support.server import Answer, SiteServer, running
from support.trainer import Trainer, until

HOME = "http://glassnet.localhost"  # like localhost it is trusted, and it is no workshop
RULES = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost"
# A page's own needs are waited for no longer than it takes to load.
SOON = """
window.setTimeout = new Proxy(setTimeout, {
  apply: (timeout, self, [act, time, ...rest]) => timeout(act, time === 15000 ? 0 : time, ...rest),
});
"""
UPDATE = "async () => { await (await navigator.serviceWorker.ready).update().catch(() => 0); }"
PHASES = """async () => {
  const { active, installing, waiting } = await navigator.serviceWorker.ready;
  return [active, installing, waiting].map((one) => one?.state ?? null);
}"""
ALL = "All of this site works without a network"
# What says of each page that it is there.
PAGES = {
    "": "glass-home[status=ready]",
    "index.html": "glass-home[status=ready]",
    "network.html?digit=3": "glass-network[status=ready]",
    "learn.html": "main h2",
    "race.html": "glass-race[status=ready]",
    "browse.html": "glass-browse[status=ready]",
    "source/layers/dense.html": "main .code, main pre, pre",
}


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(
        executable_path=browsers.installed(), args=[f"--host-resolver-rules={RULES}"]
    )
    yield launched
    launched.close()


@pytest.fixture
def open_public(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages in one browser profile; whatever they throw fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(SOON)
    problems: list[str] = []

    def opened(address: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        return page

    yield opened
    context.close()
    assert problems == []


def public(server: SiteServer) -> str:
    """Its address as a visitor would have it."""
    return server.url.replace("http://127.0.0.1", HOME)


def foot(page: Page, words: str) -> None:
    page.locator("glass-offline").get_by_text(words).wait_for(timeout=120_000)


def newer(page: Page) -> bool:
    return page.locator("glass-offline").get_by_text("A newer version").is_visible()


def changed(site: Path, name: str, old: str, new: str) -> dict[str, Answer]:
    """Answers of a server on which the next version lies: a page says something else."""
    page = (site / name).read_text(encoding="utf-8").replace(old, new).encode()
    digest = base64.b64encode(hashlib.sha256(page).digest()).decode()
    script = (site / "service-worker.js").read_text(encoding="utf-8")
    row = f'"{name}":{{bytes:{len(page)},integrity:"sha256-{digest}",group:"shell"}}'
    script, rows = re.subn(re.escape(f'"{name}"') + r":\{[^}]*\}", lambda _: row, script)
    script, versions = re.subn(r'version:"\w+"', f'version:"{digest}"', script)
    assert (rows, versions) == (1, 1)
    return {name: Answer(page), "service-worker.js": Answer(script.encode())}


def kept(page: Page) -> Any:
    """What lies in this origin's caches: by path, its sha256 in hex."""
    return page.evaluate(
        """async () => {
          const found = {};
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const bytes = await (await cache.match(request)).arrayBuffer();
              const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
              found[new URL(request.url).pathname.slice(1)] = sum.toHex?.() ?? [...sum].map((one) => one.toString(16).padStart(2, '0')).join('');
            }
          }
          return found;
        }"""
    )


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_after_a_visit_all_pages_are_there_and_python_trains(
    name: str, request: pytest.FixtureRequest, site: Path
) -> None:
    context = request.getfixturevalue(name).new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(SOON)
    page = context.new_page()
    with running(site, prefix="/sub/") as server:
        address = public(server)
        page.goto(address + "train.html")
        foot(page, ALL)
    for name, there in PAGES.items():
        page.goto(address + name)
        page.locator(there).first.wait_for()
        assert not page.get_by_role("alert").locator("visible=true").count(), name
    page.goto(address + "train.html?seed=7")
    trainer = Trainer(page)
    trainer.wait_for_network()
    trainer.press("step")
    until(lambda: trainer.frame()["step"] == 1, 90)
    context.close()


def test_what_is_kept_is_what_was_built(
    open_public: Callable[..., Page], serve: Callable[..., SiteServer], site: Path
) -> None:
    model = next(site.glob("model-*/*.gz")).relative_to(site).as_posix()
    server = serve({model: Answer(b"x" * 100)})
    page = open_public(public(server))
    foot(page, "Not all could be kept")
    found = kept(page)
    assert model not in found and "index.html" in found
    for name, digest in found.items():
        if name != "wanted-groups":
            assert hashlib.sha256((site / name).read_bytes()).hexdigest() == digest, name
    del server.overlay[model]
    page.get_by_role("button", name="Keep everything").click()
    foot(page, ALL)
    assert model in kept(page)
    page.get_by_role("button", name="Forget it").click()
    until(lambda: kept(page) == {})


def test_a_newer_version_is_told_and_comes_when_asked(
    open_public: Callable[..., Page], serve: Callable[..., SiteServer], site: Path
) -> None:
    server = serve()
    page = open_public(public(server))
    foot(page, "work without a network")
    server.overlay.update(changed(site, "index.html", "Draw on the", "Draw upon the"))
    page.reload()  # which looks for a newer version, and shows the old one
    until(lambda: newer(page))
    assert page.get_by_text("Draw on the paper").is_visible()
    page.get_by_role("button", name="Show it").click()
    page.get_by_text("Draw upon the paper").wait_for()
    until(lambda: page.evaluate(PHASES) == ["activated", None, None])
    assert not newer(page)
    until(lambda: len(page.evaluate("() => caches.keys()")) == 2)


def test_half_of_a_version_is_none(
    open_public: Callable[..., Page], serve: Callable[..., SiteServer], site: Path
) -> None:
    """A host that has the new script but not yet the new page."""
    server = serve()
    page = open_public(public(server))
    foot(page, "work without a network")
    answers = changed(site, "index.html", "Draw on the", "Draw upon the")
    server.overlay["service-worker.js"] = answers["service-worker.js"]
    asked = server.requested.count("index.html")
    page.evaluate(UPDATE)
    until(lambda: server.requested.count("index.html") > asked)
    until(lambda: page.evaluate(PHASES) == ["activated", None, None])
    assert not newer(page)
    assert len(page.evaluate("() => caches.keys()")) == 2
    page.reload()
    page.get_by_text("Draw on the paper").wait_for()
    server.overlay.update(answers)
    page.evaluate(UPDATE)
    until(lambda: newer(page))


@pytest.mark.parametrize("where", ["workshop", "frame", "thrifty"])
def test_nothing_is_kept_unasked_elsewhere(
    open_public: Callable[..., Page], serve: Callable[..., SiteServer], where: str
) -> None:
    server = serve()
    registered = "async () => (await navigator.serviceWorker.getRegistrations()).length"
    if where == "frame":
        server.overlay["post.html"] = Answer(
            b'<!doctype html><iframe src="train.html"></iframe><iframe src="frame.html"></iframe>',
            headers={"Content-Type": "text/html"},
        )
        page = open_public(public(server) + "post.html")
        # Two figures at once, which on a busy machine took over half a minute.
        page.frame_locator("iframe").first.locator("glass-train[status=ready]").wait_for(
            timeout=120_000
        )
        page.frame_locator("iframe").last.locator("glass-train[status=ready]").wait_for(
            timeout=120_000
        )
    else:
        page = open_public("about:blank")
        if where == "thrifty":
            page.add_init_script(
                "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"
            )
        page.goto((public(server) if where == "thrifty" else server.url) + "index.html")
        page.locator("glass-home[status=ready]").wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate("() => new Promise((resolve) => requestIdleCallback(resolve))")
    assert page.evaluate(registered) == 0
    assert "service-worker.js" not in server.requested
