"""Schedules: how the learning rate changes over a run, as a factor of the optimiser's own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from glassnet.options import Options, integer, number


@dataclass(frozen=True)
class Schedule(Options):
    """A factor for each step. Every schedule may begin with a warm-up: `warmup` steps over which
    the rate rises in equal parts from nearly zero (Goyal et al. 2017)."""

    warmup: int = integer(0, low=0, high=1_000_000_000)

    def multiplier(self, step: int, total: int) -> float:
        """The factor in step 0 ≤ `step` < `total` of the run."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        return self.shape(step - self.warmup, max(total - self.warmup, 1))

    def shape(self, step: int, total: int) -> float:
        """The factor after the warm-up, whose steps are not counted."""
        return 1.0


@dataclass(frozen=True)
class Constant(Schedule):
    """η stays."""


@dataclass(frozen=True)
class StepDecay(Schedule):
    """η · factorⁿ, where n grows by one every `every` steps."""

    every: int = integer(10_000, low=1, high=1_000_000_000)
    factor: float = number(0.5, low=0, high=1, formerly="by")

    def shape(self, step: int, total: int) -> float:
        return float(self.factor ** (step // self.every))


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine from η down to `final` · η at the last step (Loshchilov, Hutter 2017)."""

    final: float = number(0.0, low=0, high=1)

    def shape(self, step: int, total: int) -> float:
        wave = (1 + math.cos(math.pi * min(step / max(total - 1, 1), 1))) / 2
        return self.final + (1 - self.final) * wave


SCHEDULES: dict[str, type[Any]] = {"constant": Constant, "step": StepDecay, "cosine": Cosine}
