"""The simd engine on its kernel, against numpy; what the kernel must decline.

The kernel is WebAssembly for Pyodide's Python, so most of this runs in the browser only. (That the
engine keeps the protocol is tested with all engines, in test_engines.py.)
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.activations import Activation
from glassnet_bridge import simd_kernel
from glassnet_bridge.simd import SimdEngine

BROWSER = sys.platform == "emscripten"
in_browser = pytest.mark.skipif(not BROWSER, reason="the kernel needs Pyodide's Python")
GUARD = np.float32(-77)


@pytest.fixture(scope="module", params=simd_kernel.BUILDS)
def kernel(request: pytest.FixtureRequest) -> Any:
    """Each build, for Chromium and Firefox have both."""
    loaded = simd_kernel.load_build(request.param)
    assert loaded is not None and simd_kernel.works(loaded)
    return loaded


@pytest.fixture
def engine(kernel: Any) -> SimdEngine:
    return SimdEngine(kernel)


def random(*shape: int, seed: int = 0, zeros: float = 0.0) -> NDArray[np.float32]:
    """Numbers of which a part are zero, in runs: that is what the kernel leaves out."""
    rng = np.random.default_rng([seed, *shape])
    array = rng.standard_normal(shape).astype(np.float32)
    runs = rng.random(-(-array.size // 8)) < zeros
    array.reshape(-1)[np.repeat(runs, 8)[: array.size]] = 0
    return array


# Products -----------------------------------------------------------------------------------

SHAPES = [(1, 1, 1), (2, 6, 24), (3, 7, 5), (10, 36, 784), (36, 784, 10), (5, 8, 300), (9, 9, 260)]
SHAPES += [(65, 13, 1030), (33, 5, 257), (11, 25, 130), (8, 25, 700), (4, 10, 64), (40, 3, 2)]


@in_browser
@pytest.mark.parametrize("factors", [(1.0, 0.0), (-0.5, 1.0), (2.0, 0.9)])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_products(kernel: Any, shape: tuple[int, int, int], factors: tuple[float, float]) -> None:
    """Every way to transpose, sparse and not; the numbers beside the result stay."""
    M, N, K = shape
    alpha, beta = factors
    for seed, zeros in enumerate((0.0, 0.6, 1.0)):
        a, b, before = random(M, K, seed=seed, zeros=zeros), random(K, N), random(M, N)
        exact = alpha * (a.astype(float) @ b) + beta * before
        for ta in (False, True):
            for tb in (False, True):
                room = np.full((M + 2, N), GUARD)
                out = room[1:-1]
                out[...] = before if beta else np.nan
                left = np.ascontiguousarray(a.T if ta else a)
                right = np.ascontiguousarray(b.T if tb else b)
                assert kernel.product(left, right, out, ta, tb, alpha, beta) is True
                np.testing.assert_allclose(out, exact, rtol=1e-4, atol=2e-6 * math.sqrt(K) * 2)
                assert (room[[0, -1]] == GUARD).all()


@in_browser
@pytest.mark.parametrize("units", [1, 4, 10, 36, 37])
@pytest.mark.parametrize("batch", [1, 10, 33])
def test_affine_there_and_back(kernel: Any, batch: int, units: int) -> None:
    x, weight = random(batch, 50, zeros=0.5), random(units, 50)
    bias, delta = random(units), random(batch, units)
    z, a, dx = random(batch, units), random(batch, units), random(batch, 50)
    assert kernel.affine(x, weight, bias, z, a, None) is True
    np.testing.assert_allclose(z, x @ weight.T + bias, rtol=1e-4, atol=1e-5)
    new, new_bias = weight.copy(), bias.copy()
    done = kernel.affine_backward(x, new, delta, dx, new, -0.1, 1.0, new_bias, -0.1, 0.5)
    assert done is True
    np.testing.assert_allclose(dx, delta @ weight, rtol=1e-4, atol=1e-5)  # of the old weight
    np.testing.assert_allclose(new, weight - 0.1 * (delta.T @ x), rtol=1e-4, atol=1e-5)
    wanted = 0.5 * bias - 0.1 * delta.sum(axis=0)
    np.testing.assert_allclose(new_bias, wanted, rtol=1e-4, atol=1e-5)


# What is declined ---------------------------------------------------------------------------


def frozen(*shape: int) -> NDArray[np.float32]:
    array = random(*shape)
    array.flags.writeable = False
    return array


class Strange(np.ndarray[Any, Any]):
    """A subclass may mean anything by its header."""


BAD: dict[str, Callable[[], Any]] = {
    "float64": lambda: random(4, 6).astype(float),
    "other byte order": lambda: random(4, 6).astype(np.dtype(np.float32).newbyteorder()),
    "every other column": lambda: random(4, 12)[:, ::2],
    "Fortran order": lambda: np.asfortranarray(random(4, 6)),
    "another shape": lambda: random(4, 5),
    "read-only": lambda: frozen(4, 6),
    "a subclass": lambda: random(4, 6).view(Strange),
    "a list": lambda: [[0.0] * 6] * 4,
    "nothing": lambda: None,
}


@in_browser
@pytest.mark.parametrize("bad", BAD)
def test_an_output_that_does_not_fit_is_declined_and_left_alone(kernel: Any, bad: str) -> None:
    out = BAD[bad]()
    before = np.array(out)
    x, weight, bias, delta = random(4, 3), random(6, 3), random(6), random(4, 6)
    assert kernel.product(x, weight, out, 0, 1, 1.0, 0.0) is None
    assert kernel.affine(x, weight, bias, out, random(4, 6), None) is None
    w, b = random(6, 6), random(6)
    assert kernel.affine_backward(delta, w, delta, None, out, 1.0, 0.0, b, 1.0, 0.0) is None
    assert kernel.gather(np.zeros((9, 6), np.uint8), np.arange(4), out) is None
    assert kernel.one_hot(np.full(4, 5, np.uint8), out) is None
    if out is not None:
        np.testing.assert_array_equal(np.array(out), before)


@in_browser
@pytest.mark.parametrize("bad", [name for name in BAD if name != "read-only"])
def test_an_input_that_does_not_fit_is_declined(kernel: Any, bad: str) -> None:
    wrong, out = BAD[bad](), np.full((4, 6), GUARD)
    assert kernel.product(wrong, random(6, 6), out, 0, 0, 1.0, 0.0) is None
    assert kernel.column_sums(wrong, np.zeros(6, np.float32), 1.0, 0.0) is None or bad == "another"
    assert kernel.correct(wrong, random(4, 6)) is None
    assert (out == GUARD).all()


@in_browser
def test_overlapping_arrays_are_declined(kernel: Any) -> None:
    room = random(40)
    a, out = room[:24].reshape(4, 6), room[12:36].reshape(4, 6)
    assert kernel.product(a, random(6, 6), out, 0, 0, 1.0, 0.0) is None
    assert (
        kernel.product(random(4, 6), a[:1].reshape(6, 1), out[:1].reshape(6, 1), 0, 0, 1, 0) is None
    )


@in_browser
def test_wrong_numbers_of_arguments_are_declined(kernel: Any) -> None:
    for name in dir(kernel):
        if not name.startswith("__") and callable(getattr(kernel, name)):
            assert getattr(kernel, name)() is None, name
            assert getattr(kernel, name)(*["?"] * 12) is None, name


@in_browser
def test_numpy_does_what_the_kernel_declines(engine: SimdEngine) -> None:
    a, b, out = random(4, 6).astype(float), random(6, 5).astype(float), np.zeros((4, 5))
    engine.product(a, b, out)
    np.testing.assert_allclose(out, a @ b)
    with pytest.raises(IndexError):
        engine.gather(np.zeros((3, 2, 2), np.uint8), np.array([0, 3]), engine.zeros((2, 4)))
    with pytest.raises(ValueError):
        engine.product(random(4, 6), random(5, 6), engine.zeros((4, 6)))


# Formulas -----------------------------------------------------------------------------------

EDGES = [0.0, -0.0, 1e-30, -1e-30, 1e-40, 0.6, -0.62, 0.63, 5.0, -5.0, 88.0, 89.0, -88.0, -104.0]
EDGES += [1e10, -1e10, math.inf, -math.inf, math.nan, 3.4e38, 1.17549435e-38]


@in_browser
@pytest.mark.parametrize("name", ["exp", "log", "log1p", "tanh", "sqrt", "absolute", "sign"])
def test_functions_at_the_ends_of_their_ranges(engine: SimdEngine, name: str) -> None:
    x = np.array([*EDGES, *np.linspace(-20, 20, 999)], np.float32)
    found = engine.zeros(x.shape)
    engine.map(found, lambda m, x: getattr(m, name)(x), x)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(found, getattr(np, name)(x), rtol=1e-6, atol=2e-38)


@in_browser
@pytest.mark.parametrize("count", [1, 3, 4, 255, 256, 257, 1030])
def test_blocks_and_their_ends(engine: SimdEngine, count: int) -> None:
    room = np.full(count + 2, GUARD)
    x, out = random(count), room[1:-1]
    engine.map(out, lambda m, x: x * x + 1, x)
    np.testing.assert_allclose(out, x * x + 1, rtol=1e-6)
    assert (room[[0, -1]] == GUARD).all()
    total = engine.total(lambda m, x: x * x, x)
    assert total == pytest.approx(float((x * x).sum()), rel=1e-5)


@in_browser
@pytest.mark.parametrize("columns", [1, 3, 8, 10, 300])
def test_rows_and_columns_are_spread(engine: SimdEngine, columns: int) -> None:
    x, row, column = random(50, columns), random(columns), random(50, 1)
    out = engine.zeros(x.shape)
    engine.map(out, lambda m, x, row, column: x * row - column, x, row, column)
    np.testing.assert_allclose(out, x * row - column, rtol=1e-5, atol=1e-6)
    sums = engine.row_sums(lambda m, x, row: x * row, x, row)
    np.testing.assert_allclose(sums, (x * row).sum(axis=1, keepdims=True), rtol=1e-4, atol=1e-5)


@in_browser
def test_in_place(engine: SimdEngine) -> None:
    x, y = random(1000), random(1000)
    one, other = x.copy(), y.copy()
    engine.update(lambda m, x, y, k: (y * k, x), (2.0,), one, other)
    np.testing.assert_array_equal(one, y * 2)
    np.testing.assert_array_equal(other, x)
    engine.map(one, lambda m, x: x + 1, one)
    np.testing.assert_array_equal(one, y * 2 + 1)
    shifted = x.copy()
    engine.map(shifted[1:], lambda m, x: x + 1, shifted[:-1])  # would read what it has written
    np.testing.assert_array_equal(shifted[1:], x[:-1] + 1)


@in_browser
def test_an_edited_formula_is_the_one_that_counts(engine: SimdEngine) -> None:
    """The kernel knows nothing by name: another sigmoid is another sigmoid."""
    mine = Activation("sigmoid", lambda m, z: 3.0 * z, lambda m, z, a: 3.0, "", "")
    z, a = random(4, 5), engine.zeros((4, 5))
    mine.forward(engine, z, a)
    np.testing.assert_allclose(a, 3 * z, rtol=1e-6)
    for factor in (2.0, 5.0):  # the same code, closing over another number
        engine.map(a, lambda m, z, factor=factor: factor * z, z)
    for factor in (2.0, 5.0):
        scaled(engine, factor, z, a)
        np.testing.assert_allclose(a, factor * z, rtol=1e-6)


def scaled(engine: SimdEngine, factor: float, z: Any, out: Any) -> None:
    engine.map(out, lambda m, z: factor * z, z)


class Slope:
    """Something that a formula closes over, and that changes."""

    factor = 2.0

    def __call__(self, engine: SimdEngine, z: Any, out: Any) -> None:
        engine.map(out, lambda m, z: self.factor * z, z)


@in_browser
def test_what_a_formula_closes_over_may_change(engine: SimdEngine) -> None:
    slope, z, out = Slope(), random(4, 5), engine.zeros((4, 5))
    for factor in (2.0, 3.0):
        slope.factor = factor
        slope(engine, z, out)
        np.testing.assert_allclose(out, factor * z, rtol=1e-6)


@in_browser
def test_a_formula_that_cannot_be_followed_runs_on_numpy(engine: SimdEngine) -> None:
    x, out = random(30), engine.zeros((30,))
    engine.map(out, lambda m, x: m.cumsum(x), x)
    np.testing.assert_allclose(out, np.cumsum(x), rtol=1e-6)
    assert engine.total(lambda m, x: m.floor(x), x) == np.floor(x).sum()
