"""Optimisers: what a step does with a gradient.

θ is a parameter, g = ∂L/∂θ the batch's mean gradient, η the learning rate, t the step from 1.

An optimiser tells the backward pass where each gradient goes (a `Sink`), and finishes the step
afterwards. Plain SGD sends −η·g straight into the parameter, so there is nothing left to finish.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from glassnet.engines import Array, Engine, Sink
from glassnet.options import number


@dataclass(eq=False)
class Optimizer:
    """Owns the sinks, and whatever it remembers from step to step (`slots`)."""

    lr: float = number(low=0, high=1e6)
    engine: Engine = field(init=False, repr=False)
    sinks: dict[str, Sink] = field(init=False, repr=False, default_factory=dict)
    slots: dict[str, Array] = field(init=False, repr=False, default_factory=dict)
    t: int = field(init=False, default=0)

    def attach(self, engine: Engine, parameters: Mapping[str, Array]) -> None:
        """Take charge of the parameters, by name; called once."""
        self.engine = engine
        for name, parameter in parameters.items():
            self.sinks[name] = self.sink(name, parameter)

    def sink(self, name: str, parameter: Array) -> Sink:
        """Where the gradient of `parameter` is to go."""
        raise NotImplementedError

    def finish(self) -> None:
        """Complete the step after the backward pass."""
        self.t += 1


@dataclass(eq=False)
class SGD(Optimizer):
    """θ ← θ − η g   (Robbins, Monro 1951)."""

    def sink(self, name: str, parameter: Array) -> Sink:
        return Sink(parameter, alpha=-self.lr, beta=1.0)


OPTIMIZERS: dict[str, type[Any]] = {"sgd": SGD}
