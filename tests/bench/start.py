"""How long a visitor waits, and for how many bytes: train.html beside Pyodide as its guide has it.

Each round opens both in a fresh browser profile (cold) and then once more (warm). Both run their
Python in a worker, both fetch the same digits, and both end with the same first training step.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from bench import digits, milestones, slow
from bench.server import BenchServer, Sent, running
from bench.stage import PAGE
from bench.visitors import WAYS, Program, Way, programs, visitor
from make.console import say
from make.settings import NODE_MODULES

HERE = Path(__file__).parent
PYODIDE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"]
PYODIDE += ["python_stdlib.zip", "pyodide-lock.json"]
VISITS = ("cold", "warm")
SETTLE = 6.0  # seconds in which a browser may still write to its cache, and a page keep its Python
WANTED = {"site": {"first step", "interactive figure"}, "plain": {"first step"}}
PROMISED = 0.4  # of plain Pyodide's time

Times = dict[str, list[float]]  # milestones in seconds since navigation, one a round

# Marks that a worker has made itself, in milliseconds since 1970.
MARKS = """() => performance.getEntriesByType('mark')
  .map(({ name, startTime }) => [name, performance.timeOrigin + startTime])"""


def manifest(site: Path) -> str:
    """The list of the site's Python parts, as an address in it; of several builds' the newest."""
    found = max(site.glob("python/manifest-*.json"), key=lambda path: path.stat().st_mtime)
    return found.relative_to(site).as_posix()


def measure(
    playwright: Playwright, chromium: str, site: Path, name: str, rounds: int
) -> list[dict[str, Any]]:
    """Visits by one of the ways: in every browser by the plain one, in Chromium by the others.

    Returns:
        for each browser {"browser", "way", "slower": {"page", "worker"} or None, "cold" and "warm":
        {"site" and "plain": medians by milestone}, "rounds": the same, each round, "bytes"}
    """
    way = WAYS[name]
    found = programs(chromium)
    if way.line() or way.times > 1:
        found = found[:1]
    return [sitting(playwright, program, site, way, rounds) for program in found]


def sitting(
    playwright: Playwright, program: Program, site: Path, way: Way, rounds: int
) -> dict[str, Any]:
    """Rounds of one browser by one way."""
    index = digits.index(site).relative_to(site).as_posix()
    wheel = next(site.glob("wheels/glassnet-*.whl")).relative_to(site).as_posix()
    pages = {"site": "train.html", "plain": f"plain/index.html?data={index}&wheel={wheel}"}
    times: dict[str, dict[str, Times]] = {visit: {name: {} for name in pages} for visit in VISITS}
    wire: dict[str, dict[str, dict[str, int]]] = {visit: {} for visit in VISITS}
    files = {**plain_files(site), "bench/index.html": PAGE}
    with running(site, files, way.line()) as server:
        browser, slower = slowness(playwright, program, way, server)
        for turn in range(rounds):
            for name in sorted(pages, reverse=turn % 2 == 0):
                with visitor(playwright, program, way) as context:
                    for visit in VISITS:
                        seen, sent = visit_page(context, server, name, pages[name])
                        for milestone, seconds in seen.items():
                            times[visit][name].setdefault(milestone, []).append(seconds)
                        wire[visit][name] = count(sent, visit)
            say(f"{way.name}, {browser}: round {turn + 1} of {rounds}, {told(times)}")
    medians = {
        visit: {
            name: {milestone: median(found) for milestone, found in milestones.items()}
            for name, milestones in pages.items()
        }
        for visit, pages in times.items()
    }
    came = {"browser": browser, "way": way.name, "slower": slower}
    return {**came, **medians, "bytes": wire, "rounds": times}


def told(times: dict[str, dict[str, Times]]) -> str:
    """The last round's first steps."""
    return ", ".join(
        f"{visit} {times[visit]['site']['first step'][-1]:.2f} of "
        f"{times[visit]['plain']['first step'][-1]:.2f} s"
        for visit in VISITS
    )


