"""The largest set that a visitor may bring: how long it takes to open, how it moves, what it takes.

EMNIST's `byclass` has 814,255 images of 62 classes and cannot be had from here. Its stand-in has as
many, made of MNIST's: moved by up to two pixels, and thickened, for EMNIST's strokes are thicker.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Playwright

from bench import digits, memory, milestones
from bench.browse import DRAWN, WALL, WINDOW, moved, pan, zoom
from bench.digits import Part
from bench.server import running
from make.console import say

COUNTS = {"test": 116_323, "train": 697_932}
CLASSES = 62
MOVES = ["pan", "zoom"]
PIECE = 20_000
MEASURED = f"() => {WALL}.collection.columns.value?.ink?.length === {sum(COUNTS.values())}"
HERE = f"() => {WALL}.collection.complete.value && {WALL}.collection.about.value.name === 'own'"
LABELS = f"() => [...{WALL}.collection.counts.value]"
NEAR = f"""async (id) => {{
  const {{ collection }} = {WALL};
  const begin = performance.now();
  collection.choose(id);
  collection.settings.set('panel', 'digit');
  while (!collection.closeUp.near.value) await new Promise((resolve) => setTimeout(resolve));
  return performance.now() - begin;
}}"""


def measure(playwright: Playwright, program: str, site: Path) -> dict[str, Any]:
    """Seconds, megabytes and milliseconds of the stand-in in a tab."""
    with tempfile.TemporaryDirectory() as folder, running(site, {}) as server:
        counts = write(Path(folder), digits.read(site)["train"])
        chromium = playwright.chromium.launch(executable_path=program)
        page = chromium.new_context(viewport=WINDOW).new_page()
        milestones.notice_tasks(page)
        page.goto(f"{server.url}browse.html?panel=help")
        page.wait_for_function(DRAWN)
        milestones.provoke_long_task(page)
        page.evaluate("() => void (window.longTasks.length = 0)")
        found = opened(page, chromium, sorted(Path(folder).iterdir()))
        if page.evaluate(LABELS) != counts:
            raise RuntimeError("the wall's labels are not those of the files")
        page.wait_for_function(MEASURED, timeout=120_000)
        for name, legs in zip(MOVES, (pan(page), zoom(page)), strict=True):
            found[name] = moved(page, legs)
        found["nearest"] = page.evaluate(NEAR, 700_000)
        chromium.close()
    say(f"large: opened in {found['seconds']:.1f} s, {found['memory'] or 0:.0f} MB")
    return found


def opened(page: Page, chromium: Browser, files: list[Path]) -> dict[str, Any]:
    begin = time.monotonic()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="choose files").click()
    chooser.value.set_files(files)
    most = memory.own(chromium)
    while not page.evaluate(HERE):
        if time.monotonic() > begin + 120:
            raise RuntimeError("the stand-in was not opened in two minutes")
        most = max(most or 0, memory.own(chromium) or 0) or None
        time.sleep(0.2)
    seconds = time.monotonic() - begin
    page.wait_for_timeout(1500)
    tasks = page.evaluate("() => window.longTasks.map(([, duration]) => duration)")
    most = max(most or 0, memory.own(chromium) or 0) or None
    return {"images": sum(COUNTS.values()), "seconds": seconds, "memory": most, "long tasks": tasks}


def write(folder: Path, part: Part) -> list[int]:
    """The stand-in's four files; how many images each class has."""
    images, labels = part
    rng = np.random.default_rng(1)
    counts = np.zeros(CLASSES, np.int64)
    for split, count in COUNTS.items():
        stem = folder / f"emnist-byclass-{split}"
        with (
            Path(f"{stem}-images-idx3-ubyte").open("wb") as pixels,
            Path(f"{stem}-labels-idx1-ubyte").open("wb") as names,
        ):
            pixels.write(np.array([0x803, count, 28, 28], ">u4").tobytes())
            names.write(np.array([0x801, count], ">u4").tobytes())
            for start in range(0, count, PIECE):
                ids = rng.integers(0, len(labels), min(PIECE, count - start))
                pixels.write(varied(images[ids], rng).tobytes())
                chosen = (labels[ids] + 10 * rng.integers(0, 6, len(ids))).astype(np.uint8)
                names.write(chosen.tobytes())
                counts += np.bincount(chosen, minlength=CLASSES)
    return [int(count) for count in counts]


def varied(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """(n, 28, 28), stored column by column as EMNIST's are."""
    steps = rng.integers(-2, 3, (len(images), 2))
    shifted = np.empty_like(images)
    for step in np.unique(steps, axis=0):
        same = (steps == step).all(axis=1)
        shifted[same] = np.roll(images[same], tuple(step), (1, 2))
    return np.maximum(shifted, np.roll(shifted, 1, 2)).transpose(0, 2, 1)
