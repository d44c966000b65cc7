"""Browsers whose WebAssembly has no SIMD, or not the relaxed one: the page trains all the same, with
the same losses, and no word of complaint; where it says what computes, it says so rightly."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright

from glassnet.config import RunConfig
from glassnet.events import Step
from glassnet.training import Run
from glassnet_bridge import simd_kernel
from make import browser as browsers
from make.facts import read
from support.required import required
from support.server import SiteServer
from support.trainer import BOOT, Trainer, until
from unit.alike import TOLERANCE, difference

STEPS = 25
VALIDATE = """(builds) => builds.filter(([, bytes]) => WebAssembly.validate(new Uint8Array(bytes)))
  .map(([name]) => name)"""


@dataclass
class Lesser:
    """A browser that takes only some builds of the kernel. says: what computes then."""

    browser: Browser
    takes: list[str]
    says: str


@pytest.fixture(scope="module", params=["no SIMD", "no relaxed SIMD"])
def lesser(request: pytest.FixtureRequest, playwright: Playwright) -> Iterator[Lesser]:
    if request.param == "no SIMD":
        if platform.machine().lower() not in ("x86_64", "amd64"):
            pytest.skip("only on x86 can Chromium be told to go without")
        path = browsers.installed()
        flag = "--js-flags=--no-enable-sse4-1"  # without these instructions V8 has no SIMD
        browser = playwright.chromium.launch(executable_path=path, args=[flag])
        yield Lesser(browser, [], "engine numpy")
    else:
        if (path := browsers.firefox()) is None:
            required(browsers.FIREFOX, "`python3 build.py test` installs it where it may")
        without: dict[str, str | float | bool] = {"javascript.options.wasm_relaxed_simd": False}
        browser = playwright.firefox.launch(
            executable_path=path, channel=browsers.FIREFOX_CHANNEL, firefox_user_prefs=without
        )
        yield Lesser(browser, ["simd128"], "engine simd simd128")
    browser.close()


@contextmanager
def silent(browser: Browser, url: str) -> Iterator[Page]:
    """A page that neither fails nor writes a word to the console."""
    page, words = browser.new_page(), list[str]()
    page.on("console", lambda message: words.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: words.append(f"uncaught: {error}"))
    page.goto(url)
    yield page
    page.close()
    assert words == []


def test_it_trains_with_the_same_losses(lesser: Lesser, server: SiteServer, site: Path) -> None:
    with silent(lesser.browser, f"{server.url}train.html") as page:
        files = [(name, simd_kernel.FOLDER / f"{name}.wasm") for name in simd_kernel.BUILDS]
        builds = [[name, list(path.read_bytes())] for name, path in files]
        assert page.evaluate(VALIDATE, builds) == lesser.takes
        trainer = Trainer(page)
        trainer.wait_for_network()
        told = page.locator("glass-train p[role=status]").get_attribute("title")
        assert told and told.endswith(f", {lesser.says}")
        trainer.step(STEPS)
        config = {**trainer.frame()["config"], "engine": "numpy"}
        run = Run.from_config(
            RunConfig.from_json(config), read(next(site.glob("data/mnist-*/index.json")))
        )
        steps = (event for event in run.events() if isinstance(event, Step))
        wanted = [next(steps).loss for _ in range(STEPS)]
        assert difference(trainer.losses(), wanted) <= TOLERANCE
        trainer.train(500)
        assert page.locator("glass-status .failure").count() == 0


def test_the_race_tells_whether_simd_runs(lesser: Lesser, server: SiteServer) -> None:
    with silent(lesser.browser, f"{server.url}race.html") as page:
        status = page.locator("glass-race p[role=status]")
        until(lambda: "Start loads" in status.inner_text())
        page.locator("[data-command=start]").click()
        until(lambda: status.inner_text().startswith("Racing"), BOOT)
        assert ("simd" in status.inner_text()) == bool(lesser.takes)
        told = page.get_by_text("This browser does not run it").count()
        assert told == (0 if lesser.takes else 1)
        page.locator("[data-command=pause]").click()
