"""One open training page for many tests: Python takes seconds to start, a run none to reset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from support.server import SiteServer
from support.trainer import Trainer, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# What held up the page for more than 50 ms: recorded, never asserted, since machines differ.
LONG_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longTasks.push(Math.round(entry.duration));
}).observe({ type: 'longtask' });
"""


@pytest.fixture(scope="module")
def ready(browser: Browser, server: SiteServer) -> Iterator[Trainer]:
    """train.html with Python started, shared by a module's tests."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(LONG_TASKS)
    page.goto(server.url + "train.html")
    trainer = Trainer(page)
    trainer.wait_for_network()
    yield trainer
    context.close()
    assert problems == []


@pytest.fixture
def trainer(ready: Trainer) -> Trainer:
    """The shared page as if it had just been opened: default settings, no step taken."""
    ready.page.evaluate(
        """() => {
          let active = document.activeElement;
          while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
          active?.blur();
          getSelection().removeAllRanges();
          scrollTo(0, 0);
          document.querySelector('glass-train').settings.fromQuery('');
        }"""
    )
    if ready.frame()["state"] == "running":
        ready.press("pause")
        until(lambda: ready.frame()["state"] != "running")
    if ready.frame()["step"] > 0:
        ready.press("reset")
        until(lambda: bool(ready.frame()["step"] == 0))
    return ready
