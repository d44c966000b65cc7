"""Measures the browser of digits, in Chromium, and prints every figure it promises.

    python tests/bench/browse.py [--runs N]

Needs a built site and the tests' requirements. Compare runs on one machine; do not quote them.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "web"), str(ROOT / "tests")]

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from make import browser as browsers  # noqa: E402
from make.settings import SITE  # noqa: E402
from support.server import running  # noqa: E402

WATCH = """
window.long = [];
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.long.push(Math.round(task.duration));
}).observe({ type: 'longtask', buffered: true });
"""
MARK = "(name) => performance.getEntriesByName(name)[0]?.startTime ?? 0"
FRAMES = """
() => {
  window.frames = [];
  window.long.length = 0;
  window.recording = true;
  let last = 0;
  const note = (now) => {
    if (last) window.frames.push(now - last);
    last = now;
    if (window.recording) requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}
"""
STOP = "() => { window.recording = false; return [window.frames, window.long]; }"
WALL = "document.querySelector('glass-browse').renderRoot.querySelector('glass-plane')"
ZOOM = f"""
([steps, delta]) => new Promise((resolve) => {{
  const wall = {WALL}.renderRoot.querySelector('[role=listbox]');
  const box = wall.getBoundingClientRect();
  const turn = (left) => {{
    if (!left) return resolve();
    wall.dispatchEvent(new WheelEvent('wheel', {{ deltaY: delta, ctrlKey: true, cancelable: true,
      clientX: box.left + box.width * 0.4, clientY: box.top + box.height * 0.4 }}));
    requestAnimationFrame(() => turn(left - 1));
  }};
  turn(steps);
}})
"""
FOUND = """
async ([name, text]) => {
  const { collection } = document.querySelector('glass-browse');
  const times = [];
  for (let turn = 0; turn < 7; turn++) {
    collection.set(name, '');
    await new Promise((resolve) => setTimeout(resolve, 900));
    const begin = performance.now();
    collection.set(name, text);
    collection.arrangement.value;
    times.push(performance.now() - begin);
  }
  return [times, collection.found.value.ids.length];
}
"""
ASKED = """
async (expressions) => {
  const { collection } = document.querySelector('glass-browse');
  const times = [];
  for (const text of expressions) {
    const before = collection.python.found.value;
    const begin = performance.now();
    collection.set('python', text);
    while (collection.python.found.value === before) await new Promise((resolve) => setTimeout(resolve));
    collection.arrangement.value;
    times.push(performance.now() - begin);
    await new Promise((resolve) => setTimeout(resolve, 900));
  }
  return times;
}
"""

MAPPED = """
async () => {
  const { collection } = document.querySelector('glass-browse');
  collection.set('shape', 'pca');
  while (!collection.python.mapped.value) await new Promise((resolve) => setTimeout(resolve, 20));
  return 1000 * collection.python.mapped.value.seconds;
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of each load (default: 5)")
    runs = parser.parse_args().runs
    path = browsers.installed()
    with running(SITE) as server, sync_playwright() as playwright:
        url = f"{server.url}browse.html"
        chromium = playwright.chromium.launch(executable_path=path)
        loads = [load(chromium, url) for _ in range(runs)]
        for name, limit in [("first digits", 500), ("all digits", 5000)]:
            say(name, [one[name] for one in loads], f"at most {limit} ms")
        say("longest task while loading", [max([0, *one["long"]]) for one in loads], "50 ms")
        page = open_wall(chromium, url)
        for name, act in [("pan", pan), ("zoom", zoom)]:
            frames, long = recorded(page, act)
            frames.sort()
            print(
                f"{name}: {len(frames)} frames, median {statistics.median(frames):.1f} ms (17), "
                f"95th percentile {frames[int(0.95 * len(frames))]:.1f} ms (33), "
                f"longest {frames[-1]:.0f} ms; tasks over 50 ms: {long or 'none'} (none)"
            )
        page.keyboard.press("Escape")
        page.evaluate("() => document.querySelector('glass-browse').collection.home()")
        for text in ["wrong", "label:4 pred:9 loss>0.5 ink<0.1"]:
            times, count = page.evaluate(FOUND, ["find", text])
            say(f"words “{text}” ({count:,} found)", times, "at most 50 ms")
        page.evaluate("() => document.querySelector('glass-browse').collection.set('find', '')")
        print(f"memory, all digits, no Python: {memory(chromium, page):.0f} MB (under 300)")
        begin = page.evaluate("() => performance.now()")
        page.evaluate(ASKED, ["y == 3"])
        print(
            f"first Python answer: {page.evaluate('() => performance.now()') - begin - 900:.0f} ms"
        )
        expressions = [f"(y == 9) & (pred == 4) & (loss > 0.{k})" for k in range(1, 8)]
        say("Python over columns", page.evaluate(ASKED, expressions), "at most 300 ms")
        page.evaluate(ASKED, ["X[:, 14, 14] > 200"])
        pixels = [
            f"mean(X[:, :14], axis=(1, 2)) > {k} * mean(X[:, 14:], axis=(1, 2))" for k in (1, 2, 3)
        ]
        say("Python over all pixels", page.evaluate(ASKED, pixels), "")
        print(f"memory, with Python and its copy of the pixels: {memory(chromium, page):.0f} MB")
        say("principal components of all digits", [page.evaluate(MAPPED)], "at most 2000 ms")
        chromium.close()


def load(chromium: Browser, url: str) -> dict[str, Any]:
    """One visit with nothing cached."""
    page = open_wall(chromium, url)
    found = {name: page.evaluate(MARK, name) for name in ("first digits", "all digits")}
    found["long"] = page.evaluate("() => window.long")
    page.context.close()
    return found


def open_wall(chromium: Browser, url: str) -> Page:
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function(
        "() => performance.getEntriesByName('all digits').length", timeout=60_000
    )
    page.wait_for_timeout(1500)
    return page


def recorded(page: Page, act: Callable[[Page], None]) -> tuple[list[float], list[int]]:
    page.evaluate(FRAMES)
    act(page)
    frames, long = page.evaluate(STOP)
    return frames, long


def pan(page: Page) -> None:
    """Across the whole set at several zooms, by the mouse."""
    for steps in (8, 6, 6, 6):
        page.evaluate(ZOOM, [steps, -8])
        page.mouse.move(640, 480)
        page.mouse.down()
        for x, y in [(240, 300), (1000, 700), (300, 650), (900, 250), (640, 480)]:
            page.mouse.move(x, y, steps=40)
        page.mouse.up()


def zoom(page: Page) -> None:
    """From the whole set to single pixels and back, a notch a frame."""
    page.evaluate("() => document.querySelector('glass-browse').collection.home()")
    page.wait_for_timeout(300)
    for _ in range(2):
        page.evaluate(ZOOM, [150, -4])
        page.evaluate(ZOOM, [150, 4])


def memory(chromium: Browser, page: Page) -> float:
    """Megabytes of the page's process that are its own (USS): JavaScript, canvases, workers, Python."""
    session = chromium.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [process["id"] for process in processes if process["type"] == "renderer"]
    session.detach()
    return max(own_memory(pid) for pid in renderers)


def own_memory(pid: int) -> float:
    rollup = subprocess.run(
        ["cat", f"/proc/{pid}/smaps_rollup"], check=True, capture_output=True, text=True
    ).stdout
    private = [line.split() for line in rollup.splitlines() if line.startswith("Private_")]
    return sum(int(fields[1]) for fields in private) / 1000


def say(name: str, values: list[float], promise: str) -> None:
    listed = ", ".join(f"{value:.0f}" for value in values)
    told = f"; promised: {promise}" if promise else ""
    print(f"{name}: median {statistics.median(values):.0f} ms of {listed}{told}")


if __name__ == "__main__":
    main()
