"""Activations: each a function f and its derivative, side by side, and one entry in the table.

Both are written once for every engine: `z` and `a` are a whole array or a single number, and `m`
holds the functions that go with it (`m.exp`, `m.maximum`, ...).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Maths = Any  # an engine's exp, log, tanh, ... for its arrays or numbers


@dataclass(frozen=True)
class Activation:
    """A non-linearity a = f(z).

    Attributes:
        f: (z, m) → a.
        df: (z, a, m) → f′(z); it may use z, or a where that is shorter.
        formula, derivative: the same as text.
        rows: f takes a whole row of units at once (softmax); `f` and `df` then only describe
            it, for engines have an operation of their own.
    """

    name: str
    f: Callable[[Any, Maths], Any]
    df: Callable[[Any, Any, Maths], Any]
    formula: str
    derivative: str
    rows: bool = False


def identity(z: Any, m: Maths) -> Any:
    return z


def identity_prime(z: Any, a: Any, m: Maths) -> Any:
    return 1.0


def sigmoid(z: Any, m: Maths) -> Any:
    # Beyond −88, exp(−z) would overflow a float32; σ is below 1e-38 there.
    return 1.0 / (1.0 + m.exp(-m.maximum(z, -88.0)))


def sigmoid_prime(z: Any, a: Any, m: Maths) -> Any:
    return a * (1.0 - a)


def relu(z: Any, m: Maths) -> Any:
    return m.maximum(z, 0.0)


def relu_prime(z: Any, a: Any, m: Maths) -> Any:
    return z > 0.0  # 0 at z = 0 by convention, as everywhere


def softmax(z: Any, m: Maths) -> Any:
    raise NotImplementedError("softmax takes a row: see Engine.activate")


def softmax_prime(z: Any, a: Any, m: Maths) -> Any:
    raise NotImplementedError("softmax takes a row: see Engine.activate_backward")


_ALL = (
    Activation("identity", identity, identity_prime, "z", "1"),
    Activation("sigmoid", sigmoid, sigmoid_prime, "1 / (1 + e^(−z))", "a (1 − a)"),
    Activation("relu", relu, relu_prime, "max(z, 0)", "1 if z > 0, else 0"),
    Activation("softmax", softmax, softmax_prime, "e^(zₖ) / Σⱼ e^(zⱼ)", "aₖ (1[j=k] − aⱼ)", True),
)
ACTIVATIONS: dict[str, Activation] = {activation.name: activation for activation in _ALL}
