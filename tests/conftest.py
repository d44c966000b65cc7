"""Fixtures for tests of several layers: the built site, a server for it, a browser that looks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from make import browser as browsers
from make.settings import ROOT, SITE
from support.required import required
from support.server import Answer, SiteServer, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright

# A suite started in the background is told to ignore interrupts, and would hand that on to what it
# starts. A handler, even one that does nothing, is not handed on.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, lambda number, frame: None)

LOCAL = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "about:")


@pytest.fixture(scope="session")
def all_digits() -> None:
    """All of MNIST, in the folder that GLASSNET_MNIST names; see `required` for where it is not."""
    if not os.environ.get("GLASSNET_MNIST"):
        required("all of MNIST", "GLASSNET_MNIST names no folder with its four files")


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site, up to date (a build that has nothing to do takes a third of a second)."""
    command = [sys.executable, str(ROOT / "build.py"), "build"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return SITE


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[SiteServer]:
    """The site as it is, at the root of a server."""
    with running(site) as started:
        yield started


@pytest.fixture(scope="session")
def serve(site: Path) -> Iterator[Callable[..., SiteServer]]:
    """Starts servers of a test's own: `serve({"train.html": Answer(status=404)}, prefix="/a/b/")`.

    Each has an origin of its own, and all run until the session ends.
    """
    with ExitStack() as stack:

        def start(overlay: Mapping[str, Answer] | None = None, prefix: str = "/") -> SiteServer:
            return stack.enter_context(running(site, overlay, prefix))

        yield start


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright itself; a process can have it running once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser_flags() -> list[str]:
    """What Chromium is told. WebAssembly is compiled once, quickly: most tests start a Python of
    their own and soon leave it, and to compile it again, better, took a third of each start."""
    return ["--js-flags=--liftoff-only"]


@pytest.fixture(scope="session")
def browser(playwright: Playwright, browser_flags: list[str]) -> Iterator[Browser]:
    """A headless Chromium that finds no host but this machine."""
    path = browsers.headless()
    assert path, "no browser; `python3 build.py test` gets one"
    only_local = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    launched = playwright.chromium.launch(executable_path=path, args=[only_local, *browser_flags])
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    """The distribution's Firefox ESR, headless; see `required` for where there is none."""
    path = browsers.firefox()
    if path is None:
        required(browsers.FIREFOX, "`python3 build.py test` installs it where it may")
    launched = playwright.firefox.launch(executable_path=path, channel=browsers.FIREFOX_CHANNEL)
    yield launched
    launched.close()


@pytest.fixture
def problems() -> list[str]:
    """What went wrong in a test's pages; a test that provokes something removes it from here."""
    return []


@pytest.fixture
def open_page(browser: Browser, problems: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a fresh context: `open_page(url, viewport={...}, color_scheme="dark")`.

    Console errors, uncaught exceptions and requests that leave this machine fail the test.
    """
    with ExitStack() as stack:

        def opened(url: str | None = None, **options: Any) -> Page:
            context = browser.new_context(**options)
            stack.callback(context.close)
            page = context.new_page()
            page.on("console", lambda message: _note_console(problems, message))
            page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
            context.on("request", lambda request: _note_request(problems, request.url))
            if url:
                page.goto(url)
            return page

        yield opened
    assert problems == []


def _note_console(problems: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        problems.append(f"console: {message.text} ({message.location.get('url')})")


def _note_request(problems: list[str], url: str) -> None:
    if not url.startswith(LOCAL):
        problems.append(f"left this machine: {url}")
