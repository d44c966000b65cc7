"""Browsers that have never been anywhere, and the machines and lines that they come by."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, Playwright, ViewportSize

from bench import slow
from bench.line import Line
from make import browser as browsers
from make.console import say

REST = 3.0  # seconds in which a browser just begun may load its own windows
WINDOW: ViewportSize = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Program:
    """A browser on this machine. kind: as Playwright calls it."""

    kind: str
    path: str

    def launch(self, playwright: Playwright, folder: str) -> BrowserContext:
        """Start it with the profile in that folder."""
        options = {"channel": browsers.FIREFOX_CHANNEL} if self.kind == "firefox" else {}
        return getattr(playwright, self.kind).launch_persistent_context(  # type: ignore[no-any-return]
            folder, executable_path=self.path, viewport=WINDOW, **options
        )


@dataclass(frozen=True)
class Way:
    """How a visitor comes. times: how many times slower than this machine; 1: this one."""

    name: str
    text: str
    times: float = 1.0
    bits: float = 0.0  # a second; 0: as fast as it goes
    latency: float = 0.0  # seconds before each answer

    def line(self) -> Line | None:
        return Line(self.bits, self.latency) if self.bits else None


WAYS = {
    way.name: way
    for way in (
        Way("start", "this machine, and a line that costs nothing"),
        Way("slow", "a machine slowed down four times", times=4.0),
        Way(
            "line",
            "a line of 10 Mbit/s for everything together, each answer after 100 ms",
            bits=10e6,
            latency=0.1,
        ),
    )
}


def programs(chromium: str) -> list[Program]:
    """Chromium, and Firefox if there is one."""
    found = [Program("chromium", chromium)]
    if path := browsers.firefox():
        found.append(Program("firefox", path))
    else:
        say(f"{browsers.FIREFOX} is not installed, so it is left out")
    return found


@contextmanager
def visitor(playwright: Playwright, program: Program, way: Way) -> Iterator[BrowserContext]:
    """A browser with a fresh profile, on such a machine."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        context = program.launch(playwright, folder)
        stack.callback(context.close)
        time.sleep(REST)
        if way.times > 1:
            stack.enter_context(slow.slowed(folder, way.times))
        yield context
