"""A network as a whole: names, buffers, and looking without touching."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.engines import make_engine
from glassnet.network import WORKSPACES
from glassnet.optimizers import SGD
from unit.small import dense, examples, network, run

LAYERS: list[dict[str, Any]] = [
    {"type": "conv2d", "filters": 3, "size": 2},
    {"type": "batch_norm"},
    {"type": "flatten"},
    dense(5),
    dense(4, "softmax"),
]


def test_parameters_have_names_and_shapes() -> None:
    net = network(LAYERS, (4, 5, 2))
    assert {name: array.shape for name, array in net.parameters().items()} == {
        "layers.0.weight": (3, 2, 2, 2),
        "layers.0.bias": (3,),
        "layers.1.gamma": (3,),
        "layers.1.beta": (3,),
        "layers.3.weight": (5, 36),
        "layers.3.bias": (5,),
        "layers.4.weight": (4, 5),
        "layers.4.bias": (4,),
    }


def test_parameters_are_float32_and_live() -> None:
    made = run()
    weight = made.network.parameters()["layers.0.weight"]
    assert weight.dtype == np.float32 and weight.shape == (5, 36)
    x = np.ones((1, 36), np.float32)
    before = made.network.activations(x)
    weight[...] = 0
    made.network.parameters()["layers.0.bias"][...] = 0
    np.testing.assert_array_equal(made.network.activations(x)[0], [[0.5] * 5])
    assert (before[0] != 0.5).any()


def test_activations_are_those_of_each_layer() -> None:
    net = network([dense(5, "tanh"), dense(4, "softmax")], (6,))
    x, _ = examples(3, (6,), 4)
    x = x.astype(np.float32)
    w1, b1, w2, b2 = net.parameters().values()
    hidden = np.tanh(x @ w1.T + b1)
    outputs = np.exp(hidden @ w2.T + b2)
    outputs /= outputs.sum(axis=1, keepdims=True)
    for found, wanted in zip(net.activations(x), (hidden, outputs), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_activations_are_copies() -> None:
    net = network([dense(4)], (6,), loss="mse")
    x, _ = examples(1, (6,), 4)
    (first,) = net.activations(x)
    kept = first.copy()
    net.activations(-x)
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("layers", [[dense(5), dense(4)], [{"type": "dropout"}, dense(4)]])
def test_looking_does_not_disturb_training(layers: list[dict[str, object]]) -> None:
    """Whoever watches, the run is the same, bit for bit."""
    watched, alone = run(layers=layers), run(layers=layers)
    x = np.ones((2, 36), np.float32)
    for event, other in zip(watched.events(), alone.events(), strict=True):
        assert event == other
        for count in (1, 2):
            watched.network.activations(x[:count])
    for name, array in watched.network.parameters().items():
        np.testing.assert_array_equal(array, alone.network.parameters()[name])


def test_buffers_are_made_once_and_not_for_ever() -> None:
    net = network([dense(4)], (6,), loss="mse")
    used = net.workspace(3, training=True)
    for batch in range(10, 10 + 3 * WORKSPACES):
        net.workspace(batch)
        assert net.workspace(3, training=True) is used
    assert net.workspace(10) is net.workspace(10)
    assert net.workspace(3) is not used  # without the way back it is another one
    assert len(net._workspaces) <= WORKSPACES


def test_the_first_layer_tells_nobody() -> None:
    """∂L/∂x of the pixels costs as much as all else, and nobody asks for it."""
    net = network([dense(5), dense(4)], (6,), loss="mse")
    work = net.workspace(2, training=True)
    assert work.flows[0].dx is None and work.flows[1].dx is not None
    assert work.flows[1].dx.ctypes.data == work.flows[0].da.ctypes.data


def test_arrays_come_in_the_order_of_a_step() -> None:
    net = network([dense(5), {"type": "flatten"}, dense(4)], (6,), loss="mse")
    assert [name for name, _ in net.arrays(net.workspace(2, training=True))] == [
        "x",
        "layers.0.z",
        "layers.0.a",
        "layers.1.a",
        "layers.2.z",
        "layers.2.a",
        "layers.2.da",
        "layers.2.delta",
        "layers.2.dx",
        "layers.1.da",
        "layers.1.dx",
        "layers.0.da",
        "layers.0.delta",
    ]


def test_a_classic_step_by_hand() -> None:
    """784-36-10's smaller sister: one step of SGD, written out as in the textbooks."""
    net = network([dense(5), dense(4)], (6,), loss="mse", engine=make_engine("numpy"))
    x, labels = examples(3, (6,), 4)
    x = x.astype(np.float32)
    w1, b1, w2, b2 = (array.copy() for array in net.parameters().values())
    y = np.eye(4)[labels]
    a1 = 1 / (1 + np.exp(-(x @ w1.T + b1)))
    a2 = 1 / (1 + np.exp(-(a1 @ w2.T + b2)))
    loss = 0.5 * ((a2 - y) ** 2).sum(axis=1).mean()
    d2 = (a2 - y) * a2 * (1 - a2)
    d1 = (d2 @ w2) * a1 * (1 - a1)
    rate = 3.0 / len(x)
    wanted = (
        w1 - rate * d1.T @ x, b1 - rate * d1.sum(0), w2 - rate * d2.T @ a1, b2 - rate * d2.sum(0)
    )  # fmt: skip
    optimizer = SGD(lr=3.0)
    sinks = net.attach(optimizer)
    work = net.workspace(3, training=True)
    net.engine.load(x, work.x)
    net.engine.one_hot(labels, work.y)
    net.forward(work, training=True)
    assert net.measure_loss(work, training=True) == pytest.approx(loss, rel=1e-6)
    net.backward(work, sinks)
    optimizer.finish()
    for found, by_hand in zip(net.parameters().values(), wanted, strict=True):
        np.testing.assert_allclose(found, by_hand, rtol=1e-5, atol=1e-6)
