"""How far behind a watched run the page is, and whether hundreds of runs hold it up.

    GLASSNET_DATA=FOLDER python tests/bench/watching.py [RUNS]

First a run that is trained natively, in a process of its own, is followed in Chromium: each new step
that the page knows is compared with what the log's last whole line says then, and with when the
training process wrote it.  Then RUNS runs (300) grow at once, ten lines a second each, and what
holds up the page's thread is noted.  FOLDER holds MNIST; the site has to be built.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("web", "pylib/src", "tests")]

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from glassnet.run_folder import LOG  # noqa: E402
from make import browser as browsers  # noqa: E402
from make.settings import PYLIB, SITE  # noqa: E402

SECONDS = 20.0
GLASSNET = [sys.executable, "-m", "glassnet"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PYLIB / "src")}

# When each step was first known to the page, in milliseconds since 1970; and what held it up.
WATCH = """
window.known = []; window.tasks = []; window.gaps = [];
new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask' });
(function look(last, before, now = performance.now()) {
  const runs = document.querySelector('glass-watch')?.watched?.runs.value ?? [];
  const step = runs[0]?.step ?? 0;
  if (step !== last) window.known.push([step, Date.now()]);
  if (before) window.gaps.push(now - before);
  requestAnimationFrame(() => look(step, now));
})(0, 0);
"""


@contextmanager
def watched(root: Path) -> Iterator[str]:
    """The address at which a `glassnet watch` of its own shows what is in a folder."""
    command = [*GLASSNET, "watch", str(root), "--site", str(SITE), "--port", "0"]
    with subprocess.Popen(
        command, env={**ENVIRONMENT, "GLASSNET_DATA": ""}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.kill()


def followed(page: Page, folder: Path) -> list[float]:
    """Milliseconds that the page was behind, each time it learnt of a new step."""
    written: list[tuple[int, float]] = []
    stop = threading.Event()

    def note() -> None:
        while not stop.wait(0.01):
            try:
                lines = (folder / LOG).read_bytes().rsplit(b"\n", 2)
                event = json.loads(lines[-2])
            except (OSError, ValueError, IndexError):
                continue
            step = event.get("step", 0)
            if not written or step > written[-1][0]:
                written.append((step, 1000 * time.time()))

    training = [*GLASSNET, "train", "--out", str(folder), "--epochs", "9", "--batch", "32"]
    with watched(folder) as address:
        page.goto(address)
        with subprocess.Popen(training, env=ENVIRONMENT, stdout=subprocess.DEVNULL) as process:
            threading.Thread(target=note, daemon=True).start()
            page.wait_for_timeout(1000 * SECONDS)
            process.kill()
        stop.set()
    behind = []
    for step, known in page.evaluate("() => known"):
        when = next((moment for number, moment in written if number >= step), None)
        if step and when is not None:
            behind.append(known - when)
    return behind


def crowded(page: Page, root: Path, count: int) -> dict[str, Any]:
    """What holds up the page while so many runs grow."""
    first: dict[str, Any] = {"event": "run", "format": 1, "data": {}, "versions": {}}
    files = []
    for number in range(count):
        folder = root / f"{number:04}"
        folder.mkdir()
        file = (folder / LOG).open("w", encoding="utf-8")
        file.write(json.dumps({**first, "config": {"seed": number}}) + "\n")
        for step in range(1, 2000):
            event = {"event": "step", "step": step, "epoch": 0, "loss": 1 / step + number / 1e3}
            file.write(json.dumps(event) + "\n")
        file.flush()
        files.append(file)
    with watched(root) as address:
        page.goto(address)
        there = "() => document.querySelector('glass-watch').watched?.runs.value.length"
        while page.evaluate(there) != count:
            page.wait_for_timeout(100)
        page.wait_for_timeout(3000)
        page.evaluate("() => { tasks.length = gaps.length = 0; }")
        step, end = 2000, time.monotonic() + SECONDS
        while time.monotonic() < end:
            for file in files:
                event = {"event": "step", "step": step, "epoch": 0, "loss": 1 / step}
                file.write(json.dumps(event) + "\n")
                file.flush()
            step += 1
            page.wait_for_timeout(100)
        found: dict[str, Any] = page.evaluate("() => ({ tasks, gaps, step: known.at(-1)[0] })")
    for file in files:
        file.close()
    return {**found, "written": step - 1}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=browsers.installed())
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(WATCH)
        behind = followed(page, Path(folder) / "run")
        print(f"one run, trained natively: {len(behind)} times the page learnt of a step,")
        print(
            f"  behind by {statistics.median(behind):.0f} ms (median), {max(behind):.0f} ms (most)"
        )
        crowd = Path(folder) / "crowd"
        crowd.mkdir()
        found = crowded(page, crowd, count)
        gaps = sorted(found["gaps"])
        print(f"{count} runs that grow: frames {statistics.median(gaps):.0f} ms (median),")
        print(
            f"  {gaps[int(0.95 * len(gaps))]:.0f} ms (95th percentile), {gaps[-1]:.0f} ms (most);"
        )
        print(
            f"  {len(found['tasks'])} tasks over 50 ms, the longest {max(found['tasks'], default=0):.0f} ms;"
        )
        print(f"  step {found['step']} is shown when {found['written']} is written")
        browser.close()


if __name__ == "__main__":
    main()
