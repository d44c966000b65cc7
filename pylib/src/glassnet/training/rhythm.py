"""When a run measures: how often without measuring taking up its time.

What is due is decided by steps and never by a clock, so runs of the same settings have the same
points, on whatever machine, resumed or not. Measuring an example is the way forward, training on it
that and the way back: about three times as much, or twice, for a network whose first layer is most
of it. With a spacing of three, measuring is so at most a seventh of the work.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from glassnet.training.state import Progress


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the evaluations of a run are due.

    Args:
        every: steps between two of them, besides that at the end of each epoch; 0: only those.
        gap: steps there are at least between two: those that would come sooner are left out. But
            of the first ones each doubling is kept, for in the beginning much happens in few steps.
        epoch: steps in one.
        epochs: in all.
    """

    every: int
    gap: int
    epoch: int
    epochs: int

    def is_due(self, now: Progress) -> bool:
        """Whether there is one at this step: between two epochs, if it is an epoch's last."""
        if now.step_in_epoch == 0:
            apart = math.ceil(self.gap / self.epoch)
            return now.epoch >= self.epochs or _is_kept(now.epoch, apart)
        if not self.every or now.step % self.every:
            return False
        after = now.step_in_epoch if now.epoch else self.gap  # nothing was measured at step 0
        before = self.epoch - now.step_in_epoch
        fits = after >= self.gap and before >= self.gap
        return fits and _is_kept(now.step // self.every, math.ceil(self.gap / self.every))


def spaced(spacing: float, measured: int, batch: int) -> int:
    """The gap, in steps: of each example that is measured, `spacing` are trained on before."""
    return math.ceil(spacing * measured / batch)


def _is_kept(number: int, apart: int) -> bool:
    """Of things in a row, counted from 1: each `apart`-th, and until then each doubling."""
    if number < apart:
        return number.bit_count() == 1
    return apart <= 1 or number % apart == 0
