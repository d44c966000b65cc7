"""What a run has told so far, for any number of readers, each of which reads at its own pace."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassnet.training import Evaluating, Evaluation, Event, Step

Json = dict[str, Any]

LOG_EVERY = 10  # of the steps, as the command line does
MOST = 2_000_000  # steps whose losses are kept (48 MB); of a longer run the oldest are forgotten


class Mark(NamedTuple):
    """How much a reader has been told."""

    steps: int = 0
    evaluations: int = 0
    lines: int = 0


@dataclass
class History:
    """Losses as triples (step, mean batch loss, seconds until then), evaluations, lines of the log.

    Each list only grows; but of more than `MOST` steps the older half is forgotten.
    """

    losses: array[float] = field(default_factory=lambda: array("d"))
    evaluations: list[Json] = field(default_factory=list)
    log: list[Json] = field(default_factory=list)
    forgotten: int = 0  # steps

    def step(self, event: Step, seconds: float) -> None:
        """Note a step; `seconds`: what all steps until then have taken."""
        self.losses.extend((event.step, event.loss, seconds))
        if event.step % LOG_EVERY == 0:
            self.log.append(event.to_json())
            if len(self.losses) > 3 * MOST:
                half = MOST // 2
                del self.losses[: 3 * half]
                self.forgotten += half

    def note(self, event: Event) -> None:
        """Note what is no step."""
        if isinstance(event, Evaluating):
            return
        self.log.append(event.to_json())
        if isinstance(event, Evaluation):
            self.evaluations.append(plain(self.log[-1]))

    def since(self, mark: Mark) -> tuple[NDArray[np.float64], list[Json], list[Json], Mark]:
        """Losses, evaluations and log lines after a mark; and the mark after them."""
        begin = 3 * max(mark.steps - self.forgotten, 0)
        now = Mark(self.forgotten + len(self.losses) // 3, len(self.evaluations), len(self.log))
        losses = np.frombuffer(self.losses[begin:], np.float64)
        return losses, self.evaluations[mark.evaluations :], self.log[mark.lines :], now

    def fork(self) -> History:
        """The same until now, and independent from now on."""
        return History(copy(self.losses), copy(self.evaluations), copy(self.log), self.forgotten)


def plain(line: Mapping[str, Any]) -> Json:
    """An evaluation's line of the log as frames carry it (`Evaluation` in protocol.js)."""
    return {name: line[name] for name in ("step", "split", "count", "loss", "accuracy")}
