"""Figures in somebody's post: what each fetches before it is touched, how soon it lives once it is
near, what a second figure's first training step costs beside the first one's, and how a post with ten
figures scrolls beside the same post with their pictures alone.

A figure lives when its frame has taken the picture's place, which its frame says after it has been
drawn. The post is of another site than ours, under a policy that allows our scripts and frames.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Frame, Page, Playwright, ViewportSize

from bench.server import BenchServer, running
from make.console import say

FIGURES = ("home", "train", "network", "race", "browse")
SIZE: ViewportSize = {"width": 900, "height": 800}
TEN = ("home", "train", "network", "race", "train") * 2
PYTHON = ("python/", "assets/worker-")
TRAINED = """() => document.querySelector('glass-train').training.run.frame.value?.step >= 1"""
WATCH = """
window.told = {};
addEventListener('glass-status', ({ target, detail }) => {
  told[detail.status] ??= performance.now();
});
addEventListener('glass-ready', () => { told.alive = performance.now(); });
"""


def post(site: str, *kinds: str, script: bool = True) -> bytes:
    """A page with figures, the first of them far below what is in sight."""
    figures = "".join(
        f'<figure data-glassnet="{kind}" data-reveal="auto"><a href="{site}{kind}.html">'
        f'<img src="{site}embed/{kind}/light.png" width="600" height="315" alt=""></a></figure>'
        for kind in kinds
    )
    text = (
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>A post</title>'
        f'<div id="before">{"<p>…</p>" * 80}</div>{figures}'
    )
    if script:
        text += f'<script async type="module" src="{site}glassnet.js"></script>'
    return text.encode()


def measure(playwright: Playwright, program: str, site: Path, rounds: int) -> dict[str, Any]:
    """Bytes and milliseconds, by figure; and milliseconds of two first steps."""
    found: dict[str, Any] = {"bytes": {}, "alive": {}, "steps": []}
    chromium = playwright.chromium.launch(executable_path=program)
    with running(site, {}) as ours, running(site, {}) as theirs:
        address = ours.url.replace("127.0.0.1", "localhost")
        for kind in FIGURES:
            theirs.files["post.html"] = post(address, kind)
            times = []
            for _ in range(rounds):
                page = opened(chromium.new_context(viewport=SIZE).new_page(), theirs)
                ours.sent.clear()
                times.append(lives(page))
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(1500)  # what a reader who looks at it fetches, too
                sent = [one for one in ours.sent if not one.name.startswith(PYTHON)]
                sent = [one for one in sent if not one.name.startswith("embed/")]
                found["bytes"][kind] = sum(one.wire for one in sent)
                page.context.close()
            found["alive"][kind] = times
        for name, script in (("figures", True), ("pictures", False)):
            theirs.files["post.html"] = post(address, *TEN, script=script)
            page = opened(chromium.new_context(viewport=SIZE).new_page(), theirs)
            found["scrolled"] = {**found.get("scrolled", {}), name: scrolled(page)}
            page.context.close()
        theirs.files["post.html"] = post(address, "train", "train")
        for _ in range(rounds):
            page = opened(chromium.new_context(viewport=SIZE).new_page(), theirs)
            found["steps"].append([first_step(page, number) for number in range(2)])
            page.context.close()
    chromium.close()
    say(
        f"post: {', '.join(f'{kind} {median(times):.0f} ms' for kind, times in found['alive'].items())}"
    )
    return found


def opened(page: Page, theirs: BenchServer) -> Page:
    page.add_init_script(WATCH)
    page.goto(f"{theirs.url}post.html")
    page.wait_for_load_state("networkidle")
    return page


def lives(page: Page) -> float:
    """Milliseconds from when the figure comes near until it lives."""
    page.evaluate(
        """() => {
          window.begin = performance.now();
          document.querySelector('#before').remove();
        }"""
    )
    page.wait_for_function("() => window.told.alive", timeout=60_000)
    return float(page.evaluate("() => told.alive - begin"))


def scrolled(page: Page) -> dict[str, float]:
    """Milliseconds between the post's pictures while a wheel takes it from its head to its foot, once
    all that comes near has come: the usual, the late (95 %), and how many it had to be."""
    page.mouse.move(450, 400)
    for _ in range(200):  # the first time down, for them to come
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(20)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(3000)
    page.evaluate("() => scrollTo(0, 0)")
    page.evaluate(
        """() => {
          window.times = [];
          const note = (now) => { times.push(now); requestAnimationFrame(note); };
          requestAnimationFrame(note);
        }"""
    )
    for _ in range(200):
        page.mouse.wheel(0, 100)
        page.wait_for_timeout(16)
    times = page.evaluate("() => times")
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    return {"median": median(gaps), "late": gaps[int(0.95 * len(gaps))], "pictures": len(gaps)}


def first_step(page: Page, number: int) -> float:
    """Milliseconds from pressing Step until the page has drawn it."""
    figure = page.locator("figure").nth(number)
    figure.scroll_into_view_if_needed()
    page.wait_for_function(
        "(number) => document.querySelectorAll('figure')[number].dataset.status === 'ready'",
        arg=number,
        timeout=60_000,
    )
    handle = figure.locator("iframe").element_handle()
    frame: Frame | None = handle.content_frame() if handle else None
    assert frame
    begin = float(page.evaluate("() => performance.now()"))
    frame.locator("[data-command=step]").click()
    frame.wait_for_function(TRAINED, timeout=90_000)
    return float(page.evaluate("() => performance.now()")) - begin
