"""Layers: what they answer, by definition; what they refuse; what their options are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.engines import ENGINES, make_engine
from glassnet.errors import ConfigError, ShapeError
from glassnet.layers import LAYERS
from glassnet.options import make, write
from unit.small import dense, examples, network

# One row a layer: its options, the shape that goes in, and the shape that comes out.
ROWS: list[tuple[dict[str, Any], tuple[int, ...], tuple[int, ...]]] = [
    (dense(7), (3, 4), (7,)),
    ({"type": "conv2d", "filters": 8, "size": 5}, (28, 28), (24, 24, 8)),
    ({"type": "conv2d", "filters": 4, "size": 3, "stride": 2, "padding": 1}, (9, 8, 2), (5, 4, 4)),
    ({"type": "max_pool2d"}, (24, 24, 8), (12, 12, 8)),
    ({"type": "max_pool2d", "size": 3, "stride": 2}, (8, 9, 2), (3, 4, 2)),
    ({"type": "average_pool2d", "size": 3}, (8, 8), (2, 2, 1)),
    ({"type": "flatten"}, (2, 3, 4), (24,)),
    ({"type": "activation", "activation": "tanh"}, (5, 4), (5, 4)),
    ({"type": "dropout", "rate": 0.3}, (4, 4, 2), (4, 4, 2)),
    ({"type": "batch_norm"}, (3, 3, 2), (3, 3, 2)),
]


def test_every_layer_has_a_row() -> None:
    assert {options["type"] for options, _, _ in ROWS} == LAYERS.keys()


@pytest.mark.parametrize(("options", "shape", "wanted"), ROWS)
def test_shapes(options: dict[str, Any], shape: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    net = network([options, dense(2, "softmax")], shape)
    assert net.shapes == [shape, wanted, (2,)]
    first, last = net.activations(np.ones((3, *shape)))
    assert first.shape == (3, *wanted) and last.shape == (3, 2)


@pytest.mark.parametrize(("options", "shape", "wanted"), ROWS)
def test_options_survive_json(options: dict[str, Any], shape: Any, wanted: Any) -> None:
    layer = make(LAYERS, options)
    again = make(LAYERS, {"type": options["type"], **write(layer)})
    assert write(again) == write(layer) and options.items() <= {**options, **write(layer)}.items()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_convolution_by_its_definition(engine: str) -> None:
    options = {"type": "conv2d", "filters": 3, "size": 3, "stride": 2, "padding": 1}
    made = make_engine(engine)
    net = network([options, dense(2, "softmax")], (5, 6, 2), engine=made)
    weight, bias = (np.asarray(net.parameters()[f"layers.0.{name}"]) for name in ("weight", "bias"))
    images = examples(4, (5, 6, 2), 2)[0].reshape(4, 5, 6, 2).astype(np.float32)
    padded = np.pad(images, [(0, 0), (1, 1), (1, 1), (0, 0)])
    found = net.activations(images)[0]
    for e, r, c, f in np.ndindex(found.shape):
        window = padded[e, 2 * r : 2 * r + 3, 2 * c : 2 * c + 3]
        wanted = max(0.0, float((window * weight[f]).sum() + bias[f]))
        assert found[e, r, c, f] == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("kind", ["max_pool2d", "average_pool2d"])
def test_pools_by_their_definition(kind: str) -> None:
    net = network([{"type": kind, "size": 2, "stride": 1}, dense(2, "softmax")], (4, 5, 3))
    images = examples(2, (4, 5, 3), 2)[0].reshape(2, 4, 5, 3)
    windows = np.lib.stride_tricks.sliding_window_view(images, (2, 2), axis=(1, 2))
    wanted = windows.max(axis=(-2, -1)) if kind == "max_pool2d" else windows.mean(axis=(-2, -1))
    np.testing.assert_allclose(net.activations(images)[0], wanted, atol=1e-6)


def test_dropout_drops_only_while_training() -> None:
    net = network([{"type": "dropout", "rate": 0.25}, dense(2, "softmax")], (2000,))
    x = np.ones((2, 2000), np.float32)
    np.testing.assert_array_equal(net.activations(x)[0], x)
    work = net.workspace(2, training=True)
    net.engine.load(x, work.x)
    masks = []
    for _ in range(2):
        net.forward(work, training=True)
        masks.append(np.array(work.flows[0].a))
    assert set(np.unique(masks[0])) == {0.0, 1 / 0.75}
    assert np.mean(masks) == pytest.approx(1, abs=0.05)  # the sum stays, on average
    assert (masks[0] != masks[1]).any()


def test_batch_norm_while_training_and_after() -> None:
    net = network([{"type": "batch_norm", "momentum": 0.5}, dense(2, "softmax")], (3, 3, 4))
    images = 5 + 3 * examples(6, (3, 3, 4), 2)[0].reshape(6, 3, 3, 4)
    work = net.workspace(6, training=True)
    net.engine.load(images, work.x)
    net.forward(work, training=True)
    normed = np.array(work.flows[0].a)
    np.testing.assert_allclose(normed.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(normed.std(axis=0), 1, rtol=1e-5)
    rows = images.reshape(-1, 4)
    memory = net.memory()
    assert memory.keys() == {"layers.0.running_mean", "layers.0.running_var"}
    mean, var = memory.values()
    np.testing.assert_allclose(mean, 0.5 * rows.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(var, 0.5 + 0.5 * rows.var(axis=0, ddof=1), rtol=1e-12)
    alone = net.activations(images[:1])[0]  # one example, by what was remembered
    wanted = (images[:1] - mean) / np.sqrt(np.asarray(var) + 1e-5)
    np.testing.assert_allclose(alone, wanted, rtol=1e-5)


REFUSED: list[tuple[list[dict[str, Any]], tuple[int, ...], str]] = [
    ([{"type": "conv2d", "filters": 1, "size": 3}], (9,), "expected an image"),
    ([{"type": "conv2d", "filters": 1, "size": 4}], (5, 3), "4×4.*at least as large.*5, 3"),
    ([{"type": "max_pool2d", "size": 4}], (3, 5, 1), "4×4"),
    ([dense(4), {"type": "max_pool2d"}], (3, 5), "expected an image"),
    ([{"type": "conv2d", "filters": 1, "size": 3}], (5, 5), "last layer.*one number a class"),
]


@pytest.mark.parametrize(("layers", "shape", "words"), REFUSED)
def test_shapes_that_do_not_fit(layers: Any, shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        network(layers, shape, loss="mse")


@pytest.mark.parametrize("x", [np.ones((2, 5)), np.ones(6), np.ones((1, 2, 2)), np.float32(3)])
def test_inputs_that_do_not_fit(x: Any) -> None:
    with pytest.raises(ShapeError, match="images: expected examples of 6 numbers"):
        network([dense(2)], (2, 3), loss="mse").activations(x)


@pytest.mark.parametrize(
    ("loss", "last"), [("cross_entropy", "relu"), ("binary_cross_entropy", "tanh")]
)
def test_a_loss_that_cannot_judge(loss: str, last: str) -> None:
    with pytest.raises(ConfigError, match=f"{loss} needs ") as caught:
        network([dense(2, last)], loss=loss)
    assert caught.value.field == "loss"