def slowness(
    playwright: Playwright, program: Program, way: Way, server: BenchServer
) -> tuple[str, dict[str, float] | None]:
    """The browser's name and version; how many times slower than here a loop runs on that machine,
    in a page and in a worker, measured."""
    speeds = []
    for one in (WAYS["start"], way) if way.times > 1 else (WAYS["start"],):
        with visitor(playwright, program, one) as context:
            page = context.new_page()
            page.goto(f"{server.url}bench/index.html")
            agent = str(page.evaluate("() => navigator.userAgent"))
            version = context.browser.version if context.browser else version_in(agent)
            if way.times > 1:
                speeds.append(slow.speed(page))
    name = f"{program.kind.capitalize()} {version}"
    if not speeds:
        return name, None
    here, there = speeds
    return name, {place: here[place] / there[place] for place in here}


def version_in(agent: str) -> str:
    """As a browser's user agent has it."""
    return next(
        word.partition("/")[2] for word in agent.split() if word.startswith(("Chrome/", "Firefox/"))
    )


def plain_files(site: Path) -> dict[str, bytes | Path]:
    """Pyodide's own files from its npm package, with numpy's wheel beside them as on its CDN."""
    wheel = next(site.glob("wheels/numpy-*.whl"))
    return {
        "plain/index.html": HERE / "pages" / "plain" / "index.html",
        "plain/worker.js": HERE / "pages" / "plain" / "worker.js",
        **{f"plain/pyodide/{name}": NODE_MODULES / "pyodide" / name for name in PYODIDE},
        f"plain/pyodide/{wheel.name}": wheel,
    }


def visit_page(
    context: BrowserContext, server: BenchServer, name: str, address: str
) -> tuple[dict[str, float], list[Sent]]:
    """Milestones in seconds since navigation, and what was sent until the last of them."""
    server.sent.clear()
    page = context.new_page()
    if name == "site":
        milestones.watch(page, "train.html")
    page.goto(f"{server.url}{address}", wait_until="commit")
    milestones.wait(page, WANTED[name])
    sent = list(server.sent)
    seen = {**marks(page), **milestones.reached(page)}
    time.sleep(SETTLE)
    page.close()
    return {name: moment / 1000 for name, moment in seen.items() if name != "pressed"}, sent


def marks(page: Page) -> milestones.Milestones:
    """Performance marks of the page's workers, in milliseconds since the page's navigation; nothing
    in browsers whose workers cannot be asked."""
    origin = float(page.evaluate("() => performance.timeOrigin"))
    found: milestones.Milestones = {}
    for worker in page.workers:
        try:
            found |= {name: at - origin for name, at in worker.evaluate(MARKS)}
        except Error:  # it has ended, or is not to be asked
            continue
    return found


def count(sent: list[Sent], visit: str) -> dict[str, int]:
    """Bytes over the wire: of Python, of what is neither Python nor the digits that it learns from
    (all that a page needs before Python), and of everything. A cold visit has some of each."""
    python = ("python/", "plain/pyodide/", "wheels/")
    learned = [one for one in sent if one.name.startswith("data/") and ".bin" in one.name]
    learned += [one for one in sent if "/opening." in one.name]  # those of a run's first steps
    first = [one for one in learned if one.name.endswith("test-00.bin.gz")]
    everything = sum(one.wire for one in sent)
    python_bytes = sum(one.wire for one in sent if one.name.startswith(python))
    page = everything - python_bytes - sum(one.wire for one in learned)
    if visit == "cold" and not (python_bytes > 5e6 and len(first) == 1 and page > 0):
        raise RuntimeError(f"a visit without its parts: {sorted(one.name for one in sent)}")
    figure = page + sum(one.wire for one in first)
    return {"python": python_bytes, "figure": figure, "everything": everything}
