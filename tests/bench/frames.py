"""Whether train.html stays smooth and small while it trains."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession, Page, Playwright

from bench.browse import memory
from bench.server import running
from make.console import say

HERE = Path(__file__).parent
SETTLED = 1000  # steps until everything has been made that is made once
FRAMES = """() => {
  window.frames_ = [];
  let last = 0;
  const note = (now) => {
    if (last) window.frames_.push(now - last);
    last = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
  return performance.now();
}"""
STEP = """() => document.querySelector('glass-train').shadowRoot
  .querySelector('glass-network')?.frame?.step ?? 0"""
ENGINE = """() => document.querySelector('glass-train').shadowRoot
  .querySelector('glass-network').frame.description.engine"""
PATIENCE = 600.0


def measure(playwright: Playwright, program: str, site: Path, steps: int) -> dict[str, Any]:
    """Frame times and tasks over 50 ms, in milliseconds; growth in megabytes over `steps`.

    "heap" is the page's JavaScript after a garbage collection. "process" is all memory that is the
    page's process's own (Linux tells it): JavaScript, canvases, the worker and Python.
    """
    with running(site, {}) as server:
        browser = playwright.chromium.launch(executable_path=program)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(path=HERE / "pages" / "watch.js")
        page.goto(f"{server.url}train.html")  # watch.js presses Start
        devtools = page.context.new_cdp_session(page)
        reach(page, SETTLED)
        process, heap = own(page), used(devtools)
        began = page.evaluate(FRAMES)
        reach(page, SETTLED + steps)
        frames: list[float] = sorted(page.evaluate("() => window.frames_"))
        tasks: list[list[float]] = page.evaluate("() => window.longTasks")
        grown = used(devtools) - heap
        found = {
            "engine": page.evaluate(ENGINE),
            "steps": steps,
            "frames": len(frames),
            "median frame": median(frames),
            "95th percentile": frames[int(0.95 * len(frames))],
            "longest frame": frames[-1],
            "tasks over 50 ms, loading": [task for start, task in tasks if start < began],
            "tasks over 50 ms, training": [task for start, task in tasks if start >= began],
            "heap": heap,
            "heap growth": grown,
            "process": process,
            "process growth": None if process is None else (own(page) or 0) - process,
        }
        browser.close()
    say(f"frames: {steps:,} steps watched")
    return found


def reach(page: Page, steps: int) -> None:
    """Wait until so many steps have been shown."""
    end = time.monotonic() + PATIENCE
    while (shown := page.evaluate(STEP)) < steps:
        if time.monotonic() > end:
            raise RuntimeError(f"train.html is at step {shown} after {PATIENCE:.0f} s")
        time.sleep(0.2)


def used(devtools: CDPSession) -> float:
    devtools.send("HeapProfiler.collectGarbage")
    return float(devtools.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def own(page: Page) -> float | None:
    """The process's own memory, where the system tells it."""
    browser = page.context.browser
    if browser is None or not Path("/proc/self/smaps_rollup").exists():
        return None
    return memory(browser, page)
