"""Whether simd's losses are numpy's in every browser, on all that a network is made of.

The runs, and why at these rates, are in tests/unit/alike.py; here they train on MNIST.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Playwright

from bench import digits, stage, start
from bench.contenders import InBrowser, open_worker
from bench.server import BenchServer, running
from bench.workloads import Workload
from make import browser as browsers
from make.console import say
from make.settings import SITE
from unit.alike import STEPS, difference, runs

AGREE = ("numpy", "simd")
EVERYWHERE = frozenset(runs(classes=10))


def measure(playwright: Playwright, program: str) -> dict[str, Any]:
    """The largest relative difference of the first losses, by browser and run.

    Returns:
        {"steps": of each run, "browsers": {name and version: {"layer dense": 1e-7, ...}}}
    """
    parts = digits.read(SITE)
    found: dict[str, dict[str, float]] = {}
    with running(SITE, stage.python_files(parts)) as server:
        for browser in installed(playwright, program):
            name = f"{browser.browser_type.name.capitalize()} {browser.version}"
            found[name] = differences(browser, server)
            say(f"losses in {name}: at most {max(found[name].values()):.1e} apart")
    return {"steps": STEPS, "browsers": found}


def installed(playwright: Playwright, program: str) -> Iterator[Browser]:
    """Chromium, and then Firefox if there is one."""
    with launched(playwright.chromium.launch(executable_path=program)) as browser:
        yield browser
    if (path := browsers.firefox()) is None:
        say(f"losses: {browsers.FIREFOX} is not installed, so it is left out")
        return
    channel = browsers.FIREFOX_CHANNEL
    with launched(playwright.firefox.launch(executable_path=path, channel=channel)) as browser:
        yield browser


@contextmanager
def launched(browser: Browser) -> Iterator[Browser]:
    yield browser
    browser.close()


def differences(browser: Browser, server: BenchServer) -> dict[str, float]:
    page = browser.new_page()
    page.goto(f"{server.url}bench/index.html")
    first = {
        "manifest": f"{server.url}{start.manifest(SITE)}",
        "data": f"{server.url}bench/data/",
    }
    open_worker(page, "python", f"{server.url}bench/python.js", first)
    engines = [InBrowser(page, "python", engine, EVERYWHERE) for engine in AGREE]
    found = {}
    for name, config in runs(classes=10).items():
        workload = Workload(name, "", config, STEPS)
        one, other = (engine.run(workload, judge=False).losses for engine in engines)
        found[name] = difference(one, other)
    return found
