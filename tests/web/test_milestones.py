"""The bench's milestones are reached by the real thing: where that is taken away they are not,
whatever else the page shows meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bench import browse, digits, milestones, start
from support.server import Answer
from support.trainer import BOOT, Serve, until

FIGURE = {"first digits", "figure", "interactive figure"}
STARTED = {"worker began", "all bytes", "interpreter", "host there", "run created"}
STEP = {"step counted", "first step"}

# An element's canvas on which nothing appears.
BLANK = """
const { getContext } = HTMLCanvasElement.prototype;
HTMLCanvasElement.prototype.getContext = function (...given) {
  const context = getContext.apply(this, given);
  if (context && this.getRootNode().host?.localName === '%s') context.drawImage = () => {};
  return context;
};
"""
# A click changes nothing.
DEAF = "addEventListener('click', (event) => event.stopImmediatePropagation(), true);"

WALL = "browse.html?shape=grid"  # a digit a place: whether each has ink can be told
TRAIN = "document.querySelector('glass-train')"
FAILED = f"() => {TRAIN}?.training?.interpreter.phase.value === 'failed'"
FAULTS = f"() => {TRAIN}?.training?.interpreter.failures.value.length ?? 0"
STEPS = f"() => {TRAIN}?.training?.run.frame.value?.step ?? 0"
SHOWN = f"() => {TRAIN}?.shadowRoot?.querySelector('glass-forward')?.frame?.step ?? 0"
ARRIVED = "() => document.querySelector('glass-browse')?.collection?.arrived.value ?? 0"
TOLD = "() => document.querySelector('glass-browse')?.collection?.mishaps.failures.value.length"

Watched = Callable[..., Page]


@pytest.fixture
def watched(browser: Browser, serve: Serve, request: pytest.FixtureRequest) -> Watched:
    """Opens a page as the bench watches it: `watched("train.html", missing=[...], script="...")`."""

    def opened(name: str, missing: list[str] | None = None, script: str = "") -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        request.addfinalizer(context.close)
        page = context.new_page()
        if script:
            page.add_init_script(script)
        milestones.watch(page, name)
        lost = {path: Answer(status=404) for path in missing or []}
        page.goto(serve(lost).url + name, wait_until="commit")
        return page

    return opened


def reached(page: Page) -> set[str]:
    return milestones.reached(page).keys() - {"pressed"}


def part(site: Path, name: str) -> str:
    """The file of one of Python's parts."""
    manifest = site / start.manifest(site)
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return f"python/{next(one['file'] for one in files if one['name'] == name)}"


def shards(site: Path, split: str) -> list[str]:
    index = digits.index(site)
    splits = json.loads(index.read_text(encoding="utf-8"))["splits"]
    return [
        (index.parent / shard["file"]).relative_to(site).as_posix()
        for shard in splits[split]["shards"]
    ]


def test_a_whole_page_reaches_all(watched: Watched) -> None:
    page = watched("train.html")
    seen = milestones.wait(page, FIGURE | STARTED | STEP, BOOT)
    order = ["worker began", "all bytes", "interpreter", "host there", "run created"]
    order += ["step counted", "first step"]
    assert sorted(order, key=lambda name: seen[name]) == order
    assert seen["first digits"] <= seen["figure"] < seen["interactive figure"]


@pytest.mark.parametrize(
    ("name", "came"), [("manifest", {"worker began"}), ("pyodide.asm.wasm", {"worker began"})]
)
def test_without_python_there_is_no_step(
    watched: Watched, site: Path, name: str, came: set[str]
) -> None:
    lost = start.manifest(site) if name == "manifest" else part(site, name)
    page = watched("train.html", missing=[lost])
    until(lambda: page.evaluate(FAILED), BOOT)
    until(lambda: page.evaluate(SHOWN) > 0)  # the recorded run is far beyond its first step
    until(lambda: reached(page) >= FIGURE)
    assert reached(page) == FIGURE | came


def test_without_digits_there_is_no_figure(watched: Watched, site: Path) -> None:
    page = watched("train.html", missing=shards(site, "test")[:1])
    until(lambda: page.evaluate(SHOWN) > 0)  # there is a recorded run, which has nothing to read
    assert not reached(page) & (FIGURE | STEP)


