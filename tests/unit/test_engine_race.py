"""The engine race: the same losses from every engine, and turns that are fair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet_bridge import race as module
from glassnet_bridge.race import ENGINES, Race
from unit.test_bridge import SMALL, Clock, piece


@pytest.fixture
def race(monkeypatch: pytest.MonkeyPatch) -> Race:
    monkeypatch.setattr(module, "STEPS", 20)
    race = Race(clock=Clock())
    assert race.handle({"type": "configure", "config": SMALL}) is None
    for message in (piece("train", 0, 42, 42), piece("test", 0, 10, 10)):
        assert race.handle(message) is None
    return race


def finish(race: Race) -> dict[str, list[float]]:
    """Run to the end; returns each lane's triples of step, loss and seconds."""
    told: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    assert race.handle({"type": "start"}) is None
    for _ in range(1000):
        assert race.advance(3) is None
        for lane in taken(race)["lanes"]:
            told[lane["engine"]] += lane["losses"].tolist()
        if not race.busy:
            return told
    raise AssertionError("the race never ends")


def taken(race: Race) -> dict[str, Any]:
    frame = race.frame()
    assert frame is not None
    return frame


def test_nothing_before_the_digits() -> None:
    race = Race()
    assert race.handle({"type": "start"}) is None
    assert not race.busy
    assert race.frame() is None


def test_all_engines_compute_the_same_losses(race: Race) -> None:
    told = {engine: np.reshape(flat, (-1, 3)) for engine, flat in finish(race).items()}
    assert told["python"][:, 0].tolist() == list(range(1, 21))  # through two epochs' ends
    np.testing.assert_allclose(told["numpy"][:, 1], told["python"][:, 1], rtol=1e-5)
    assert len(set(told["numpy"][:, 1])) == 20
    assert taken(race)["state"] == "finished"


def test_an_engine_that_is_not_there_says_so(race: Race) -> None:
    """Where simd cannot run, numpy stands in its place: it does not race under another's name."""
    lanes = {lane["engine"]: lane for lane in taken(race)["lanes"]}
    assert lanes["python"]["available"] and lanes["numpy"]["available"]
    told = finish(race)
    assert bool(told["simd"]) == lanes["simd"]["available"]


def test_turns_are_fair(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine whose steps cost ten times as much gets a tenth as many, in the same time."""
    now = [0.0]
    race = Race(clock=lambda: now[0])
    race.handle({"type": "configure", "config": SMALL})
    for message in (piece("train", 0, 42, 42), piece("test", 0, 10, 10)):
        race.handle(message)
    for lane in race._lanes:
        cost = {"python": 1.0, "numpy": 0.1}.get(lane.engine, 0.1)
        original = lane.run.learner.step

        def step(original: Any = original, cost: float = cost) -> tuple[float, int]:
            now[0] += cost
            result: tuple[float, int] = original()
            return result

        monkeypatch.setattr(lane.run.learner, "step", step)
    race.handle({"type": "start"})
    while now[0] < 40:
        assert race.advance(500) is None
    lanes = {lane["engine"]: lane for lane in taken(race)["lanes"]}
    assert lanes["numpy"]["step"] == pytest.approx(10 * lanes["python"]["step"], abs=11)
    assert lanes["numpy"]["samplesPerSecond"] == pytest.approx(
        10 * lanes["python"]["samplesPerSecond"], rel=0.1
    )


def test_pause_and_reset(race: Race) -> None:
    race.handle({"type": "start"})
    race.advance(3)
    race.handle({"type": "pause"})
    assert not race.busy
    before = taken(race)
    assert before["state"] == "paused" and before["lanes"][0]["step"] > 0
    race.handle({"type": "reset"})
    after = taken(race)
    assert after["race"] == before["race"] + 1
    assert [lane["step"] for lane in after["lanes"]] == [0, 0, 0]
    assert after["state"] == "idle"


def test_a_lane_that_diverges_stops_and_the_others_go_on(race: Race) -> None:
    lane = race._lanes[0]
    weight: Any = lane.run.network.parameters()["layers.0.weight"]  # of the python engine
    weight.data[0] = float("nan")
    told = finish(race)
    lanes = {one["engine"]: one for one in taken(race)["lanes"]}
    assert "not finite" in lanes["python"]["stopped"]
    assert told["python"] == []
    assert lanes["numpy"]["step"] == 20


@pytest.mark.parametrize(
    "message",
    [
        {"type": "configure", "config": {"batch": 0}},
        {"type": "configure", "config": {**SMALL, "batch": 1000}},  # more than there are
        {"type": "dance"},
        {"type": "data", "split": "x"},
    ],
)
def test_a_bad_command_is_refused_and_changes_nothing(race: Race, message: dict[str, Any]) -> None:
    before = taken(race)
    failure = race.handle(message)
    assert failure is not None and failure["message"]
    after = taken(race)
    assert (after["race"], after["config"]) == (before["race"], before["config"])
