"""The progress bar: drawn now and then, true to the clock, never wider than the terminal."""

from __future__ import annotations

import io
import re

import pytest

from glassnet.cli.progress import CLEAR, ProgressBar, duration
from glassnet.training import Evaluating, Run, Step
from unit import small


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setenv("TERM", "xterm")
    return Clock()


def follow(stream: io.StringIO, clock: Clock, seconds: float, width: int = 80) -> Run:
    """A whole run whose every step takes so many seconds, and evaluations ten."""
    run = small.run(evaluate_every=0)
    progress = ProgressBar(stream, run, clock, width)
    for event in run.events():
        clock.now += seconds if isinstance(event, Step) else 10 * isinstance(event, Evaluating)
        progress.follow(event)
    progress.clear()
    return run


def drawn(stream: io.StringIO) -> list[str]:
    return stream.getvalue().split(CLEAR)[1:]


def test_rate_and_time_left_are_the_clocks(clock: Clock) -> None:
    stream = Terminal()
    run = follow(stream, clock, 0.5)
    steps = [line for line in drawn(stream) if "loss" in line]
    assert len(steps) == run.step == 24
    assert all("16 examples/s" in line for line in steps), "8 a step, 2 steps a second"
    assert "epoch 1/3" in steps[0] and "0:12 left" in steps[0]
    assert "epoch 3/3" in steps[-1] and steps[-1].endswith("0:00 left")
    assert any("evaluating on test: 30 of 30" in line for line in drawn(stream))
    assert drawn(stream)[-1] == "", "the last thing is to clear the line"


def test_it_is_drawn_ten_times_a_second_at_most(clock: Clock) -> None:
    stream = Terminal()
    follow(stream, clock, 0.024)
    assert 4 <= len([line for line in drawn(stream) if "loss" in line]) <= 10


@pytest.mark.parametrize("width", [20, 60, 80, 300])
def test_it_is_never_wider_than_the_terminal(clock: Clock, width: int) -> None:
    stream = Terminal()
    follow(stream, clock, 0.5, width)
    assert max(len(line) for line in drawn(stream)) < width


def test_the_loss_is_a_mean_without_bias_towards_zero(clock: Clock) -> None:
    stream = Terminal()
    run = small.run()
    progress = ProgressBar(stream, run, clock)
    for step in range(1, 6):
        clock.now += 1
        progress.follow(Step(step, 0, step, 0.25, 0.5))
    losses = [found[1] for line in drawn(stream) if (found := re.search(r"loss ([\d.]+)", line))]
    assert losses == ["0.2500"] * 5


def test_nothing_is_drawn_where_nobody_would_see_it(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    follow(stream, clock, 0.5)
    assert stream.getvalue() == ""
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal()
    follow(terminal, clock, 0.5)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (3.4, "0:03"), (59.6, "1:00"), (123, "2:03"), (3723, "1:02:03")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
