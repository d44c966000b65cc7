"""Each loss against its definition; fused and plain forms against each other; hard cases."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS
from glassnet.engines import ENGINES, Engine, make_engine
from glassnet.losses import LOSSES
from unit.small import EXACT

Floats = NDArray[np.float64]
RNG = np.random.default_rng(8)
Z = RNG.normal(size=(5, 4)) * 2
Y = np.eye(4)[[0, 3, 1, 1, 2]]

# One row a loss: one example's, by its textbook definition.
DEFINITIONS = {
    "mse": lambda a, y: ((a - y) ** 2).sum(axis=1) / 2,
    "cross_entropy": lambda a, y: -np.log((a * y).sum(axis=1)),
    "binary_cross_entropy": lambda a, y: -np.log(np.where(y == 1, a, 1 - a)).sum(axis=1),
}
PAIRS = [(loss, last) for loss in LOSSES.values() for last in loss.outputs or ("sigmoid",)]


def measure(
    engine: Engine, loss: str, last: str, z: Floats, y: Floats, fused: bool
) -> tuple[float, Floats]:
    """The loss, and δ."""
    arrays = [engine.zeros(z.shape) for _ in range(5)]
    for array, values in zip(arrays, (z, y), strict=False):
        engine.load(np.ascontiguousarray(values), array)
    given, targets, a, da, delta = arrays
    ACTIVATIONS[last].forward(engine, given, a)
    if fused:
        value = engine.loss(LOSSES[loss].fused[last], given, a, targets, delta)
    else:
        value = engine.loss(LOSSES[loss].plain, given, a, targets, da)
        ACTIVATIONS[last].backward(engine, given, a, da, delta)
    return value, np.array(delta, np.float64)


def test_every_loss_has_a_row() -> None:
    assert DEFINITIONS.keys() == LOSSES.keys()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("loss", "last"), [(loss.name, last) for loss, last in PAIRS])
def test_definition(loss: str, last: str, engine: str) -> None:
    made = make_engine(engine)
    exact = EXACT["numpy"]()
    a = exact.zeros(Z.shape)
    ACTIVATIONS[last].forward(exact, Z, a)
    wanted = DEFINITIONS[loss](a, Y).mean()
    for fused in (False, True):
        if not fused or last in LOSSES[loss].fused:
            assert measure(made, loss, last, Z, Y, fused)[0] == pytest.approx(wanted, rel=2e-6)


FUSED = [(loss.name, last) for loss in LOSSES.values() for last in loss.fused]


@pytest.mark.parametrize("engine", EXACT)
@pytest.mark.parametrize(("loss", "last"), FUSED)
def test_fused_is_the_same(loss: str, last: str, engine: str) -> None:
    plain = measure(EXACT[engine](), loss, last, Z, Y, fused=False)
    fused = measure(EXACT[engine](), loss, last, Z, Y, fused=True)
    assert fused[0] == pytest.approx(plain[0], rel=1e-12)
    np.testing.assert_allclose(fused[1], plain[1], rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("loss", "last"), FUSED)
@pytest.mark.parametrize("size", [30, 100, 1e4])
def test_fused_is_exact_where_the_outputs_are_rounded(
    loss: str, last: str, engine: str, size: float
) -> None:
    """Sure and wrong: the output is 0 in float32, but the loss is `size` and δ its full height."""
    z = np.full((1, 3), -size)
    z[0, 1] = size if last == "sigmoid" else 0
    y = np.eye(3)[[2]]
    value, delta = measure(make_engine(engine), loss, last, z, y, fused=True)
    wanted = 2 * size if last == "sigmoid" else size
    assert value == pytest.approx(wanted, rel=1e-6)
    np.testing.assert_allclose(delta, [[0, 1, -1]], atol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_plain_loss_survives_a_rounded_zero(engine: str) -> None:
    value, delta = measure(
        make_engine(engine),
        "cross_entropy",
        "sigmoid",
        np.full((1, 2), -200.0),
        np.eye(2)[[0]],
        False,
    )
    assert np.isfinite(value) and value > 60 and np.isfinite(delta).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_is_the_batch_mean(loss: str, engine: str) -> None:
    """Twice the same examples: the same loss, and half the gradient for each."""
    last = (LOSSES[loss].outputs or ("sigmoid",))[0]
    fused = last in LOSSES[loss].fused
    once = measure(make_engine(engine), loss, last, Z, Y, fused)
    twice = measure(make_engine(engine), loss, last, np.tile(Z, (2, 1)), np.tile(Y, (2, 1)), fused)
    assert twice[0] == pytest.approx(once[0], rel=1e-6)
    np.testing.assert_allclose(twice[1], np.tile(once[1], (2, 1)) / 2, rtol=1e-5, atol=1e-9)
