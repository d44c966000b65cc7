"""Activations a = f(z): each a function and its derivative, side by side, and one table entry.

The formulas are written once for every engine: z and a stand for a number or a whole array, and
`m` has the functions that go with it (`m.exp`, `m.maximum`, ...).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glassnet.engines import Array, Engine, Number


@dataclass(frozen=True, eq=False)
class Activation:
    """A function of one number.

    Attributes:
        f: (m, z) → a.
        df: (m, z, a) → f′(z); it may use z or a, whichever is shorter.
        formula, derivative: the same in words of mathematics (see `glassnet.formulas`).
    """

    name: str
    f: Callable[..., Any]
    df: Callable[..., Any]
    formula: str
    derivative: str

    def forward(self, engine: Engine, z: Array, a: Array) -> None:
        """a ← f(z)."""
        engine.map(a, self.f, z)

    def backward(self, engine: Engine, z: Array, a: Array, da: Array, delta: Array) -> None:
        """δ = ∂L/∂z = ∂L/∂a ⊙ f′(z)."""
        engine.map(delta, lambda m, z, a, da: da * self.df(m, z, a), z, a, da)


@dataclass(frozen=True, eq=False)
class Softmax:
    """A row's numbers made positive and of sum 1, largest by far the most: aₖ = eᶻₖ / Σⱼ eᶻⱼ.

    Every output depends on the whole row, so this is no function of one number (Bridle 1990).
    """

    name: str = "softmax"
    formula: str = "aₖ = exp(zₖ)/(Σⱼ exp(zⱼ))"
    derivative: str = "δₖ = aₖ (∂L/∂aₖ − Σⱼ aⱼ ∂L/∂aⱼ)"

    def forward(self, engine: Engine, z: Array, a: Array) -> None:
        """Subtracting the row's maximum changes nothing but keeps exp from overflowing."""
        top = engine.row_maxima(z)
        engine.map(a, lambda m, z, top: m.exp(z - top), z, top)
        engine.map(a, lambda m, e, total: e / total, a, engine.row_sums(lambda m, e: e, a))

    def backward(self, engine: Engine, z: Array, a: Array, da: Array, delta: Array) -> None:
        """∂aₖ/∂zⱼ = aₖ (1[k=j] − aⱼ), summed over k with ∂L/∂aₖ."""
        mean = engine.row_sums(lambda m, a, da: a * da, a, da)
        engine.map(delta, lambda m, a, da, mean: a * (da - mean), a, da, mean)


def identity(m: Any, z: Number) -> Number:
    return z


def identity_prime(m: Any, z: Number, a: Number) -> Number:
    return 1.0


def sigmoid(m: Any, z: Number) -> Number:
    # Below −88, exp(−z) would overflow a float32, and σ is less than 1e-38.
    return 1.0 / (1.0 + m.exp(-m.maximum(z, -88.0)))


def sigmoid_prime(m: Any, z: Number, a: Number) -> Number:
    return a * (1.0 - a)


def tanh(m: Any, z: Number) -> Number:
    return m.tanh(z)


def tanh_prime(m: Any, z: Number, a: Number) -> Number:
    return 1.0 - a * a


def relu(m: Any, z: Number) -> Number:
    return m.maximum(z, 0.0)


def relu_prime(m: Any, z: Number, a: Number) -> Number:
    return z > 0.0  # a convention: 0 at z = 0


LEAK = 0.01  # the slope for negative z (Maas, Hannun, Ng 2013)


def leaky_relu(m: Any, z: Number) -> Number:
    return m.maximum(z, LEAK * z)


def leaky_relu_prime(m: Any, z: Number, a: Number) -> Number:
    return m.where(z > 0.0, 1.0, LEAK)


BEND, CUBE = math.sqrt(2 / math.pi), 0.044715  # Hendrycks, Gimpel 2016: the tanh form


def gelu(m: Any, z: Number) -> Number:
    return 0.5 * z * (1.0 + m.tanh(BEND * (z + CUBE * z * z * z)))


def gelu_prime(m: Any, z: Number, a: Number) -> Number:
    t = m.tanh(BEND * (z + CUBE * z * z * z))
    return 0.5 * (1.0 + t) + 0.5 * z * (1.0 - t * t) * BEND * (1.0 + 3.0 * CUBE * z * z)


_ALL = (
    Activation("identity", identity, identity_prime, "f(z) = z", "f′(z) = 1"),
    Activation("sigmoid", sigmoid, sigmoid_prime, "f(z) = 1/(1 + e⁻ᶻ)", "f′(z) = a (1 − a)"),
    Activation("tanh", tanh, tanh_prime, "f(z) = tanh(z)", "f′(z) = 1 − a²"),
    Activation("relu", relu, relu_prime, "f(z) = max(z, 0)", "f′(z) = 1[z > 0]"),
    Activation(
        "leaky_relu",
        leaky_relu,
        leaky_relu_prime,
        "f(z) = max(z, 0.01 z)",
        "f′(z) = 0.01 + 0.99 · 1[z > 0]",
    ),
    Activation(
        "gelu",
        gelu,
        gelu_prime,
        "f(z) = 1/2 z (1 + tanh(u)), u = √(2/π) (z + 0.044715 z³)",
        "f′(z) = 1/2 (1 + tanh(u)) + 1/2 z (1 − tanh²(u)) √(2/π) (1 + 0.134145 z²)",
    ),
    Softmax(),
)
ACTIVATIONS: dict[str, Activation | Softmax] = {entry.name: entry for entry in _ALL}
