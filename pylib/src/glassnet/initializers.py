"""Initialisers: where a network's weights begin, drawn from a generator that is passed in.

`fan_in` counts the inputs of one unit, `fan_out` the units that one input feeds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Draw = Callable[[np.random.Generator, tuple[int, ...], int, int], Floats]


@dataclass(frozen=True)
class Initializer:
    """How weights begin, (generator, shape, fan_in, fan_out) → float32, and how biases do."""

    name: str
    weight: Draw
    bias: Draw


@dataclass(frozen=True)
class Start:
    """What a layer begins with: an initialiser, and the generator to draw from. Layers that need
    randomness later keep the generator."""

    initializer: Initializer
    rng: np.random.Generator


def zeros(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Floats:
    """All zero. Right for biases; with zero weights every unit of a layer stays the same."""
    return np.zeros(shape, np.float32)


def uniform(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Floats:
    """U[−1, 1), whatever the size: the field's classic exercise."""
    return _between(rng, shape, 1.0)


def xavier_uniform(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int
) -> Floats:
    """U[−r, r) with r = √(6 / (fan_in + fan_out)), for sigmoid and tanh (Glorot, Bengio 2010)."""
    return _between(rng, shape, math.sqrt(6 / (fan_in + fan_out)))


def xavier_normal(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int
) -> Floats:
    """N(0, 2 / (fan_in + fan_out)): the same variance, from a bell curve."""
    return _normal(rng, shape, math.sqrt(2 / (fan_in + fan_out)))


def he_uniform(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int
) -> Floats:
    """U[−r, r) with r = √(6 / fan_in), for ReLU and its kin (He et al. 2015)."""
    return _between(rng, shape, math.sqrt(6 / fan_in))


def he_normal(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int
) -> Floats:
    """N(0, 2 / fan_in): the same variance, from a bell curve."""
    return _normal(rng, shape, math.sqrt(2 / fan_in))


def _between(rng: np.random.Generator, shape: tuple[int, ...], radius: float) -> Floats:
    return np.float32(radius) * (2 * rng.random(shape, np.float32) - 1)


def _normal(rng: np.random.Generator, shape: tuple[int, ...], deviation: float) -> Floats:
    return np.float32(deviation) * rng.standard_normal(shape, np.float32)


_ALL = (
    Initializer("zeros", zeros, zeros),
    Initializer("uniform", uniform, uniform),
    Initializer("xavier_uniform", xavier_uniform, zeros),
    Initializer("xavier_normal", xavier_normal, zeros),
    Initializer("he_uniform", he_uniform, zeros),
    Initializer("he_normal", he_normal, zeros),
)
INITIALIZERS: dict[str, Initializer] = {entry.name: entry for entry in _ALL}
