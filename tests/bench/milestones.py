"""What a visitor has, and when: scripts that watch a page from within, before anything of its own.

The same scripts are used by tests/web/test_milestones.py, which takes away what a milestone is
about and sees that it is not reached.
"""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Page

PAGES = Path(__file__).parent / "pages"
WATCHERS = {"train.html": "watch.js", "browse.html": "wall.js"}
POLL = 0.2  # seconds; each look is work for the page

Milestones = dict[str, float]  # milliseconds since navigation


def watch(page: Page, name: str) -> None:
    """Have the page at that address watched, from its next navigation on."""
    notice_tasks(page)
    page.add_init_script(path=PAGES / WATCHERS[name.partition("?")[0]])


def notice_tasks(page: Page) -> None:
    """Have only its long tasks noted, and nothing looked at."""
    page.add_init_script(path=PAGES / "drawn.js")


def reached(page: Page) -> Milestones:
    """What has been reached so far."""
    found: Milestones = page.evaluate("() => window.milestones ?? {}")
    return found


def wait(page: Page, names: set[str], seconds: float = 180.0) -> Milestones:
    """Wait for milestones; RuntimeError says what has been reached instead."""
    end = time.monotonic() + seconds
    while not names <= (seen := reached(page)).keys():
        if "failed" in seen or time.monotonic() > end:
            missing = ", ".join(sorted(names - seen.keys()))
            raise RuntimeError(f"{page.url} did not reach: {missing}; it reached {seen}")
        time.sleep(POLL)
    return seen


def provoke_long_task(page: Page) -> None:
    """Keep the page for 80 ms, and see that it notices: else its having noticed none says nothing."""
    count = "() => window.longTasks.filter(([, duration]) => duration >= 70).length"
    before = page.evaluate(count)
    page.evaluate(
        """() => void setTimeout(() => {
          for (const end = performance.now() + 80; performance.now() < end;);
        })"""
    )
    end = time.monotonic() + 5
    while page.evaluate(count) == before:
        if time.monotonic() > end:
            raise RuntimeError(f"{page.url} noticed no task of 80 ms")
        time.sleep(POLL)
