"""The progress bar: how far a run has come, how fast it goes and how long it still takes."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TextIO

from glassnet.terminal import bar
from glassnet.training import Evaluating, Event, Run, Step

INTERVAL = 0.1  # seconds between two drawings
MEMORY = 0.98  # of the moving average of the loss
CLEAR = "\r\x1b[K"


class ProgressBar:
    """Draws one line over and over, on a terminal; on anything else, nothing.

    Args:
        stream: usually `sys.stderr`.
        run: what goes on.
        clock: tells seconds.
        width: of the terminal.
    """

    def __init__(
        self, stream: TextIO, run: Run, clock: Callable[[], float], width: int = 80
    ) -> None:
        self.stream, self.run, self.clock, self.width = stream, run, clock, width
        self.visible = stream.isatty() and os.environ.get("TERM") != "dumb"
        self.total = run.config.epochs * run.steps_per_epoch
        self._begin, self._first = clock(), run.step
        self._drawn = -INTERVAL
        self._paused = 0.0  # seconds that went into evaluations
        self._before = self._begin
        self._loss, self._weight = 0.0, 0.0

    def follow(self, event: Event) -> None:
        """Take note of an event, and draw if it is time to."""
        if not self.visible:
            return
        now = self.clock()
        if isinstance(event, Step):
            self._loss = MEMORY * self._loss + (1 - MEMORY) * event.loss
            self._weight = MEMORY * self._weight + (1 - MEMORY)
        else:
            self._paused += now - self._before
        self._before = now
        if now - self._drawn >= INTERVAL and isinstance(event, Step | Evaluating):
            self._drawn = now
            self.stream.write(CLEAR + self.line(event, now - self._begin))
            self.stream.flush()

    def clear(self) -> None:
        """Take the line away, so that another may be written."""
        if self.visible:
            self.stream.write(CLEAR)
            self.stream.flush()

    def line(self, event: Step | Evaluating, elapsed: float) -> str:
        """The line as it stands after `elapsed` seconds, no wider than the terminal."""
        run, steps = self.run, self.run.step - self._first
        head = f"epoch {min(run.epoch + 1, run.config.epochs)}/{run.config.epochs} "
        if isinstance(event, Evaluating):
            tail = f" evaluating on {event.split}: {event.done:,} of {event.total:,}"
        else:
            rate = steps * run.config.batch / max(elapsed - self._paused, 1e-9)
            left = (self.total - run.step) * elapsed / max(steps, 1)
            tail = (
                f" loss {self._loss / max(self._weight, 1e-9):.4f}  "
                f"{rate:,.0f} examples/s  {duration(left)} left"
            )
        room = max(self.width - len(head) - len(tail) - 1, 0)
        share = run.step / self.total
        return (head + bar(share, min(room, 30)) + tail)[: self.width - 1]


def duration(seconds: float) -> str:
    """Hours, minutes and seconds: `1:02:03`, `2:03`, `0:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
