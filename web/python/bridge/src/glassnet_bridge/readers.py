"""Readers: each a stream of frames for one watcher, of which at most one is on its way.

A reader that does not acknowledge its last frame gets no other, and nobody waits for it: what it
has not been told stays in the run's history, and comes with its next frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from glassnet_bridge.arrays import Wanted
from glassnet_bridge.describe import describe_run
from glassnet_bridge.digit import Digit
from glassnet_bridge.held import Held
from glassnet_bridge.history import Mark

Json = dict[str, Any]


class Reader:
    """What one watcher wants to see of a run, and what it has seen."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.run = ""
        self._names: tuple[str, ...] = ()
        self._digit: Digit | None = None
        self._wanted: Wanted | None = None  # resolved for one generation
        self._generation = 0  # the last one told of; generations begin at 1
        self._changes = -1  # of the run, as last told
        self._mark = Mark()
        self._frames = 0
        self._awaits = 0  # the frame that has not been acknowledged yet; 0: none

    def watch(self, held: Held, digit: Digit | None, names: Iterable[str]) -> None:
        """Want something else from now on. Raises Unknown for an array that the run has not."""
        names = tuple(names)
        wanted = Wanted(held.run.learner, names)
        if held.name != self.run:
            self._generation = 0
        self.run, self._digit, self._names, self._wanted = held.name, digit, names, wanted
        self._changes = -1

    def see_nothing(self, held: Held) -> None:
        """Want no arrays any more, for they cannot be shown; the run's numbers still come."""
        self.watch(held, None, ())

    def acknowledge(self, frame: int) -> None:
        """The watcher has drawn that frame."""
        if frame == self._awaits:
            self._awaits = 0

    def due(self, held: Held) -> bool:
        """Whether there is something new, and the watcher is ready for it."""
        return not self._awaits and (self._changes, self._generation) != (
            held.changes,
            held.generation,
        )

    def frame(self, held: Held, now: float) -> Json:
        """The run as it stands (`Frame` in protocol.js); losses and the like since the last one."""
        run, description = held.run, None
        if held.generation != self._generation:
            self._wanted = None
            self._generation, self._mark = held.generation, Mark()
            description = describe_run(held)
        if self._wanted is None:
            self._wanted = Wanted(run.learner, self._names, strict=False)
        seen = self._digit.seen(held.arrival) if self._digit else None
        pixels, label = seen or (None, None)
        arrays = self._wanted.read(pixels)
        losses, evaluations, log, self._mark = held.history.since(self._mark)
        self._changes = held.changes
        self._frames += 1
        self._awaits = self._frames
        return {
            "id": self._frames,
            "run": held.name,
            "generation": held.generation,
            "state": held.state,
            "step": run.step,
            "epoch": run.epoch,
            "batch": run.progress.step_in_epoch,
            "seconds": held.seconds,
            "measuring": held.measuring,
            "samplesPerSecond": held.samples_per_second(now),
            "arrived": held.arrival.arrived(),
            "losses": losses,
            "evaluations": evaluations,
            "log": log,
            "stopped": held.stopped,
            "label": label,
            "arrays": arrays,
            "description": description,
        }
