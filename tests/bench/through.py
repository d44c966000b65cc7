"""Training through the real page: its rate beside the engine's own, and what measuring costs.

The page shows all that it shows and reads the test digits as often as it does for a visitor. Beside
it the same page opened by a link that chooses ten test digits: it does all the same, but measuring
costs it next to nothing. Rounds take turns; each has a browser of its own, in which the others
stand still.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, Playwright

from bench import digits, milestones, stage, start
from bench.contenders import InBrowser, open_worker
from bench.server import running
from bench.visitors import WINDOW
from bench.workloads import WORKLOADS
from make.console import say
from support import subset

WORKLOAD = WORKLOADS["W1"]
ALONE = 5_900  # steps of the engine alone: within its first epoch, in which it measures nothing
WARM = 1_000  # steps until everything has been made that is made once
STEPS = 20_000
FEW = 10  # test digits of the page that hardly measures
READY = "() => document.querySelector('glass-train').training?.complete.value"

# A new run from its first step; what it took, showed and measured on the way.
FLAT_OUT = """async ([config, warm, steps]) => {
  const { run, choice } = document.querySelector('glass-train').training;
  await run.begin({ config, chosen: choice.value.value });
  const frames = [];
  const stop = run.frame.subscribe((frame) => {
    if (frame?.generation !== run.description.value.generation) return;
    frames.push({ at: performance.now(), step: frame.step, measuring: frame.measuring ?? null });
  });
  const reached = async (step) => {
    while (!(frames.at(-1)?.step >= step)) await new Promise((resolve) => requestAnimationFrame(resolve));
    return frames.length - 1;
  };
  run.start();
  const first = await reached(warm);
  const last = await reached(frames[first].step + steps);
  run.pause();
  stop();
  const [begin, end] = [frames[first], frames[last]];
  const measured = run.past.value.history.evaluations.filter(({ step }) => step > begin.step && step <= end.step);
  const network = document.querySelector('glass-train').shadowRoot.querySelector('glass-forward');
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    milliseconds: end.at - begin.at,
    steps: end.step - begin.step,
    pictures: last - first,
    evaluations: measured.length,
    digits: measured.reduce((sum, { count }) => sum + count, 0),
    told: end.measuring === null ? null : (1000 * (end.measuring - begin.measuring)) / (end.at - begin.at),
    engine: run.description.value.engine,
    drawn: window.drawn.weights(network.shadowRoot.querySelector('glass-tiles'), run.frame.value.arrays['layers.0.weight'].data),
  };
}"""


def measure(
    playwright: Playwright, program: str, site: Path, rounds: int, quick: bool
) -> dict[str, Any]:
    """Digits a second by rounds: of the engine, of the page, and of one that hardly measures; and
    what the page did in its last round."""
    steps = 8_000 if quick else STEPS
    parts = digits.read(site)
    alone = WORKLOAD.taking(ALONE).fitting(len(parts["train"][1]), 1.0)
    count = len(parts["test"][1])
    few = f"#test={subset.text(range(FEW), count)}"
    found: dict[str, Any] = {"engine": [], "page": [], "hardly measuring": []}
    with ExitStack() as stack:
        server = stack.enter_context(running(site, stage.python_files(parts)))
        engine = engine_alone(playwright, program, site, server.url, stack)
        pages = {
            "page": (train_page(playwright, program, server.url, stack), count),
            "hardly measuring": (train_page(playwright, program, server.url, stack, few), FEW),
        }
        for turn in range(rounds):
            trial = engine.run(alone, judge=False)
            found["engine"].append(alone.steps * alone.batch / trial.seconds)
            for name in sorted(pages, reverse=turn % 2 == 0):
                page, measured = pages[name]
                went = page.evaluate(FLAT_OUT, [config(), WARM, steps])
                check(went, steps, measured)
                rate = 1000 * went["steps"] * WORKLOAD.batch / went["milliseconds"]
                found[name].append(rate)
                if name == "page":
                    found["last"] = went
    say(
        f"page: {median(found['page']):,.0f} digits a second, the engine alone "
        f"{median(found['engine']):,.0f}; measuring takes {share(found):.0%}"
    )
    return found


def share(found: dict[str, Any]) -> float:
    """Of the page's time, what goes into measuring: for the same steps it takes so much longer."""
    return 1 - float(median(found["page"]) / median(found["hardly measuring"]))


def config() -> dict[str, Any]:
    """The workload as a page's run, which measures as often as it does by itself."""
    given = {name: value for name, value in WORKLOAD.config.items() if name != "evaluate_every"}
    return {**given, "engine": "simd"}


def check(went: dict[str, Any], steps: int, count: int) -> None:
    """What was timed has happened: on simd, drawn, and measured on so many digits each time."""
    evaluations, read = went["evaluations"], went["digits"]
    if went["engine"] != "simd" or not went["drawn"] or went["steps"] < steps:
        raise RuntimeError(f"the page did not train as it was to: {went}")
    if went["pictures"] < 10 or not evaluations or read != count * evaluations:
        raise RuntimeError(f"the page did not show or measure what it trained: {went}")


def engine_alone(
    playwright: Playwright, program: str, site: Path, url: str, stack: ExitStack
) -> InBrowser:
    browser = playwright.chromium.launch(executable_path=program)
    stack.callback(browser.close)
    page = browser.new_page()
    page.goto(f"{url}bench/index.html")
    first = {"manifest": f"{url}{start.manifest(site)}", "data": f"{url}bench/data/"}
    open_worker(page, "python", f"{url}bench/python.js", first)
    engine = InBrowser(page, "python", "simd", frozenset(WORKLOADS))
    engine.warm(WORKLOAD, 1.0)
    return engine


def train_page(
    playwright: Playwright, program: str, url: str, stack: ExitStack, fragment: str = ""
) -> Page:
    browser = playwright.chromium.launch(executable_path=program)
    stack.callback(browser.close)
    page = browser.new_page(viewport=WINDOW)
    milestones.watch(page, "train.html")
    page.goto(f"{url}train.html{fragment}")  # Start is pressed there
    milestones.wait(page, {"first step"})
    page.wait_for_function(READY)
    page.evaluate("() => document.querySelector('glass-train').training.pause()")
    return page
