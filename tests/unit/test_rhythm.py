"""When a run measures: after each epoch and at round steps, but never for long."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.config import RunConfig
from glassnet.training import Evaluation, Run
from glassnet.training.rhythm import Rhythm, spaced
from glassnet.training.state import Progress
from unit.small import bars, run


def due(rhythm: Rhythm) -> list[int]:
    """The steps at which a whole run measures, as a run asks for them."""
    steps = []
    for step in range(1, rhythm.epochs * rhythm.epoch + 1):
        epoch, place = divmod(step, rhythm.epoch)
        if rhythm.is_due(Progress(step, epoch, place)):
            steps.append(step)
    return steps


def test_the_classic_exercise() -> None:
    """60,000 digits in batches of ten, 10,000 to be measured: two points an epoch, and some more in
    the beginning."""
    gap = spaced(3.0, 10_000, 10)
    assert gap == 3000
    steps = due(Rhythm(500, gap, 6000, 3))
    assert steps == [500, 1000, 2000, 3000, 6000, 9000, 12000, 15000, 18000]


def test_without_a_spacing_nothing_is_left_out() -> None:
    assert due(Rhythm(5, 0, 8, 3)) == [5, 8, 10, 15, 16, 20, 24]
    assert due(Rhythm(0, 0, 8, 3)) == [8, 16, 24]


def test_of_an_epoch_that_does_not_divide_the_last_step_is_measured() -> None:
    assert due(Rhythm(500, 4000, 5000, 2)) == [500, 1000, 5000, 10000]
    assert due(Rhythm(500, 400, 1200, 2)) == [500, 1200, 2000, 2400]


def test_a_few_digits_are_not_measured_after_each_of_their_epochs() -> None:
    """A hundred digits in batches of ten, judged by ten thousand."""
    steps = due(Rhythm(500, spaced(3, 10_000, 10), 10, 500))
    assert steps == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3000, 5000]


@given(
    every=st.integers(0, 40),
    gap=st.integers(0, 60),
    epoch=st.integers(1, 50),
    epochs=st.integers(1, 12),
)
def test_measuring_takes_little_of_the_time(every: int, gap: int, epoch: int, epochs: int) -> None:
    """But for the beginning and the end there are `gap` steps between two evaluations; and the
    last weights are always measured."""
    steps, total = due(Rhythm(every, gap, epoch, epochs)), epoch * epochs
    assert steps[-1] == total
    begin = max(gap, math.ceil(gap / epoch) * epoch)
    settled = [step for step in steps if step > begin]
    assert all(b - a >= gap for a, b in pairwise(settled) if b < total)
    early = [step for step in steps if step < min(gap, total)]
    assert all(b >= 2 * a for a, b in pairwise(early))


def test_a_longer_run_has_the_same_points() -> None:
    """Apart from the end of the shorter one."""
    short, long = (due(Rhythm(7, 30, 20, epochs)) for epochs in (5, 9))
    assert set(short) - {100} <= set(long)
    assert [step for step in long if step < 100] == [step for step in short if step < 100]


def test_a_run_keeps_to_it() -> None:
    """60 examples in batches of 8, 30 measured: 12 steps between two, where an epoch has 8."""
    made = run(epochs=6, evaluate_every=2, evaluate_spacing=3)
    measured = [event for event in made if isinstance(event, Evaluation)]
    assert [event.step for event in measured] == [8, 16, 32, 48]
    assert {event.count for event in measured} == {30}, "all of them, always"


@pytest.mark.parametrize("spacing", [0.0, 0.5, 1.0, 3.0])
def test_how_often_is_measured_changes_no_step(spacing: float) -> None:
    losses = [
        [
            event.to_json()
            for event in run(evaluate_spacing=each)
            if not isinstance(event, Evaluation)
        ]
        for each in (0.0, spacing)
    ]
    steps = [[e for e in events if e["event"] == "step"] for events in losses]
    assert steps[0] == steps[1]


def test_what_was_saved_before_there_was_a_spacing_is_measured_as_it_was() -> None:
    """New configurations have one; a saved run goes on as it was begun."""
    made = run(epochs=2)
    arrays, document = made.state()
    document = json.loads(json.dumps(document))
    del document["config"]["evaluate_spacing"]
    resumed = Run.restore(arrays, document, bars())
    assert resumed.config.evaluate_spacing == 0
    assert list(resumed) == list(made)
    assert RunConfig.from_json(document["config"]).evaluate_spacing == 3
