"""Each initialiser: its range, its spread, its biases, and nothing but the generator decides."""

from __future__ import annotations

import math

import numpy as np
import pytest

from glassnet.initializers import INITIALIZERS
from unit.small import dense, network

FAN_IN, FAN_OUT = 400, 100

# One row an initialiser: the standard deviation of its weights, and its largest (None: no bound).
ROWS: dict[str, tuple[float, float | None]] = {
    "zeros": (0.0, 0.0),
    "uniform": (1 / math.sqrt(3), 1.0),
    "xavier_uniform": (math.sqrt(2 / 500), math.sqrt(6 / 500)),
    "xavier_normal": (math.sqrt(2 / 500), None),
    "he_uniform": (math.sqrt(2 / 400), math.sqrt(6 / 400)),
    "he_normal": (math.sqrt(2 / 400), None),
}


def test_every_initializer_has_a_row() -> None:
    assert ROWS.keys() == INITIALIZERS.keys()


@pytest.mark.parametrize("name", ROWS)
def test_weights(name: str) -> None:
    deviation, largest = ROWS[name]
    rng = np.random.default_rng(2)
    drawn = INITIALIZERS[name].weight(rng, (FAN_OUT, FAN_IN), FAN_IN, FAN_OUT)
    assert drawn.shape == (FAN_OUT, FAN_IN) and drawn.dtype == np.float32
    assert drawn.std() == pytest.approx(deviation, rel=0.02)
    assert abs(drawn.mean()) <= 4 * deviation / math.sqrt(drawn.size)
    if largest is not None:
        assert np.abs(drawn).max() <= largest * (1 + 1e-6)
        assert np.abs(drawn).max() >= 0.99 * largest


@pytest.mark.parametrize("name", ROWS)
def test_biases(name: str) -> None:
    net = network([dense(50)], shape=(20,), loss="mse", initializer=name)
    bias = net.parameters()["layers.0.bias"]
    assert bias.any() == (name == "uniform"), "only the classic exercise draws biases"
    assert np.abs(bias).max() <= 1


@pytest.mark.parametrize("name", sorted(ROWS.keys() - {"zeros"}))
def test_only_the_seed_decides(name: str) -> None:
    def weights(seed: int) -> np.ndarray:
        net = network([dense(5)], loss="mse", initializer=name, seed=seed)
        return np.array(net.parameters()["layers.0.weight"])

    np.testing.assert_array_equal(weights(1), weights(1))
    assert (weights(1) != weights(2)).all()


def test_fans_of_a_convolution() -> None:
    """A unit of a convolution has size² · channels inputs, and feeds size² · filters others."""
    layer = {"type": "conv2d", "filters": 64, "size": 5}
    net = network([layer, dense(2, "softmax")], shape=(6, 6, 8), initializer="xavier_uniform")
    weight = net.parameters()["layers.0.weight"]
    assert weight.shape == (64, 5, 5, 8)
    assert np.abs(weight).max() == pytest.approx(math.sqrt(6 / (25 * 8 + 25 * 64)), rel=0.01)