def test_without_training_digits_there_is_no_step(watched: Watched, site: Path) -> None:
    opening = [path.relative_to(site).as_posix() for path in site.glob("recording-*/opening.*")]
    assert len(opening) == 1  # the digits of a run's first steps
    page = watched("train.html", missing=opening)
    until(lambda: {"host there", "interactive figure"} <= reached(page), BOOT)
    until(lambda: page.evaluate(FAULTS) > 0, BOOT)
    assert not reached(page) & STEP


def test_without_the_other_training_digits_only_the_first_steps_are_taken(
    watched: Watched, site: Path
) -> None:
    page = watched("train.html", missing=shards(site, "train")[-1:])
    until(lambda: reached(page) >= FIGURE | STARTED | STEP, BOOT)
    until(lambda: page.evaluate(FAULTS) > 0, BOOT)
    assert 0 < page.evaluate(STEPS) < 400  # of ten digits one is missing soon


def test_without_a_recorded_run_the_figure_waits_for_python(watched: Watched, site: Path) -> None:
    recording = [
        path.relative_to(site).as_posix() for path in site.glob("recording-*/recording.json")
    ]
    assert recording
    page = watched("train.html", missing=recording)
    seen = milestones.wait(page, FIGURE | STARTED | STEP, BOOT)
    assert seen["first digits"] < seen["run created"] < seen["figure"]


def test_what_does_not_answer_is_not_interactive(watched: Watched) -> None:
    page = watched("train.html", script=DEAF)
    until(lambda: page.evaluate(SHOWN) > 0)
    assert reached(page) >= {"first digits", "figure"}
    assert "interactive figure" not in reached(page)


@pytest.mark.parametrize(
    ("name", "came"), [("glass-digit", set()), ("glass-tiles", {"first digits"})]
)
def test_a_figure_of_which_a_part_is_blank_is_none(
    watched: Watched, name: str, came: set[str]
) -> None:
    page = watched("train.html", script=BLANK % name)
    until(lambda: page.evaluate(SHOWN) > 100)  # the recorded run is at its third picture or later
    assert reached(page) & FIGURE == came


def test_a_step_that_nobody_sees_is_not_taken(watched: Watched) -> None:
    page = watched("train.html", script=BLANK % "glass-tiles")
    milestones.wait(page, STARTED | {"step counted"}, BOOT)
    until(lambda: page.evaluate(STEPS) > 300, 30)  # some pictures later
    assert "first step" not in reached(page)


def test_another_run_s_weights_are_no_first_step(watched: Watched) -> None:
    """What the tiles show is told apart from weights that they do not show."""
    page = watched("train.html")
    milestones.wait(page, FIGURE)
    told = page.evaluate(
        """() => {
          const network = document.querySelector('glass-train').shadowRoot.querySelector('glass-forward');
          const tiles = network.shadowRoot.querySelector('glass-tiles');
          const weights = network.frame.arrays['layers.0.weight'].data;
          const turned = (by) => weights.map((_, i) => weights[(i + by) % weights.length]);
          const show = (these) => window.drawn.weights(tiles, these);
          return [weights, turned(784), turned(1), weights.map((w) => -w)].map(show);
        }"""
    )
    assert told == [True, False, False, False]


def test_a_whole_wall_reaches_all(watched: Watched, site: Path) -> None:
    page = watched(WALL)
    milestones.wait(page, {"first digits", "all digits"})
    assert browse.likeness(page, digits.read(site)) > browse.ALIKE


def test_without_one_shard_the_wall_never_has_all_digits(watched: Watched, site: Path) -> None:
    page = watched(WALL, missing=shards(site, "train")[-1:])
    until(lambda: page.evaluate(TOLD), BOOT)
    until(lambda: "first digits" in reached(page))
    assert 0 < page.evaluate(ARRIVED) < 70_000
    assert reached(page) == {"first digits"}


def test_without_digits_the_wall_has_none(watched: Watched, site: Path) -> None:
    page = watched(WALL, missing=shards(site, "test") + shards(site, "train"))
    until(lambda: page.evaluate(TOLD), BOOT)
    assert reached(page) == set()


def test_a_blank_wall_has_no_digits(watched: Watched) -> None:
    page = watched(WALL, script=BLANK % "glass-plane")
    marked = "() => performance.getEntriesByName('all digits').length"
    until(lambda: page.evaluate(marked), BOOT)
    assert reached(page) == set()


def test_a_long_task_is_noticed(watched: Watched) -> None:
    """A list of long tasks that stays empty says something only where one would be in it."""
    page = watched("train.html")
    milestones.provoke_long_task(page)
