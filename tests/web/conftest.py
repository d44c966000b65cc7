"""One open training page for all tests: Python takes seconds to start, a run none to reset."""

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


@pytest.fixture(scope="session")
def ready(browser: Browser, server: SiteServer) -> Iterator[tuple[Trainer, list[str]]]:
    """train.html with Python started, shared by all tests; and what has gone wrong in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(LONG_TASKS)
    page.goto(server.url + "train.html")
    trainer = Trainer(page)
    trainer.wait_for_network()
    yield trainer, problems
    context.close()


@pytest.fixture
def trainer(ready: tuple[Trainer, list[str]]) -> Iterator[Trainer]:
    """The shared page as if it had just been opened: default settings, no step taken."""
    shared, problems = ready
    shared.page.set_viewport_size({"width": 1280, "height": 900})
    shared.page.evaluate(
        """() => {
          const { settings, training, shadowRoot } = document.querySelector('glass-train');
          settings.fromQuery('');
          training.layer.value = null;
          training.interpreter.failures.value = [];
          const shown = [...shadowRoot.querySelectorAll('*')].flatMap((one) => [...one.shadowRoot?.querySelectorAll('details') ?? []]);
          for (const details of shown) details.open = details.getRootNode().host.localName === 'glass-files';
        }"""
    )
    if shared.frame()["state"] == "running":
        shared.press("pause")
        until(lambda: shared.frame()["state"] != "running")
    if shared.frame()["step"] > 0:
        shared.press("reset")
        until(lambda: bool(shared.frame()["step"] == 0))
    shared.page.evaluate(  # at last, for a button that was pressed has the keyboard
        """() => {
          let active = document.activeElement;
          while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
          active?.blur();
          getSelection().removeAllRanges();
          scrollTo(0, 0);
        }"""
    )
    yield shared
    assert problems == []
