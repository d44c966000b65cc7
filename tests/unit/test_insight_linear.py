"""The linear map at one digit: its sum is the logit, its templates are the gradients, and what
bends is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.engines import make_engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.errors import ShapeError
from glassnet.insight.linear import input_gradient, linear_map
from glassnet.insight.muted import mute
from glassnet.layers import Dense
from glassnet.network import Network
from unit.small import dense, network

RELU = [dense(7, "relu"), dense(5, "leaky_relu"), dense(4, "softmax")]
CONV: list[dict[str, Any]] = [
    {"type": "conv2d", "filters": 3, "size": 3, "padding": 1, "activation": "identity"},
    {"type": "batch_norm"},
    {"type": "activation", "activation": "relu"},
    {"type": "max_pool2d", "size": 2},
    {"type": "conv2d", "filters": 4, "size": 2},
    {"type": "average_pool2d", "size": 2},
    {"type": "flatten"},
    {"type": "dropout", "rate": 0.4},
    dense(4, "softmax"),
]
POOLED: list[dict[str, Any]] = [  # windows that overlap; a batch norm and an activation at the end
    {"type": "conv2d", "filters": 2, "size": 3, "activation": "leaky_relu"},
    {"type": "max_pool2d", "size": 3, "stride": 1},
    dense(4, "identity"),
    {"type": "batch_norm"},
    {"type": "activation", "activation": "softmax"},
]
SMOOTH = [dense(7, "sigmoid"), dense(5, "relu"), dense(4, "softmax")]
NETWORKS = {"relu": RELU, "conv": CONV, "pooled": POOLED, "smooth": SMOOTH}
LINEAR = ["relu", "conv", "pooled"]


def trained(layers: list[dict[str, Any]], engine: str = "numpy") -> Network:
    """A network whose biases and batch norms are not at their beginnings."""
    made = network(layers, (6, 6), engine=make_engine(engine))
    rng = np.random.default_rng(2)
    for name, array in {**made.parameters(), **made.memory()}.items():
        values = np.array(array, np.float32)
        moved = values + rng.normal(0, 0.3, values.shape)
        if name.endswith("running_var"):
            moved = np.abs(moved) + 0.2
        made.engine.load(np.ascontiguousarray(moved, np.float32), array)
    return made


def digit(seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random(36, np.float32)


def logits(made: Network, x: NDArray[Any]) -> NDArray[Any]:
    """The last z by the network's own engine."""
    work = made.workspace(1)
    made.engine.load(np.ascontiguousarray(x.reshape(1, 6, 6), np.float32), work.x)
    made.forward(work)
    return np.array(work.flows[-1].z, float).reshape(-1)


