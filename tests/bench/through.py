"""Training through the real page: its rate beside the engine's own, and what measuring costs.

The page shows all that it shows and reads the test digits as often as it does for a visitor. Its
rounds and the engine's take turns; each has a browser of its own, in which the other stands still.
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

WORKLOAD = WORKLOADS["W1"]
ALONE = 5_900  # steps of the engine alone: within its first epoch, in which it measures nothing
WARM = 1_000  # steps until everything has been made that is made once
STEPS = 20_000
FIRST, REST = 250, 5_500  # steps within an epoch, with and without measuring on the way
READY = "() => document.querySelector('glass-train').training?.complete.value"

# A new run from its first step; milliseconds, steps, pictures and test digits read on the way.
FLAT_OUT = """async ([config, warm, steps]) => {
  const { run } = document.querySelector('glass-train').training;
  await run.begin({ config, chosen: {} });
  const frames = [];
  const stop = run.frame.subscribe((frame) => {
    if (frame?.generation === run.description.value.generation) frames.push([performance.now(), frame.step]);
  });
  const reached = async (step) => {
    while (!(frames.at(-1)?.[1] >= step)) await new Promise((resolve) => requestAnimationFrame(resolve));
    return frames.length - 1;
  };
  run.start();
  const begin = await reached(warm);
  const end = await reached(frames[begin][1] + steps);
  run.pause();
  stop();
  const [[since, from], [until, to]] = [frames[begin], frames[end]];
  const measured = run.past.value.history.evaluations.filter(({ step }) => step > from && step <= to);
  const network = document.querySelector('glass-train').shadowRoot.querySelector('glass-network');
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    milliseconds: until - since,
    steps: to - from,
    pictures: end - begin,
    evaluations: measured.length,
    digits: measured.reduce((sum, { count }) => sum + count, 0),
    engine: run.description.value.engine,
    drawn: window.drawn.weights(network.shadowRoot.querySelector('glass-tiles'), run.frame.value.arrays['layers.0.weight'].data),
  };
}"""
# The same steps of a new run, from one pause to the next; milliseconds.
EXACTLY = """async ([config, first, rest]) => {
  const { run } = document.querySelector('glass-train').training;
  await run.begin({ config, chosen: {} });
  const stands = (step) => new Promise((resolve) => {
    const look = () => {
      const { generation, step: at, state } = run.frame.value ?? {};
      if (generation === run.description.value.generation && at === step && state === 'paused') resolve(performance.now());
      else setTimeout(look, 1);
    };
    look();
  });
  run.step(first);
  const begin = await stands(first);
  run.step(rest);
  return (await stands(first + rest)) - begin;
}"""


def measure(
    playwright: Playwright, program: str, site: Path, rounds: int, quick: bool
) -> dict[str, Any]:
    """Digits a second by rounds, of the engine and of the page; milliseconds for the same steps
    with and without measuring."""
    steps = 2_000 if quick else STEPS
    parts = digits.read(site)
    alone = WORKLOAD.taking(ALONE).fitting(len(parts["train"][1]), 1.0)
    found: dict[str, Any] = {
        name: [] for name in ("engine", "page", "measuring", "without measuring")
    }
    with ExitStack() as stack:
        server = stack.enter_context(running(site, stage.python_files(parts)))
        engine = engine_alone(playwright, program, site, server.url, stack)
        page = train_page(playwright, program, server.url, stack)
        for _ in range(rounds):
            trial = engine.run(alone, judge=False)
            found["engine"].append(alone.steps * alone.batch / trial.seconds)
            went = page.evaluate(FLAT_OUT, [config(), WARM, steps])
            check(went, steps)
            found["page"].append(1000 * went["steps"] * WORKLOAD.batch / went["milliseconds"])
            for name, every in [("measuring", None), ("without measuring", 0)]:
                found[name].append(page.evaluate(EXACTLY, [config(every), FIRST, REST]))
    found |= {name: went[name] for name in ("steps", "pictures", "evaluations", "digits")}
    say(
        f"page: {median(found['page']):,.0f} digits a second, the engine alone "
        f"{median(found['engine']):,.0f}; measuring takes {share(found):.0%}"
    )
    return found


def share(found: dict[str, Any]) -> float:
    """Of the time, what goes into measuring."""
    return 1 - float(median(found["without measuring"]) / median(found["measuring"]))


def config(every: int | None = None) -> dict[str, Any]:
    """The workload as a page's run; it measures as the page does by itself, unless that is given."""
    given = {name: value for name, value in WORKLOAD.config.items() if name != "evaluate_every"}
    return {**given, "engine": "simd"} | ({} if every is None else {"evaluate_every": every})


def check(went: dict[str, Any], steps: int) -> None:
    """What was timed has happened: on simd, drawn, and measured on all test digits."""
    evaluations, read = went["evaluations"], went["digits"]
    if went["engine"] != "simd" or not went["drawn"] or went["steps"] < steps:
        raise RuntimeError(f"the page did not train as it was to: {went}")
    if went["pictures"] < 10 or not evaluations or read != 10_000 * evaluations:
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


def train_page(playwright: Playwright, program: str, url: str, stack: ExitStack) -> Page:
    browser = playwright.chromium.launch(executable_path=program)
    stack.callback(browser.close)
    page = browser.new_page(viewport=WINDOW)
    milestones.watch(page, "train.html")
    page.goto(f"{url}train.html")  # Start is pressed there
    milestones.wait(page, {"first step", "interactive figure"})
    page.wait_for_function(READY)
    page.evaluate("() => document.querySelector('glass-train').training.pause()")
    return page
