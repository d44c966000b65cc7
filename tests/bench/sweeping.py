"""A sweep in the page: what each worker takes of memory, and how much faster several are than one.

    python tests/bench/sweeping.py [EPOCHS]

The page's own first sweep, eight runs of EPOCHS epochs (1) on all of MNIST, with one worker, with
two, with four, each in a Chromium of its own.  Memory is that of the page's process (proportional set
size, all its workers in it), at its largest.  The site has to be built.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("web", "pylib/src", "tests")]

from playwright.sync_api import sync_playwright  # noqa: E402

from make import browser as browsers  # noqa: E402
from make.settings import SITE  # noqa: E402
from support.server import running  # noqa: E402

STATE = "() => { const { state, course, ended } = document.querySelector('glass-sweep')?.sweep ?? {}; return [state?.value, course?.value.share, ended?.count]; }"


def megabytes() -> float:
    """Of the largest of this machine's browser pages."""
    sizes = [0.0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text(encoding="utf-8", errors="replace")
            if "--type=renderer" not in command:
                continue
            told = (folder / "smaps_rollup").read_text(encoding="utf-8")
        except OSError:
            continue  # it has ended
        if found := re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE):
            sizes.append(int(found[1]) / 1024)
    return max(sizes)


def main() -> None:
    epochs = sys.argv[1] if len(sys.argv) > 1 else "1"
    with running(SITE) as server, sync_playwright() as playwright:
        for workers in (1, 2, 4):
            browser = playwright.chromium.launch(executable_path=browsers.installed())
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(server.url + "sweep.html")
            page.get_by_label("Epochs").fill(epochs)
            page.get_by_label("At a time").fill(str(workers))
            page.get_by_label("At a time").blur()
            before, most = megabytes(), 0.0
            page.get_by_role("button", name="Begin the sweep").click()
            asked = time.monotonic()
            begun = 0.0
            while (state := page.evaluate(STATE))[0] != "done":
                if state[0] == "running" and not begun:
                    begun = time.monotonic()
                most = max(most, megabytes())
                page.wait_for_timeout(100)
            now = time.monotonic()
            print(
                f"{workers} workers: {most - before:.0f} MB, {(most - before) / workers:.0f} each; "
                f"{begun - asked:.1f} s until the first trains, {now - begun:.1f} s for the runs",
                flush=True,
            )
            browser.close()


if __name__ == "__main__":
    main()
