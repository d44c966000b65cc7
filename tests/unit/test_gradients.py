"""Every gradient against finite differences of its loss, for shapes that hypothesis thinks of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassnet import activations, losses
from glassnet.activations import ACTIVATIONS
from glassnet.engines import make_engine
from glassnet.errors import ConfigError, ShapeError
from glassnet.gradient_check import gradcheck, locate_gradient_errors
from glassnet.layers import LAYERS
from glassnet.losses import LOSSES
from unit.small import EXACT, bars, dense, examples, network

WRONG = 1e-4  # a right gradient is off by 1e-8 or so; the rounding of a zero one, by up to 2e-5
SMALL = st.integers(1, 5)
WINDOWS = st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(0, 1))  # size stride padding


def check(layers: list[dict[str, Any]], shape: tuple[int, ...], loss: str, **more: Any) -> None:
    seed, engine = more.get("seed", 0), more.get("engine")
    net = network(layers, shape, loss, engine, seed=seed)
    for name, array in net.parameters().items():
        if name.endswith("bias"):  # drawn too: with biases of 0, a unit that is off sits on a kink
            drawn = np.random.default_rng(seed).standard_normal(array.shape)
            net.engine.load(drawn / 3, array)
    for attempt in range(2):
        errors = gradcheck(net, *examples(more.get("batch", 3), shape, net.outputs, seed + attempt))
        if max(errors.values()) < WRONG:
            return  # a kink may be hit by chance, but a gradient is not wrong by chance
    raise AssertionError(errors)


# One row a kind of layer: what comes between the input, an image of 5×6×2, and a dense layer.
BETWEEN: dict[str, list[dict[str, Any]]] = {
    "dense": [dense(4, "tanh")],
    "conv2d": [{"type": "conv2d", "filters": 3, "size": 3, "activation": "tanh"}],
    "max_pool2d": [{"type": "max_pool2d"}],
    "average_pool2d": [{"type": "average_pool2d", "size": 3, "stride": 1}],
    "flatten": [{"type": "flatten"}, dense(4, "tanh")],
    "activation": [{"type": "activation", "activation": "gelu"}],
    "dropout": [{"type": "dropout", "rate": 0.4}],
    "batch_norm": [{"type": "batch_norm"}],
}
FIRST = {"type": "conv2d", "filters": 2, "size": 2, "activation": "identity"}
LAST = [dense(3, "softmax")]


def test_every_layer_has_a_row() -> None:
    assert BETWEEN.keys() == LAYERS.keys()


@pytest.mark.parametrize("engine", EXACT)
@pytest.mark.parametrize("kind", BETWEEN)
def test_layer(kind: str, engine: str) -> None:
    layers = [FIRST, *BETWEEN[kind], *LAST]
    check(layers, (5, 6, 2), "cross_entropy", engine=EXACT[engine]())


@pytest.mark.parametrize("kind", BETWEEN)
@settings(deadline=None, max_examples=15)
@given(height=st.integers(4, 7), width=st.integers(4, 7), batch=SMALL, seed=st.integers(0, 99))
def test_layer_of_any_shape(kind: str, height: int, width: int, batch: int, seed: int) -> None:
    layers = [FIRST, *BETWEEN[kind], *LAST]
    # One example has nothing to be normalised against: its gradient is zero, and so is the check.
    batch = max(batch, 2) if kind == "batch_norm" else batch
    check(layers, (height, width, 1), "cross_entropy", batch=batch, seed=seed)


@settings(deadline=None, max_examples=25)
@given(window=WINDOWS, height=st.integers(3, 6), width=st.integers(3, 6), channels=SMALL)
def test_convolution_of_any_window(
    window: tuple[int, int, int], height: int, width: int, channels: int
) -> None:
    size, stride, padding = window
    options = {"size": size, "stride": stride, "padding": padding, "activation": "tanh"}
    layers = [{"type": "conv2d", "filters": filters, **options} for filters in (2, 3)]
    left = (min(height, width) + 2 * padding - size) // stride + 1
    if size > left + 2 * padding:  # the second's window would not fit
        layers = layers[:1]
    check([*layers, *LAST], (height, width, channels), "cross_entropy", batch=2)


@pytest.mark.parametrize("engine", EXACT)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activation(activation: str, engine: str) -> None:
    layers = [dense(4, activation), dense(5, activation), dense(3, "softmax")]
    check(layers, (6,), "cross_entropy", engine=EXACT[engine]())


@pytest.mark.parametrize("engine", EXACT)
@pytest.mark.parametrize("last", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_loss(loss: str, last: str, engine: str) -> None:
    layers = [dense(5, "tanh"), dense(4, last)]
    if (allowed := LOSSES[loss].outputs) and last not in allowed:
        with pytest.raises(ConfigError, match=loss):
            network(layers, (6,), loss)
        return
    check(layers, (6,), loss, engine=EXACT[engine]())


@settings(deadline=None, max_examples=25)
@given(
    units=st.lists(SMALL, min_size=1, max_size=4),
    inputs=SMALL,
    batch=SMALL,
    names=st.lists(st.sampled_from(sorted(ACTIVATIONS)), min_size=4, max_size=4),
    loss=st.sampled_from([("mse", "identity"), ("mse", "softmax"), ("cross_entropy", "softmax")]),
)
def test_any_dense_network(
    units: list[int], inputs: int, batch: int, names: list[str], loss: tuple[str, str]
) -> None:
    hidden = [dense(n, name) for n, name in zip(units, names, strict=False)]
    check([*hidden, dense(3, loss[1])], (inputs,), loss[0], batch=batch)


# The checker, checked.


def gradient_off_by(part: float) -> Any:
    """sigmoid′, wrong by a part."""
    return lambda m, z, a: (1 + part) * a * (1.0 - a)


@pytest.mark.parametrize("part", [0.001, -0.001, 0.5])
def test_a_wrong_derivative_is_caught(part: float, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = activations.Activation("wrong", activations.sigmoid, gradient_off_by(part), "", "")
    monkeypatch.setitem(ACTIVATIONS, "wrong", wrong)
    with pytest.raises(AssertionError):
        check([dense(4, "wrong"), *LAST], (6,), "cross_entropy")


def test_a_wrong_loss_gradient_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = losses.Terms("wrong", losses.half_square, lambda m, z, a, y: 2 * (a - y), "")
    monkeypatch.setitem(LOSSES, "wrong", losses.Loss("wrong", "", terms))
    with pytest.raises(AssertionError):
        check([dense(4)], (6,), "wrong")


def test_a_single_wrong_number_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = EXACT["numpy"]()
    product = engine.product

    def wrong(*args: Any, **options: Any) -> None:
        product(*args, **options)
        if options.get("transpose_a"):
            args[2][0, 0] *= 1.05

    monkeypatch.setattr(engine, "product", wrong)
    with pytest.raises(AssertionError):
        check([dense(4, "tanh"), *LAST], (6,), "cross_entropy", engine=engine)


def test_a_bias_left_out_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = EXACT["numpy"]()
    monkeypatch.setattr(engine, "column_sums", lambda *args: None)
    with pytest.raises(AssertionError):
        check([dense(4, "tanh"), *LAST], (6,), "cross_entropy", engine=engine)


@pytest.mark.parametrize("engine", ["numpy", "simd"])
def test_a_float32_network_is_checked_by_a_twin(engine: str) -> None:
    net = network([dense(4), *LAST], engine=make_engine(engine))
    errors = gradcheck(net, *examples(2, (6,), 3))
    assert errors.keys() == net.parameters().keys() and max(errors.values()) < 1e-6


def test_of_a_split() -> None:
    """Bytes are divided by 255, as in training."""
    net = network([dense(4), dense(4, "softmax")], (6, 6), engine=make_engine("numpy"))
    part = bars().test[:8]
    assert max(gradcheck(net, part).values()) < 1e-6
    pixels = part.images / 255
    assert gradcheck(net, part) == pytest.approx(gradcheck(net, pixels, part.labels), abs=1e-6)
    with pytest.raises(ShapeError, match="8 labels"):
        gradcheck(net, part.images)


@pytest.mark.parametrize("index", [(0, 0), (2, 5), (3, 1)])
def test_a_wrong_entry_is_located(index: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = EXACT["numpy"]()
    product = engine.product

    def wrong(*args: Any, **options: Any) -> None:
        product(*args, **options)
        if options.get("transpose_a") and args[2].shape == (4, 6):
            args[2][index] += 0.05

    monkeypatch.setattr(engine, "product", wrong)
    net = network([dense(4, "tanh"), *LAST], engine=engine)
    located = locate_gradient_errors(net, *examples(3, (6,), 3))
    first = located["layers.0.weight"]
    assert first.index == index and first.error > WRONG
    assert first.found - first.wanted == pytest.approx(0.05, abs=1e-6)
    assert located["layers.1.weight"].error < 1e-6


def test_nothing_is_changed() -> None:
    layers = [dense(4), {"type": "batch_norm"}, {"type": "dropout"}, *LAST]
    net = network(layers)
    arrays = {**net.parameters(), **net.memory()}
    before = {name: array.copy() for name, array in arrays.items()}
    position = net.rng.bit_generator.state
    gradcheck(net, *examples(4, (6,), 3))
    assert net.rng.bit_generator.state == position
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)
