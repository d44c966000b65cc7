"""Reads what train.html shows: its elements hold the very arrays that they draw."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

from playwright.sync_api import Frame, Page

from support.server import SiteServer

OpenPage = Callable[..., Page]  # the fixture open_page
Serve = Callable[..., SiteServer]  # the fixture serve

BOOT = 90.0  # seconds that Python may take to start, on a machine with much else to do

_FIGURE = "const root = document.querySelector('glass-train').shadowRoot;"
_FRAME = _FIGURE + "const frame = root.querySelector('glass-controls').frame;"


def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for something to become true; strict pages let nobody evaluate text, so it is asked."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"still not so after {seconds} seconds"
        time.sleep(0.02)


class Trainer:
    """One open train.html, in a tab or in a frame of another page."""

    def __init__(self, page: Page | Frame) -> None:
        self.page = cast(Page, page)  # a frame only lacks the keyboard and the viewport

    def digits(self) -> int:
        """How many digits the wall has."""
        wall = "document.querySelector('glass-train')?.shadowRoot?.querySelector('glass-strip')"
        return int(self.page.evaluate(f"() => {wall}?.arrived ?? 0"))

    def wait_for_digits(self) -> None:
        until(lambda: self.digits() > 0)

    def wait_for_network(self) -> None:
        """Until Python has made a network and every digit is here."""
        until(lambda: self.frame()["train"] > 0 and self.status().startswith("Ready"), BOOT)

    def frame(self) -> dict[str, Any]:
        """Where the run is; zeros before there is one."""
        found: dict[str, Any] = self.page.evaluate(
            f"""() => {{ {_FRAME} return {{
                state: frame?.state ?? 'none', run: frame?.generation ?? 0, step: frame?.step ?? 0,
                config: frame?.description.config ?? null, train: frame?.arrived.train ?? 0,
                outputs: [...frame?.arrays[frame.description.layers.at(-1).name + '.a']?.data ?? []] }} }}"""
        )
        return found

    def losses(self) -> list[float]:
        """Every batch loss; only while there are so few steps that none had to be joined."""
        history: dict[str, Any] = self.page.evaluate(
            f"() => {{ {_FIGURE} const {{ span, lowest }} = root.querySelector('glass-curve')"
            ".history; return { span, lowest: [...lowest] } }"
        )
        assert history["span"] == 1
        return list(history["lowest"])

    def evaluations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(
            f"() => {{ {_FIGURE} const {{ history }} = root.querySelector('glass-curve');"
            "return history.evaluations }"
        )
        return found

    def status(self) -> str:
        return self.page.locator("glass-status p[role=status]").inner_text()

    def press(self, command: str) -> None:
        """Press a button: start, pause, step, epoch or reset."""
        self.page.locator(f"glass-train [data-command={command}]").click()

    def step(self, times: int) -> None:
        """Take single steps, each after the one before has been shown."""
        for _ in range(times):
            step = self.frame()["step"]
            self.press("step")
            self._until_step(step + 1)

    def _until_step(self, step: int) -> None:
        until(lambda: bool(self.frame()["step"] == step))

    def train(self, steps: int, seconds: float = 120.0) -> None:
        """Start, and pause once so many steps have been taken."""
        self.press("start")
        until(lambda: self.frame()["step"] >= steps, seconds)
        self.press("pause")
        until(lambda: self.frame()["state"] == "paused")