@pytest.mark.parametrize("engine", ["numpy", "simd", "python"])
@pytest.mark.parametrize("name", LINEAR)
def test_template_times_digit_plus_constant_is_the_logit(name: str, engine: str) -> None:
    made = trained(NETWORKS[name], engine)
    for seed in range(3):
        x = digit(seed)
        found = linear_map(made, x)
        assert found.exact and found.why == ""
        assert found.templates.shape == (4, 6, 6)
        sums = found.products + found.constants
        np.testing.assert_allclose(sums, found.logits, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(sums, logits(made, x), rtol=1e-5, atol=1e-5)
        by_hand = (found.templates * x.reshape(6, 6)).sum(axis=(1, 2))
        np.testing.assert_allclose(by_hand, found.products)
        assert np.abs(found.constants).max() > 0.1  # there is something to be found


@pytest.mark.parametrize("name", LINEAR)
def test_the_map_holds_around_the_digit(name: str) -> None:
    made, x = trained(NETWORKS[name]), digit().astype(float)
    found = linear_map(made, x)
    near = x + 1e-6 * np.random.default_rng(1).standard_normal(36)
    there = linear_map(made, near)
    assert all((there.on[key] == on).all() for key, on in found.on.items())
    moved = found.templates.reshape(4, -1) @ near + found.constants
    np.testing.assert_allclose(moved, there.logits, rtol=1e-9)


def test_what_bends_is_named_and_then_the_templates_are_the_gradients() -> None:
    made, x = trained(SMOOTH), digit().astype(float)
    found = linear_map(made, x)
    assert not found.exact and found.why == "sigmoid in layers.0"
    assert np.abs(found.products + found.constants - found.logits).max() > 0.01
    for pixel in (0, 17, 35):
        step = np.zeros(36)
        step[pixel] = 1e-4
        sides = linear_map(made, x + step).logits - linear_map(made, x - step).logits
        wanted = sides / 2e-4
        np.testing.assert_allclose(found.templates.reshape(4, -1)[:, pixel], wanted, rtol=1e-4)
    deep = trained([dense(6, "tanh"), dense(5, "gelu"), dense(4, "softmax")])
    assert linear_map(deep, x).why == "tanh in layers.0, gelu in layers.1"


def test_a_layer_of_ones_own_is_not_taken_for_linear() -> None:
    class Own(Dense):
        pass

    made = Network([Own(5, "relu"), Dense(4, "softmax")], (6, 6), "cross_entropy")
    assert linear_map(made, digit()).why == "Own in layers.0"


def test_switches_are_those_of_the_forward_pass() -> None:
    made, x = trained(CONV), digit()
    found = linear_map(made, x)
    assert {name: on.shape for name, on in found.on.items()} == {
        "layers.2": (6, 6, 3),
        "layers.3": (3, 3, 3),
        "layers.4": (2, 2, 4),
    }
    answers = made.activations(x[None])
    np.testing.assert_array_equal(found.on["layers.2"], answers[2][0] > 0)
    np.testing.assert_array_equal(found.on["layers.4"], answers[4][0] > 0)
    for row, column, channel in np.ndindex(3, 3, 3):
        window = answers[2][0][2 * row : 2 * row + 2, 2 * column : 2 * column + 2, channel]
        assert found.on["layers.3"][row, column, channel] == window.argmax()


def test_a_unit_that_is_switched_off_adds_nothing() -> None:
    made, x = trained(RELU), digit()
    active = int(np.flatnonzero(linear_map(made, x).on["layers.0"])[0])
    layers = [mute(made.layers[0], [active]), *(mute(layer, []) for layer in made.layers[1:])]
    muted = Network(layers, (6, 6), "cross_entropy", NumpyEngine())
    for name, array in muted.parameters().items():
        muted.engine.load(np.array(made.parameters()[name]), array)
    found = linear_map(muted, x)
    assert found.exact and found.on["layers.0"][active] == 0
    np.testing.assert_allclose(found.products + found.constants, found.logits)
    np.testing.assert_allclose(found.logits, logits(muted, x), rtol=1e-5)
    assert np.abs(found.logits - linear_map(made, x).logits).max() > 0.01


@pytest.mark.parametrize("name", NETWORKS)
def test_the_input_gradient_is_the_slope_of_the_loss(name: str) -> None:
    made, x = trained(NETWORKS[name]), digit().astype(float)
    found = input_gradient(made, x, 2)
    assert found.shape == (6, 6)

    def loss(x: NDArray[Any]) -> float:
        z = linear_map(made, x).logits
        return float(np.log(np.exp(z - z.max()).sum()) - (z[2] - z.max()))

    for pixel in (0, 14, 35):
        step = np.zeros(36)
        step[pixel] = 1e-5
        wanted = (loss(x + step) - loss(x - step)) / 2e-5
        np.testing.assert_allclose(found.ravel()[pixel], wanted, rtol=1e-4, atol=1e-7)


def test_another_size_or_class_is_refused() -> None:
    made = trained(RELU)
    with pytest.raises(ShapeError, match="36"):
        linear_map(made, np.zeros(35))
    with pytest.raises(ShapeError, match="0 to 3"):
        input_gradient(made, digit(), 4)


def test_the_network_stays_as_it_is() -> None:
    made, x = trained(CONV), digit()
    before = {name: np.array(a) for name, a in {**made.parameters(), **made.memory()}.items()}
    answer = made.predict(x[None])
    linear_map(made, x)
    input_gradient(made, x, 1)
    for name, array in {**made.parameters(), **made.memory()}.items():
        np.testing.assert_array_equal(array, before[name])
    np.testing.assert_array_equal(made.predict(x[None]), answer)
