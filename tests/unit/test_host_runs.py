"""Many runs in one host: independent to the bit, in fair turns, each kept, forked and let go."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.events import Step
from glassnet_bridge.held import UNTRIED
from unit.hosting import CONV, SMALL, Clock, Page

CONFIGS: dict[str, dict[str, Any]] = {
    "small": SMALL,
    "other": SMALL | {"seed": 7, "batch": 3},
    "conv": CONV,
}


def alone(config: dict[str, Any]) -> list[Any]:
    """The losses of a run that has a host to itself."""
    page = Page()
    page.create(config=config)
    page.train()
    return page.losses()


@pytest.mark.parametrize("milliseconds", [0, 3, 40])
def test_three_runs_at_once_are_as_each_alone(milliseconds: float) -> None:
    page = Page()
    for name, config in CONFIGS.items():
        page.create(name, config=config)
    page.watch("small", ["layers.*.weight", "x", "layers.*.a"], {"split": "test", "index": 3})
    for name in CONFIGS:
        page.ask("start", run=name)
    page.drive(milliseconds=milliseconds)
    for name, config in CONFIGS.items():
        assert page.last(name)["state"] == "finished"
        assert page.losses(name) == alone(config)


@pytest.mark.parametrize("config", [SMALL, CONV], ids=["dense", "conv"])
def test_a_fork_goes_on_as_the_original_and_by_itself(config: dict[str, Any]) -> None:
    page = Page()
    page.create(config=config)
    page.train(steps=6)
    description = page.ask("fork", **{"run": "run", "as": "twin"})
    assert (description["run"], description["generation"]) == ("twin", 1)
    page.watch("twin")
    assert (page.last("twin")["state"], page.last("twin")["step"]) == ("paused", 6)
    assert page.losses("twin") == page.losses("run")  # its history is the original's
    page.train("twin")
    assert page.last("run")["step"] == 6
    page.train("run")
    assert page.losses("twin") == page.losses("run") == alone(config)


def test_a_fork_of_a_finished_run_is_finished() -> None:
    page = Page()
    page.create()
    page.train()
    page.ask("fork", **{"run": "run", "as": "twin"})
    page.watch("twin")
    assert page.last("twin")["state"] == "finished"
    assert page.last("twin")["stopped"] == page.last("run")["stopped"]


def test_a_fork_in_the_midst_of_an_evaluation() -> None:
    page = Page()
    page.create()
    page.ask("start", run="run")
    while page.host._runs["run"].run.step < 4:
        page.host.advance(0)
    page.host.advance(0)  # the first chunk of the evaluation after the fourth step
    page.ask("pause", run="run")
    page.ask("fork", **{"run": "run", "as": "twin"})
    page.watch("twin")
    page.train("run")
    page.train("twin")
    assert page.losses("twin") == page.losses("run")
    told = {name: [e for f in page.frames[name] for e in f["evaluations"]] for name in page.frames}
    assert told["twin"] == told["run"]


def test_a_run_is_let_go_while_it_trains() -> None:
    page = Page()
    page.create()
    page.create("other")
    page.watch("run", reader="second")
    page.ask("start", run="run")
    page.ask("start", run="other")
    page.drive(slices=2)
    page.ask("dispose", run="run")
    frames = len(page.frames["run"])
    page.drive()
    assert page.last("other")["step"] == 16
    assert len(page.frames["run"]) == frames
    assert page.refused("start", run="run")["code"] == "E-UNKNOWN"
    page.ask("unwatch", reader="second")  # it has ended with its run, which is no fault
    assert page.create()["generation"] == 2


@pytest.mark.parametrize("config", [SMALL, CONV], ids=["dense", "conv"])
@pytest.mark.parametrize("steps", [0, 4, 7, 16])
def test_a_run_is_raised_again_in_another_host(config: dict[str, Any], steps: int) -> None:
    page, other = Page(), Page()
    page.create(config=config | {"engine": "numpy"})
    if steps:
        page.train(steps=steps)
    kept = page.ask("state", run="run")
    assert kept["step"] == steps
    page.look()
    assert kept["lines"] == sum(len(frame["log"]) for frame in page.frames["run"])
    description = other.ask("restore", run="run", set="digits", state=kept["state"])
    assert description["config"]["engine"] == "numpy"
    other.watch("run")
    assert other.last()["state"] == ("paused" if steps else "idle")
    for name in ("seconds", "measuring"):
        assert other.last()[name] == page.last()[name]
    assert (page.last()["measuring"] > 0) == (steps > 4)  # after the fourth step, and each epoch
    assert page.losses()[steps:] == []
    page.train()
    other.train()
    assert other.losses() == page.losses()[steps:]
    assert other.last()["stopped"] == page.last()["stopped"]


def test_a_finished_run_is_raised_as_finished() -> None:
    page = Page()
    page.create()
    page.train()
    page.ask("restore", run="again", set="digits", **page.ask("state", run="run"))
    page.watch("again")
    assert page.last("again")["state"] == "finished"
    assert page.last("again")["stopped"] == "2 epochs are done"


@pytest.mark.parametrize("part", [slice(0, 40), slice(0, -4), slice(4, None)])
def test_a_damaged_state_is_refused(part: slice) -> None:
    page = Page()
    page.create()
    state = page.ask("state", run="run")["state"]
    failure = page.refused("restore", run="run", set="digits", state=state[part])
    assert failure["code"] == "E-STORAGE"
    assert "checkpoint" in failure["message"]
    assert page.last()["generation"] == 1


# Turns ---------------------------------------------------------------------------------------


class Costly:
    """Runs whose steps and evaluations take a time of their own, by a clock that shows it."""

    def __init__(self, **costs: float) -> None:
        self.now = 0.0
        self.page = page = Page(clock=lambda: self.now)
        self.host = page.host
        for name, cost in costs.items():
            page.create(name, config=SMALL | {"epochs": 10_000, "evaluate_every": 0})
            self._cost(name, cost)

    def _cost(self, name: str, cost: float) -> None:
        held = self.host._runs[name]
        events = held._events

        def slowly() -> Any:
            for event in events:
                self.now += cost if isinstance(event, Step) else 0.0
                yield event

        held._events = slowly()

    def steps(self) -> dict[str, int]:
        return {name: held.run.step for name, held in self.host._runs.items()}

    def go(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            assert self.host.advance(14) is None


def test_turns_are_fair() -> None:
    """A run whose steps cost ten times as much takes a tenth as many, in the same time."""
    costly = Costly(slow=0.1, fast=0.01, quick=0.001)
    for name in ("slow", "fast", "quick"):
        costly.page.ask("start", run=name)
    costly.go(30)
    steps = costly.steps()
    assert steps["slow"] == pytest.approx(100, abs=2)
    assert steps["fast"] == pytest.approx(10 * steps["slow"], abs=25)
    assert steps["quick"] == pytest.approx(100 * steps["slow"], abs=250)


def test_who_comes_later_has_no_credit_and_no_debt() -> None:
    costly = Costly(first=0.01, second=0.01)
    costly.page.ask("start", run="first")
    costly.go(10)
    costly.page.ask("start", run="second")
    costly.go(2)
    assert costly.steps()["first"] == pytest.approx(1100, abs=3)  # it was not held up
    assert costly.steps()["second"] == pytest.approx(100, abs=3)
    costly.page.ask("pause", run="first")
    costly.go(5)
    costly.page.ask("start", run="first")
    costly.go(2)
    assert costly.steps()["first"] == pytest.approx(1200, abs=4)  # nor has it saved time up
    assert costly.steps()["second"] == pytest.approx(700, abs=4)


def test_a_slice_ends_in_time() -> None:
    costly = Costly(one=0.001, two=0.001, three=0.001)
    for name in costly.steps():
        costly.page.ask("start", run=name)
    for _ in range(20):
        before = costly.now
        costly.host.advance(14)
        assert costly.now - before <= 0.014 + 0.001 + 1e-9
        assert min(costly.steps().values()) > 0  # everybody has a turn in every slice


def test_a_long_silence_is_told_beforehand() -> None:
    costly = Costly(slow=0.3, fast=0.001)
    assert costly.host.silence == 0
    costly.page.ask("start", run="fast")
    assert costly.host.silence == UNTRIED  # of a first step nothing is known
    costly.go(0.1)
    assert costly.host.silence == 0
    costly.page.ask("start", run="slow")
    costly.go(1)
    assert costly.host.silence == pytest.approx(3 * 0.3 * 20 / 5)  # measured on 20, in one go
    costly.page.ask("pause", run="slow")
    assert costly.host.silence == 0


def test_a_search_for_what_became_infinite_is_told_when_it_begins() -> None:
    told: list[float] = []
    page = Page(clock=Clock(0.5), announce=told.append)
    linear = [{"type": "dense", "units": 10, "activation": "identity"}]
    wild = {**SMALL, "layers": linear, "optimizer": {"type": "sgd", "lr": 1e6}}
    page.create(config=wild)
    page.ask("start", run="run")
    assert page.host.advance(1) is None
    assert told == []
    while page.host.busy:
        page.host.advance(14)
    again = page.host._runs["run"].run.step + 1  # at least, and half a second each
    assert again > 1 and len(told) == 1 and told[0] >= 3 * 0.5 * again


def test_a_stopped_run_keeps_what_it_has_learnt() -> None:
    page = Page()
    page.create()
    page.train(steps=5)
    weight = page.arrays("layers.0.weight")["layers.0.weight"]
    assert np.isfinite(weight).all()
    page.ask("pause", run="run")
    np.testing.assert_array_equal(page.arrays("layers.0.weight")["layers.0.weight"], weight)
