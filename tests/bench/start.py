"""How long a visitor waits, and for how many bytes: train.html beside Pyodide as its guide has it.

Each round opens both in a fresh browser profile (cold) and then once more (warm). Both run their
Python in a worker, both fetch the same digits, and both end with the same first training step.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import BrowserContext, Playwright

from bench import digits
from bench.server import BenchServer, Sent, running
from make.console import say
from make.settings import NODE_MODULES

HERE = Path(__file__).parent
PYODIDE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"]
PYODIDE += ["python_stdlib.zip", "pyodide-lock.json"]
VISITS = ("cold", "warm")
SETTLE = 2.0  # seconds in which a browser may still write to its cache
PATIENCE = 180.0

Milestones = dict[str, list[float]]  # seconds since navigation, one a round


def manifest(site: Path) -> str:
    """The list of the site's Python parts, as an address in it; of several builds' the newest."""
    found = max(site.glob("python/manifest-*.json"), key=lambda path: path.stat().st_mtime)
    return found.relative_to(site).as_posix()


def measure(playwright: Playwright, program: str, site: Path, rounds: int) -> dict[str, Any]:
    """Medians and all rounds, by visit and page; bytes of the cold visit, gzipped."""
    index = digits.index(site).relative_to(site).as_posix()
    wheel = next(site.glob("wheels/glassnet-*.whl")).relative_to(site).as_posix()
    pages = {"site": "train.html", "plain": f"plain/index.html?data={index}&wheel={wheel}"}
    times: dict[str, dict[str, Milestones]] = {
        visit: {name: {} for name in pages} for visit in VISITS
    }
    wire: dict[str, dict[str, int]] = {}
    with running(site, plain_files(site)) as server:
        for turn in range(rounds):
            for name in sorted(pages, reverse=turn % 2 == 0):
                with profile(playwright, program) as context:
                    for visit in VISITS:
                        seen, sent = visit_page(context, server, pages[name])
                        for milestone, seconds in seen.items():
                            times[visit][name].setdefault(milestone, []).append(seconds)
                        if visit == "cold":
                            wire[name] = count(sent)
            say(f"start: round {turn + 1} of {rounds}")
    medians = {
        visit: {
            name: {milestone: median(found) for milestone, found in milestones.items()}
            for name, milestones in pages.items()
        }
        for visit, pages in times.items()
    }
    return {**medians, "bytes": wire, "rounds": times}


def plain_files(site: Path) -> dict[str, bytes | Path]:
    """Pyodide's own files from its npm package, with numpy's wheel beside them as on its CDN."""
    wheel = next(site.glob("wheels/numpy-*.whl"))
    return {
        "plain/index.html": HERE / "pages" / "plain" / "index.html",
        "plain/worker.js": HERE / "pages" / "plain" / "worker.js",
        **{f"plain/pyodide/{name}": NODE_MODULES / "pyodide" / name for name in PYODIDE},
        f"plain/pyodide/{wheel.name}": wheel,
    }


@contextmanager
def profile(playwright: Playwright, program: str) -> Iterator[BrowserContext]:
    """A browser that has never been anywhere."""
    with TemporaryDirectory() as folder:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=program, viewport={"width": 1280, "height": 900}
        )
        yield context
        context.close()


def visit_page(
    context: BrowserContext, server: BenchServer, address: str
) -> tuple[dict[str, float], list[tuple[float, Sent]]]:
    """Milestones, and what was sent with the seconds after navigation when it was asked for."""
    server.sent.clear()
    page = context.new_page()
    if address == "train.html":
        page.add_init_script(path=HERE / "pages" / "watch.js")
    page.goto(f"{server.url}{address}", wait_until="commit")
    end = time.monotonic() + PATIENCE
    while "first step" not in (seen := page.evaluate("() => window.milestones")):
        if "failed" in seen or time.monotonic() > end:
            raise RuntimeError(f"{address} took no training step: {seen}")
        time.sleep(0.05)
    began = page.evaluate("() => performance.timeOrigin") / 1000
    sent = [(one.at - began, one) for one in server.sent]
    time.sleep(SETTLE)
    page.close()
    return {name: moment / 1000 for name, moment in seen.items() if name != "pressed"}, sent


def count(sent: list[tuple[float, Sent]]) -> dict[str, int]:
    """Bytes over the wire: of Python, of what is neither Python nor the digits that it learns from
    (all that a page needs before Python), and of everything."""
    python = ("python/", "plain/pyodide/", "wheels/")
    learned = [one for _, one in sent if one.name.startswith("data/") and ".bin" in one.name]
    first = [one for one in learned if one.name.endswith("test-00.bin.gz")]
    everything = sum(one.wire for _, one in sent)
    python_bytes = sum(one.wire for _, one in sent if one.name.startswith(python))
    figure = everything - python_bytes - sum(one.wire for one in learned)
    figure += sum(one.wire for one in first)
    return {"python": python_bytes, "figure": figure, "everything": everything}
