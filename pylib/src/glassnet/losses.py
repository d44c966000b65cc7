"""Losses: how wrong the outputs a are, given the targets y, and which way is better.

A batch's loss L is the mean over its B examples of a sum over the outputs k. Fused with the
activation it is made for, a loss also knows δ = ∂L/∂z directly, which is shorter and, where a
is rounded to 0 or 1, the only exact way. (Bishop, Pattern Recognition and Machine Learning, 2006,
5.2; Nielsen, Neural Networks and Deep Learning, chapter 3.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from glassnet.engines import Array, Engine, Number
from glassnet.engines.base import Criterion


@dataclass(frozen=True, eq=False)
class Terms:
    """A loss that is a sum of one term an output, with that term's gradient, for every engine.

    Attributes:
        term, gradient: (m, z, a, y) → number; the gradient is by a, or by z in a fused loss.
    """

    name: str
    term: Callable[..., Any]
    gradient: Callable[..., Any]
    formula: str  # of the gradient, for one example

    def measure(self, engine: Engine, z: Array, a: Array, y: Array, out: Array | None) -> float:
        """L = 1/B Σₑ Σₖ term;  out ← gradient / B."""
        batch: int = a.shape[0]
        if out is not None:
            engine.map(out, lambda m, z, a, y: self.gradient(m, z, a, y) / batch, z, a, y)
        return engine.total(self.term, z, a, y) / batch


@dataclass(frozen=True, eq=False)
class SoftmaxCrossEntropy:
    """−Σₖ yₖ ln aₖ of a softmax, from z alone: no rounded zero ever meets a logarithm."""

    name: str = "softmax_cross_entropy"
    formula: str = "δ = 1/B (a − y)"

    def measure(self, engine: Engine, z: Array, a: Array, y: Array, out: Array | None) -> float:
        """L = 1/B Σₑ (ln Σⱼ exp(zⱼ − m) − Σₖ yₖ (zₖ − m)), m a row's maximum;  δ = (a − y)/B.

        Shifted by m, both terms are small where the answer is right, and keep their digits.
        """
        batch: int = a.shape[0]
        if out is not None:
            engine.map(out, lambda m, a, y: (a - y) / batch, a, y)
        top = engine.row_maxima(z)
        sums = engine.row_sums(lambda m, z, top: m.exp(z - top), z, top)
        logarithms = engine.total(lambda m, total: m.log(total), sums)
        return (logarithms - engine.total(lambda m, y, z, top: y * (z - top), y, z, top)) / batch


@dataclass(frozen=True, eq=False)
class Loss:
    """A loss function.

    Attributes:
        plain: gives ∂L/∂a, whatever the last activation is.
        fused: by the last activation's name: gives δ = ∂L/∂z at once.
        outputs: the activations of our table whose outputs it can measure; empty: any.
    """

    name: str
    formula: str
    plain: Criterion
    fused: Mapping[str, Criterion] = field(default_factory=lambda: MappingProxyType({}))
    outputs: tuple[str, ...] = ()


def half_square(m: Any, z: Number, a: Number, y: Number) -> Number:
    difference = a - y
    return 0.5 * difference * difference


def half_square_prime(m: Any, z: Number, a: Number, y: Number) -> Number:
    return a - y


TINY = 1e-30  # keeps a rounded zero out of a logarithm and a denominator


def surprise(m: Any, z: Number, a: Number, y: Number) -> Number:
    return -y * m.log(m.maximum(a, TINY))


def surprise_prime(m: Any, z: Number, a: Number, y: Number) -> Number:
    return -y / m.maximum(a, TINY)


def binary_surprise(m: Any, z: Number, a: Number, y: Number) -> Number:
    return -y * m.log(m.maximum(a, TINY)) - (1.0 - y) * m.log(m.maximum(1.0 - a, TINY))


def binary_surprise_prime(m: Any, z: Number, a: Number, y: Number) -> Number:
    return (1.0 - y) / m.maximum(1.0 - a, TINY) - y / m.maximum(a, TINY)


def binary_surprise_of_z(m: Any, z: Number, a: Number, y: Number) -> Number:
    return m.maximum(z, 0.0) - y * z + m.log1p(m.exp(-m.absolute(z)))


_ALL = (
    Loss(
        "mse",
        "L = 1/B Σₑ 1/2 Σₖ (aₖ − yₖ)²",
        Terms("mse", half_square, half_square_prime, "∂L/∂a = 1/B (a − y)"),
    ),
    Loss(
        "cross_entropy",
        "L = −1/B Σₑ Σₖ yₖ ln aₖ",
        Terms("cross_entropy", surprise, surprise_prime, "∂L/∂a = −1/B y/a"),
        {"softmax": SoftmaxCrossEntropy()},
        outputs=("softmax",),
    ),
    Loss(
        "binary_cross_entropy",
        "L = −1/B Σₑ Σₖ (yₖ ln aₖ + (1 − yₖ) ln(1 − aₖ))",
        Terms(
            "binary_cross_entropy",
            binary_surprise,
            binary_surprise_prime,
            "∂L/∂a = 1/B ((1 − y)/(1 − a) − y/a)",
        ),
        {
            "sigmoid": Terms(
                "sigmoid_binary_cross_entropy",
                binary_surprise_of_z,
                half_square_prime,
                "δ = 1/B (a − y)",
            )
        },
        outputs=("sigmoid", "softmax"),
    ),
)
LOSSES: dict[str, Loss] = {loss.name: loss for loss in _ALL}
