"""Losses: how wrong an answer is, and in which direction it should change.

The loss of a batch is the mean over its B examples of the sum over the outputs k. A loss is
first a function of the outputs a and the targets y; paired with the activation it is made for,
it has a shorter and more exact gradient δ = ∂L/∂z straight from z, and that is then used.
(Bishop, Pattern Recognition and Machine Learning, 2006, section 5.2; Nielsen, Neural Networks
and Deep Learning, chapter 3.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from glassnet.engines import Array, Engine

Maths = Any
Number = Any  # an array or a number, as the engine prefers


@dataclass(frozen=True)
class Terms:
    """One output's part of a loss and its gradient, written once for every engine."""

    name: str
    term: Callable[[Number, Number, Number, Maths], Number]  # (z, a, y, m)
    gradient: Callable[[Number, Number, Number, Maths], Number]

    def measure(self, engine: Engine, z: Array, a: Array, y: Array, out: Array | None) -> float:
        """The batch's mean loss; its gradient goes to `out`."""
        return engine.loss(self, z, a, y, out)


@dataclass(frozen=True)
class SoftmaxCrossEntropy:
    """Cross-entropy straight from z, through ln Σ exp: see `Engine.softmax_cross_entropy`."""

    name: str = "softmax_cross_entropy"

    def measure(self, engine: Engine, z: Array, a: Array, y: Array, out: Array | None) -> float:
        """The batch's mean loss; its gradient δ goes to `out`."""
        return engine.softmax_cross_entropy(z, a, y, out)


@dataclass(frozen=True)
class Loss:
    """A loss function, plain and fused.

    Attributes:
        plain: from (a, y) to ∂L/∂a, whatever the last activation is.
        fused: by the last activation's name, from (z, a, y) to δ = ∂L/∂z.
        outputs: activations whose outputs this loss can judge; empty means any.
    """

    name: str
    formula: str
    plain: Terms
    fused: Mapping[str, Terms | SoftmaxCrossEntropy] = field(
        default_factory=lambda: MappingProxyType({})
    )
    outputs: tuple[str, ...] = ()


def half_square(z: Number, a: Number, y: Number, m: Maths) -> Number:
    difference = a - y
    return 0.5 * difference * difference


def half_square_gradient(z: Number, a: Number, y: Number, m: Maths) -> Number:
    return a - y


TINY = 1e-30  # keeps a rounded zero out of the logarithm and the denominator


def log_loss(z: Number, a: Number, y: Number, m: Maths) -> Number:
    return -y * m.log(m.maximum(a, TINY))


def log_loss_gradient(z: Number, a: Number, y: Number, m: Maths) -> Number:
    return -y / m.maximum(a, TINY)


_ALL = (
    Loss(
        "mse",
        "½ Σₖ (aₖ − yₖ)²",
        Terms("mse", half_square, half_square_gradient),
    ),
    Loss(
        "cross_entropy",
        "−Σₖ yₖ ln aₖ",
        Terms("cross_entropy", log_loss, log_loss_gradient),
        {"softmax": SoftmaxCrossEntropy()},
        outputs=("softmax", "sigmoid"),
    ),
)
LOSSES: dict[str, Loss] = {loss.name: loss for loss in _ALL}
