"""A worker that is killed, loops or falls silent in mid-run is noticed, told of, and replaced; the
run goes on from its last checkpoint, and what was asked for is not lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from support.after import frames
from support.server import SiteServer
from support.spells import SPELLBOUND
from support.trainer import BOOT, OpenPage, Trainer, until

DEADLY = (
    SPELLBOUND
    + """
window.kill = (how) => {
  window.killed = performance.now();
  window.noticed = null;
  const worker = window.workers.at(-1);
  if (how === 'terminate') worker.terminate();
  else if (how === 'error') worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  else worker.postMessage({ spell: how });
  const look = () => {
    const status = document.querySelector('glass-train, glass-race').shadowRoot.querySelector('glass-status');
    if (status.sentence.startsWith('Python stopped') && window.workers.at(-1) !== worker || status.failures.length)
      window.noticed = performance.now() - window.killed;
    else setTimeout(look, 20);
  };
  look();
};
"""
)

KEPT = "() => document.querySelector('glass-train').training.run.checkpoint ?? 0"
WAYS = ["terminate", "loop", "silence", "close", "error"]
NOTICED = 3000  # milliseconds


@pytest.fixture
def opened(server: SiteServer, open_page: OpenPage) -> Callable[..., Trainer]:
    def open_at(name: str = "train.html", clock: bool = False) -> Trainer:
        page = open_page(viewport={"width": 1280, "height": 900})
        if clock:
            page.clock.install()
        page.add_init_script(DEADLY)
        page.goto(server.url + name)
        return Trainer(page)

    return open_at


def noticed(page: Page) -> float:
    """Milliseconds from the death to the word about it."""
    until(lambda: page.evaluate("() => typeof window.noticed === 'number'"))
    return float(page.evaluate("() => window.noticed"))


def training(trainer: Trainer) -> Trainer:
    """Under way, and with a checkpoint."""
    trainer.wait_for_network()
    trainer.press("start")
    until(lambda: trainer.page.evaluate(KEPT) > 0, BOOT)
    return trainer


def is_further(page: Page, kept: int) -> bool:
    return bool(page.evaluate(KEPT) > kept)


def raised(trainer: Trainer, step: int) -> None:
    """Until the run has gone on, from no later than it was, and is beyond that."""
    page = trainer.page
    until(lambda: "was started again" in trainer.status(), BOOT)
    said = trainer.status()
    assert "Python stopped at step" in said and "the run goes on from step" in said, said
    until(lambda: trainer.frame()["state"] == "running" and trainer.frame()["step"] > step, BOOT)
    assert page.locator("glass-status .failure").count() == 0


@pytest.mark.parametrize("way", WAYS)
def test_a_death_in_mid_run_is_noticed_told_and_gone_on_from(
    opened: Callable[..., Trainer], way: str
) -> None:
    trainer = training(opened())
    page, kept = trainer.page, trainer.page.evaluate(KEPT)
    step = trainer.frame()["step"]
    page.evaluate("(way) => kill(way)", way)
    assert noticed(page) <= NOTICED
    raised(trainer, step)
    assert page.evaluate("() => workers.length") == 2
    # Nothing is told twice, and nothing is missing: the curves are those of one run.
    trainer.press("pause")
    until(lambda: trainer.frame()["state"] == "paused")
    measured = [one["step"] for one in trainer.evaluations()]
    assert measured == sorted(set(measured))
    due = {500, 1000, 2000, *range(3000, kept + 1, 3000)}
    assert {step for step in due if step <= kept} <= set(measured)
    steps = page.evaluate(
        "() => document.querySelector('glass-train').training.run.past.value.history.step"
    )
    assert steps == trainer.frame()["step"]
    numbers = page.evaluate(
        "() => document.querySelector('glass-train').training.run.past.value.log"
        ".filter((line) => line.event === 'step').map((line) => line.step)"
    )
    assert numbers == list(range(10, trainer.frame()["step"] + 1, 10))


def test_the_run_that_goes_on_is_the_one_that_died(opened: Callable[..., Trainer]) -> None:
    """The same losses at the same steps as without a death."""
    trainer = opened()
    trainer.wait_for_network()
    trainer.step(5)
    until(lambda: trainer.page.evaluate(KEPT) == 5)
    before = trainer.losses()
    trainer.page.evaluate("() => kill('terminate')")
    until(lambda: "the run goes on from step 5" in trainer.status(), BOOT)
    trainer.step(3)
    after = trainer.losses()
    assert after[:5] == before
    other = opened()
    other.wait_for_network()
    other.step(8)
    assert other.losses() == after


def test_a_run_that_stood_still_stands_there_again(opened: Callable[..., Trainer]) -> None:
    """Further on than its last checkpoint: it takes the same steps again, and no more."""
    trainer = training(opened())
    trainer.page.evaluate(
        """() => { const worker = workers.at(-1), send = worker.postMessage.bind(worker);
          worker.postMessage = (message, ...more) => message.type === 'state' ? undefined : send(message, ...more); }"""
    )
    kept = trainer.page.evaluate(KEPT)
    until(lambda: trainer.frame()["step"] > kept + 50, BOOT)
    trainer.press("pause")
    until(lambda: trainer.frame()["state"] == "paused")
    step, outputs = trainer.frame()["step"], trainer.frame()["outputs"]
    trainer.page.evaluate("() => kill('terminate')")
    until(lambda: "was started again" in trainer.status(), BOOT)
    until(lambda: trainer.frame()["state"] == "paused" and trainer.frame()["step"] >= step, BOOT)
    assert trainer.frame()["step"] == step
    assert trainer.frame()["outputs"] == outputs


def test_without_a_checkpoint_the_run_begins_anew_and_says_so(
    opened: Callable[..., Trainer],
) -> None:
    trainer = opened()
    trainer.page.add_init_script("window.never = true")
    trainer.wait_for_network()
    trainer.page.evaluate(
        # A worker that dies while it makes the first checkpoint.
        """() => { const worker = workers.at(-1), send = worker.postMessage.bind(worker);
          worker.postMessage = (message, ...more) => {
            if (message.type === 'state' && workers.length === 1) kill('terminate'); else send(message, ...more); }; }"""
    )
    trainer.press("start")
    until(lambda: "the run begins anew" in trainer.status(), BOOT)
    until(lambda: trainer.frame()["state"] == "running" and trainer.frame()["step"] > 0, BOOT)


def test_a_second_death_at_once_stops_and_a_retry_brings_the_run_back(
    opened: Callable[..., Trainer],
) -> None:
    trainer = training(opened(clock=True))
    page = trainer.page
    page.evaluate("() => kill('terminate')")
    noticed(page)
    # One that ends before its first word has not been started: another way is tried.
    until(lambda: page.evaluate("() => workers.length === 2 && workers[1].heard"), BOOT)
    page.evaluate("() => kill('terminate')")
    alert = page.locator("glass-status .failure")
    alert.wait_for(timeout=10_000)
    kept = page.evaluate(KEPT)
    assert trainer.status().startswith("Python stopped again")
    assert f"the run goes on from step {kept:,}" in trainer.status()
    page.clock.run_for(15_000)  # in 20 seconds a shard that is on its way would count as stalled
    frames(page)
    assert page.evaluate("() => workers.length") == 2, "it is not started again by itself"
    page.get_by_role("button", name="Try again").click()
    until(lambda: trainer.frame()["state"] == "running" and trainer.frame()["step"] > kept, BOOT)
    assert alert.count() == 0


def test_a_death_before_python_is_there_is_noticed_as_well(
    opened: Callable[..., Trainer],
) -> None:
    trainer = opened()
    page = trainer.page
    until(lambda: page.evaluate("() => workers.length") == 1, BOOT)
    until(lambda: "Python" in trainer.status() or "Ready" in trainer.status())
    page.evaluate("() => kill('error')")
    # On a busy machine it may have been there before it died: then that is told as well.
    try:
        until(lambda: trainer.frame()["train"] > 0 and "Ready" in trainer.status(), BOOT)
    except AssertionError as error:
        told = page.evaluate(
            "() => { const s = document.querySelector('glass-train').shadowRoot.querySelector('glass-status');"
            " return [s.sentence, s.failures, workers.length, workers.map((one) => one.heard)]; }"
        )
        raise AssertionError(f"not ready again: {told}") from error
    assert page.evaluate("() => workers.length") == 2
    trainer.step(1)


def test_a_death_before_the_page_has_scripts_is_noticed_as_well(
    server: SiteServer, open_page: OpenPage
) -> None:
    """A worker that was started early says that Python will be silent for long, and then dies; the
    page, which hears of both afterwards, does not wait that long for it."""
    page = open_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(
        """window.workers = [];
        const Real = Worker;
        window.Worker = class extends Real {
          constructor(...how) {
            super(...how);
            if (window.workers.push(this) > 1) return;
            this.addEventListener('message', ({ data }) => {
              if (!(data.news === 'busy' && data.seconds > 0)) return;
              window.killed = true;
              this.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
              this.terminate();
            });
          }
        };"""
    )
    held: list[Route] = []
    page.route("**/assets/train*.js", lambda route: held.append(route))
    page.goto(server.url + "train.html", wait_until="commit")
    until(lambda: page.evaluate("() => window.killed") is True, BOOT)
    (script,) = held
    script.continue_()
    until(lambda: page.evaluate("() => workers.length") == 2)
    trainer = Trainer(page)
    until(lambda: trainer.frame()["train"] > 0 and "Ready" in trainer.status(), BOOT)


def test_a_file_that_kills_python_is_answered(
    opened: Callable[..., Trainer], tmp_path: Path
) -> None:
    trainer = training(opened())
    page = trainer.page
    (tmp_path / "weights.safetensors").write_bytes(b"anything")
    page.evaluate(
        """() => { const worker = workers.at(-1), send = worker.postMessage.bind(worker);
          worker.postMessage = (message, ...more) => message.type === 'open' ? kill('loop') : send(message, ...more); }"""
    )
    step = trainer.frame()["step"]
    page.locator("glass-files details").evaluate("(details) => { details.open = true; }")
    page.locator("glass-files input[type=file]").set_input_files(tmp_path / "weights.safetensors")
    assert noticed(page) <= NOTICED
    raised(trainer, step)


@pytest.mark.parametrize("way", ["error", "terminate", "loop"])
def test_a_race_goes_on_after_its_worker_has_died(opened: Callable[..., Trainer], way: str) -> None:
    page = opened("race.html").page
    status = page.locator("glass-race p[role=status]")
    until(lambda: "Start loads" in status.inner_text())
    page.locator("[data-command=start]").click()
    race = "document.querySelector('glass-race').race"
    kept = f"() => {race}.runs.every((run) => run.checkpoint)"
    steps = f"() => {race}.lanes.value.map((lane) => lane.step)"
    until(lambda: page.evaluate(kept), BOOT)
    before = page.evaluate(steps)
    page.evaluate("(way) => kill(way)", way)
    assert noticed(page) <= NOTICED
    until(lambda: "was started again" in status.inner_text(), BOOT)
    told = f"() => {race}.tracks.value.map((track) => track.losses.length)"  # cut back meanwhile
    until(lambda: all(a >= b for a, b in zip(page.evaluate(told), before, strict=True)), BOOT)
    assert all(a >= b for a, b in zip(page.evaluate(steps), before, strict=True))


@pytest.mark.skipif(
    not os.environ.get("GLASSNET_KILLS"), reason="a soak of many minutes: set GLASSNET_KILLS=50"
)
def test_many_deaths_one_after_another(
    opened: Callable[..., Trainer], record_property: Callable[[str, object], None]
) -> None:
    trainer = training(opened("train.html?epochs=1000"))  # else it is over before the last
    page, times = trainer.page, []
    for number in range(int(os.environ["GLASSNET_KILLS"])):
        kept, step = page.evaluate(KEPT), trainer.frame()["step"]
        page.evaluate("(way) => kill(way)", WAYS[number % len(WAYS)])
        times.append(noticed(page))
        raised(trainer, step)
        until(partial(is_further, page, kept), BOOT)
    record_property("noticed_ms", sorted(times))
    assert max(times) <= NOTICED
