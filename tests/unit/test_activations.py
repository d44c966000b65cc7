"""Each activation against its definition, and where numbers get large."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS, Activation
from glassnet.engines import ENGINES, make_engine
from glassnet.layers.dense import Dense
from glassnet.network import Network
from unit.small import network

erf = np.vectorize(math.erf)
Z = np.linspace(-6, 6, 49).reshape(7, 7)

# One row an activation: its textbook definition.
DEFINITIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "gelu": lambda z: z * (1 + erf(z / math.sqrt(2))) / 2,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}
PRECISION = {"gelu": 5e-4}  # its tanh form is an approximation


def answer(name: str, engine_name: str, z: NDArray[np.float64]) -> NDArray[np.float64]:
    engine = make_engine(engine_name)
    given, out = engine.zeros(z.shape), engine.zeros(z.shape)
    engine.load(np.ascontiguousarray(z), given)
    ACTIVATIONS[name].forward(engine, given, out)
    return np.array(out, np.float64)


def test_every_activation_has_a_row() -> None:
    assert DEFINITIONS.keys() == ACTIVATIONS.keys()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", DEFINITIONS)
def test_definition(name: str, engine: str) -> None:
    wanted = DEFINITIONS[name](Z)
    np.testing.assert_allclose(answer(name, engine, Z), wanted, atol=PRECISION.get(name, 3e-7))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", DEFINITIONS)
def test_large_numbers_do_no_harm(name: str, engine: str) -> None:
    """No overflow, no warning, no NaN, as far as float32 reaches."""
    z = np.array([[-1e4, -300, -90, -88, 0, 88, 90, 300, 1e4]])
    found = answer(name, engine, z)
    assert np.isfinite(found).all()
    if name in ("sigmoid", "softmax"):
        assert found.min() >= 0 and found.max() <= 1


def test_the_sigmoid_of_very_negative_numbers_is_not_zero() -> None:
    """A unit that is far off still has a gradient to come back by."""
    found = answer("sigmoid", "numpy", np.array([[-80.0, -20.0]]))
    np.testing.assert_allclose(found, np.exp([[-80.0, -20.0]]), rtol=1e-4)


def test_softmax_sums_to_one_and_ignores_a_shift() -> None:
    found = answer("softmax", "numpy", Z)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(found, answer("softmax", "numpy", Z + 50), rtol=1e-4)


def test_an_activation_of_ones_own() -> None:
    """By object instead of by name: what users bring works like what is built in."""
    square = Activation("square", lambda m, z: z * z, lambda m, z, a: 2 * z, "f(z) = z²", "2 z")
    rng = np.random.default_rng(1)
    engine = make_engine("numpy")
    mine = Network([Dense(3, activation=square)], (2,), "mse", engine, "uniform", rng)
    plain = network([{"type": "dense", "units": 3, "activation": "identity"}], (2,), "mse")
    for name, array in plain.parameters().items():
        array[...] = mine.parameters()[name]
    x = np.array([[0.3, -0.2]], np.float32)
    wanted = plain.activations(x)[0] ** 2
    np.testing.assert_allclose(mine.activations(x)[0], wanted, rtol=1e-5)
