"""Each optimiser against its recipe written out, number by number, over ten steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from glassnet.engines import ENGINES, make_engine
from glassnet.optimizers import OPTIMIZERS, Optimizer
from glassnet.options import make
from unit.small import EXACT, dense, examples, network

Recipe = Callable[[float, float, dict[str, float], int], float]  # (θ, g, memory, t) → θ


def sgd(theta: float, g: float, memory: dict[str, float], t: int) -> float:
    return theta - 0.1 * g


def momentum(theta: float, g: float, memory: dict[str, float], t: int) -> float:
    memory["v"] = 0.9 * memory.get("v", 0) + g
    return theta - 0.1 * memory["v"]


def nesterov(theta: float, g: float, memory: dict[str, float], t: int) -> float:
    memory["v"] = 0.9 * memory.get("v", 0) + g
    return theta - 0.1 * (g + 0.9 * memory["v"])


def rmsprop(theta: float, g: float, memory: dict[str, float], t: int) -> float:
    memory["s"] = 0.9 * memory.get("s", 0) + 0.1 * g**2
    return theta - 0.1 * g / (math.sqrt(memory["s"]) + 1e-8)


def adam(theta: float, g: float, memory: dict[str, float], t: int) -> float:
    memory["v"] = 0.9 * memory.get("v", 0) + 0.1 * g
    memory["s"] = 0.999 * memory.get("s", 0) + 0.001 * g**2
    v, s = memory["v"] / (1 - 0.9**t), memory["s"] / (1 - 0.999**t)
    return theta - 0.1 * v / (math.sqrt(s) + 1e-8)


def adamw(theta: float, g: float, memory: dict[str, float], t: int) -> float:
    return adam(theta - 0.1 * 0.01 * theta, g, memory, t)


# One row an optimiser.
RECIPES: dict[str, Recipe] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}
PENALTIES: dict[str, dict[str, float]] = {
    "none": {},
    "l2": {"l2": 0.3},
    "l1": {"l1": 0.2},
    "both": {"l1": 0.2, "l2": 0.3},
}


def made(kind: str, **options: float) -> Optimizer:
    optimizer: Optimizer = make(OPTIMIZERS, {"type": kind, "lr": 0.1, **options})
    return optimizer


def test_every_optimizer_has_a_row() -> None:
    assert RECIPES.keys() == OPTIMIZERS.keys()


@pytest.mark.parametrize("engine_name", ENGINES)
@pytest.mark.parametrize("seen", [False, True])
@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("kind", RECIPES)
def test_recipe(kind: str, penalty: str, seen: bool, engine_name: str) -> None:
    """Ten steps with gradients that come through the sinks, as a backward pass sends them."""
    engine, options = make_engine(engine_name), PENALTIES[penalty]
    rng = np.random.default_rng(4)
    start = rng.normal(size=5)
    weights, bias = engine.zeros((1, 5)), engine.zeros((5,))
    for array in (weights, bias):
        engine.load(start, array)
    optimizer = made(kind, **options)
    optimizer.attach(engine, {"w": weights, "b": bias}, {"w"}, ("w", "b") if seen else ())
    wanted = {"w": start.tolist(), "b": start.tolist()}
    memories = {name: [dict[str, float]() for _ in start] for name in wanted}
    gradient = engine.zeros((1, 5))
    for t in range(1, 11):
        g = rng.normal(size=5)
        engine.load(g, gradient)
        optimizer.begin(1.0)
        for name, array in (("w", gradient), ("b", engine.view(gradient, (5,)))):
            engine.accumulate(array, optimizer.sinks[name])
        optimizer.finish()
        for name, values in wanted.items():
            for i, theta in enumerate(values):
                pull = 0.0
                if name == "w":
                    pull = options.get("l2", 0) * theta
                    pull += options.get("l1", 0) * float(np.sign(theta))
                recipe = RECIPES[kind]
                if name == "b" and kind == "adamw":
                    recipe = adam  # biases do not decay
                values[i] = recipe(theta, g[i] + pull, memories[name][i], t)
    tolerance = 1e-5 if engine.dtype == "float32" else 1e-12
    np.testing.assert_allclose(np.ravel(weights), wanted["w"], rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(np.ravel(bias), wanted["b"], rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("engine_name", EXACT)
@pytest.mark.parametrize("kind", RECIPES)
def test_seen_or_unseen_is_the_same(kind: str, engine_name: str) -> None:
    """Whether a product makes the gradient where it belongs, or in a buffer first."""
    weights = []
    for seen in (False, True):
        engine = EXACT[engine_name]()
        net = network([dense(5, "tanh"), dense(3, "softmax")], engine=engine)
        optimizer = made(kind, l2=0.01)
        sinks = net.attach(optimizer, seen)
        work = net.workspace(4, training=True)
        for step in range(10):
            x, labels = examples(4, (6,), 3, seed=step)
            engine.load(x, work.x)
            engine.one_hot(labels, work.y)
            optimizer.begin(1 / (1 + step))
            net.forward(work, training=True)
            net.measure_loss(work, training=True)
            net.backward(work, sinks)
            optimizer.finish()
        weights.append({name: np.array(array) for name, array in net.parameters().items()})
    for name in weights[0]:
        np.testing.assert_allclose(weights[0][name], weights[1][name], rtol=1e-9, err_msg=name)


def test_what_goes_unseen() -> None:
    """Plain SGD and momentum need no buffers; whoever must look at gradients has them."""
    unseen = {kind: not attached(kind).gradients for kind in OPTIMIZERS}
    assert unseen == {kind: kind in ("sgd", "momentum") for kind in OPTIMIZERS}
    for options in ({"clip": 1.0}, {"l1": 0.1}):
        assert attached("sgd", **options).gradients.keys() == {"w"}
    assert not attached("sgd", l2=0.1).gradients  # folded into beta


def attached(kind: str, **options: Any) -> Optimizer:
    optimizer = made(kind, **options)
    engine = make_engine("numpy")
    optimizer.attach(engine, {"w": engine.zeros((2, 2))}, {"w"})
    return optimizer


@pytest.mark.parametrize("engine_name", ENGINES)
@pytest.mark.parametrize(("size", "wanted"), [(3.0, 1.0), (0.5, 0.5)])
def test_clipping_is_of_all_gradients_together(
    engine_name: str, size: float, wanted: float
) -> None:
    engine = make_engine(engine_name)
    arrays = {name: engine.zeros((2,)) for name in ("w", "b")}
    optimizer = made("sgd", clip=1.0)
    optimizer.attach(engine, arrays, {"w"})
    direction = np.array([[0.6, 0.0], [0.0, -0.8]])
    for (name, sink), part in zip(optimizer.sinks.items(), direction, strict=True):
        assert name in arrays
        engine.load(size * part, sink.array)
    optimizer.begin(1.0)
    optimizer.finish()
    found = np.array([np.asarray(array) for array in arrays.values()])
    np.testing.assert_allclose(found, -0.1 * wanted * direction, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_the_schedule_scales_the_rate(kind: str) -> None:
    """At factor 0 nothing moves; at ½, plain SGD goes half as far."""
    engine = make_engine("numpy")
    moved = {}
    for factor in (0.0, 0.5, 1.0):
        weight, gradient = engine.zeros((2, 2)), engine.zeros((2, 2))
        engine.load(np.array([1.0, -2, 3, 0.5]), gradient)
        optimizer = made(kind, l2=0.1)
        optimizer.attach(engine, {"w": weight}, {"w"})
        optimizer.begin(factor)
        engine.accumulate(gradient, optimizer.sinks["w"])
        optimizer.finish()
        moved[factor] = np.array(weight)
    assert not moved[0.0].any()
    np.testing.assert_allclose(moved[0.5], moved[1.0] / 2, rtol=1e-6)
