"""Whether train.html stays smooth and small while it trains."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession, Page, Playwright

from bench import memory, milestones
from bench.server import running
from bench.visitors import WINDOW
from make.console import say

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
# Steps that Python has taken in the page's run, and those that are shown. (Before there is such a
# run the page shows a recorded one, whose steps are none.)
STEP = """() => {
  const figure = document.querySelector('glass-train');
  const taken = figure?.training?.run.frame.value?.step ?? 0;
  const shown = figure?.shadowRoot?.querySelector('glass-forward')?.frame;
  return shown?.run === 'recorded' ? 0 : Math.min(taken, shown?.step ?? 0);
}"""
ENGINE = "() => document.querySelector('glass-train').training.run.description.value.engine"
PATIENCE = 600.0


def measure(playwright: Playwright, program: str, site: Path, steps: int) -> dict[str, Any]:
    """Frame times and tasks over 50 ms, in milliseconds; growth in megabytes over `steps`.

    "heap" is the page's JavaScript after a garbage collection. "process" is all memory that is the
    page's process's own (Linux tells it): JavaScript, canvases, the worker and Python.
    """
    with running(site, {}) as server:
        browser = playwright.chromium.launch(executable_path=program)
        page = browser.new_page(viewport=WINDOW)
        milestones.watch(page, "train.html")
        page.goto(f"{server.url}train.html")  # Start is pressed there
        devtools = page.context.new_cdp_session(page)
        milestones.wait(page, {"first step", "interactive figure"}, PATIENCE)
        reach(page, SETTLED)
        process, heap = memory.own(browser), used(devtools)
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
            "process growth": None if process is None else (memory.own(browser) or 0) - process,
        }
        milestones.provoke_long_task(page)
        browser.close()
    say(f"frames: {steps:,} steps watched")
    return found


def reach(page: Page, steps: int) -> None:
    """Wait until so many steps have been taken and shown."""
    end = time.monotonic() + PATIENCE
    while (shown := page.evaluate(STEP)) < steps:
        if time.monotonic() > end:
            raise RuntimeError(f"train.html is at step {shown} after {PATIENCE:.0f} s")
        time.sleep(0.2)


def used(devtools: CDPSession) -> float:
    devtools.send("HeapProfiler.collectGarbage")
    return float(devtools.send("Runtime.getHeapUsage")["usedSize"]) / 1e6
