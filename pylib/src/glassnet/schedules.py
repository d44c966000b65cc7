"""Schedules: how the learning rate changes over a run, as a factor of the optimiser's own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from glassnet.options import integer, number


@dataclass(frozen=True)
class Schedule:
    """A factor for each step. Every schedule may begin with a warm-up: `warmup` steps over which
    the rate rises in equal parts from nearly zero (Goyal et al. 2017)."""

    warmup: int = integer(0, low=0, high=1_000_000_000)

    def factor(self, step: int, total: int) -> float:
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
class Stairs(Schedule):
    """η · factorⁿ, where n grows by one every `every` steps."""

    every: int = integer(10_000, low=1, high=1_000_000_000)
    by: float = number(0.5, low=0, high=1)

    def shape(self, step: int, total: int) -> float:
        return float(self.by ** (step // self.every))


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine from η down to `final` · η at the last step (Loshchilov, Hutter 2017)."""

    final: float = number(0.0, low=0, high=1)

    def shape(self, step: int, total: int) -> float:
        wave = (1 + math.cos(math.pi * min(step / total, 1))) / 2
        return self.final + (1 - self.final) * wave


SCHEDULES: dict[str, type[Any]] = {"constant": Constant, "step": Stairs, "cosine": Cosine}
