"""Every engine does the same arithmetic: each primitive against its definition, and whole runs."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import glassnet.engines.numpy
from glassnet.engines import ENGINES, Engine, Window, make_engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.events import Step
from unit.small import EXACT, bars, dense, run

BROWSER = sys.platform == "emscripten"
SIZE = st.integers(1, 6)
SEED = st.integers(0, 2**16)
FACTOR = st.sampled_from([1.0, 0.0, -0.5, 2.0])
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}


def numbers(shape: Sequence[int], seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(tuple(shape))


def put(engine: Engine, values: NDArray[Any]) -> Any:
    array = engine.zeros(values.shape)
    engine.load(np.ascontiguousarray(values, np.float64), array)
    return array


def same(engine: Engine, array: Any, wanted: NDArray[Any]) -> None:
    found = np.asarray(array)
    assert found.shape == wanted.shape and found.dtype == engine.dtype
    tolerance = TOLERANCE[engine.dtype]
    np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)


@pytest.fixture(params=[*ENGINES, "numpy, einsum"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Each engine of the table, and numpy's in both of its ways to multiply."""
    name, _, how = request.param.partition(", ")
    monkeypatch.setattr(glassnet.engines.numpy, "HAS_BLAS", how != "einsum")
    monkeypatch.setattr(glassnet.engines.numpy, "EINSUM_FROM", 0)
    return make_engine(name)


def each(test: Any) -> Any:
    """Hypothesis examples for one engine after the other: no fixture is needed in between."""
    return pytest.mark.parametrize("name", ENGINES)(settings(deadline=None)(test))


def test_a_new_array_is_zero(engine: Engine) -> None:
    same(engine, engine.zeros((2, 3)), np.zeros((2, 3)))


def test_a_view_shares_its_memory(engine: Engine) -> None:
    array = engine.zeros((2, 3))
    view = engine.view(array, (3, 2))
    engine.load(np.arange(6.0), array)
    same(engine, view, np.arange(6.0).reshape(3, 2))
    with pytest.raises(ValueError):
        engine.view(array, (4, 2))


def test_load_takes_both_precisions_and_any_shape(engine: Engine) -> None:
    out = engine.zeros((2, 2))
    engine.load(np.array([[1, 2], [3, 0.1]], np.float32), out)
    wanted = np.array([[1, 2], [3, 0.1]], np.float32)
    np.testing.assert_array_equal(np.asarray(out), wanted)
    engine.load(np.array([5.0, 6, 7, 8]), out)
    same(engine, out, np.array([[5.0, 6], [7, 8]]))


def test_gather_divides_bytes_by_255(engine: Engine) -> None:
    images = np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3) * 11
    rows = np.array([3, 0, 3])
    out = engine.zeros((3, 2, 3))
    engine.gather(images, rows, out)
    same(engine, out, images[rows] / 255)
    assert np.asarray(out).max() <= 1


def test_gather_is_exact(engine: Engine) -> None:
    """p / 255, rounded once: every engine starts from the very same pixels."""
    images = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    out = engine.zeros((1, 16, 16))
    engine.gather(images, np.array([0]), out)
    np.testing.assert_array_equal(out, (images / 255).astype(engine.dtype))


def test_one_hot(engine: Engine) -> None:
    out = put(engine, numbers((3, 4), 1))
    engine.one_hot(np.array([3, 0, 3], np.uint8), out)
    same(engine, out, np.array([[0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 0, 1.0]]))


def test_argmax_takes_the_first_of_equals(engine: Engine) -> None:
    array = put(engine, np.array([[1.0, 3, 3], [0, -1, -2], [-5, -4, -3]]))
    assert list(engine.argmax(array)) == [1, 0, 2]


def test_correct_counts_rows_whose_largest_numbers_meet(engine: Engine) -> None:
    a = put(engine, np.array([[1.0, 3, 3], [0, -1, -2], [-5, -4, -3]]))
    y = put(engine, np.array([[0.0, 1, 0], [0, 0, 1], [0, 0, 1]]))
    assert engine.correct(a, y) == 2


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_finite(engine: Engine, value: float) -> None:
    values = numbers((3, 4), 2)
    assert engine.finite(put(engine, values))
    values[2, 1] = value
    assert not engine.finite(put(engine, values))


@each
@given(m=SIZE, k=SIZE, n=SIZE, ta=st.booleans(), tb=st.booleans(), alpha=FACTOR, beta=FACTOR)
def test_product(
    name: str, m: int, k: int, n: int, ta: bool, tb: bool, alpha: float, beta: float
) -> None:
    for blas in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(glassnet.engines.numpy, "HAS_BLAS", blas)
            patch.setattr(glassnet.engines.numpy, "EINSUM_FROM", 0)
            engine = make_engine(name)
            a, b, out = numbers((m, k), 1), numbers((k, n), 2), numbers((m, n), 3)
            wanted = alpha * a @ b + beta * out
            target = put(engine, out)
            left, right = put(engine, a.T if ta else a), put(engine, b.T if tb else b)
            engine.product(left, right, target, ta, tb, alpha, beta)
            same(engine, target, wanted)
            same(engine, left, a.T if ta else a)  # the factors are left alone


def test_a_product_forgets_what_was_there(engine: Engine) -> None:
    """With beta 0, even NaN: 0 · NaN would stay NaN."""
    out = put(engine, np.full((2, 2), np.nan))
    engine.product(put(engine, np.eye(2)), put(engine, np.eye(2)), out)
    same(engine, out, np.eye(2))
    sums = put(engine, np.full(2, np.nan))
    engine.column_sums(put(engine, np.eye(2)), sums)
    same(engine, sums, np.ones(2))


@each
@given(n=SIZE, c=SIZE, seed=SEED)
def test_map_spreads_rows_and_columns(name: str, n: int, c: int, seed: int) -> None:
    engine = make_engine(name)
    full, row, column = numbers((n, c), seed), numbers((c,), seed + 1), numbers((n, 1), seed + 2)
    out = engine.zeros((n, c))
    arrays = [put(engine, values) for values in (full, row, column)]
    engine.map(out, lambda m, x, r, k: m.maximum(x, r) * 2 + m.tanh(k), *arrays)
    same(engine, out, np.maximum(full, row) * 2 + np.tanh(column))


@pytest.mark.parametrize("name", ["exp", "tanh", "absolute", "sign", "log1p", "sqrt", "log"])
def test_formulas_have_functions(engine: Engine, name: str) -> None:
    values = np.array([0.3, 1.0, 2.5]) if name in ("log1p", "sqrt", "log") else numbers((9,), 4)
    out = engine.zeros(values.shape)
    engine.map(out, lambda m, x: getattr(m, name)(x), put(engine, values))
    same(engine, out, getattr(np, name)(values))


@pytest.mark.parametrize(
    ("name", "x", "wanted"),
    [("exp", 1e4, math.inf), ("exp", -1e4, 0.0), ("log", 0.0, -math.inf), ("exp", math.nan, None)],
)
def test_overflow_is_no_error(engine: Engine, name: str, x: float, wanted: float | None) -> None:
    out = engine.zeros((1,))
    with np.errstate(all="ignore"):
        engine.map(out, lambda m, x: getattr(m, name)(x), put(engine, np.array([x])))
    same(engine, out, np.array([math.nan if wanted is None else wanted]))


def test_maximum_keeps_nan(engine: Engine) -> None:
    """A relu that hides NaN would hide a divergence."""
    out = engine.zeros((1,))
    engine.map(out, lambda m, x: m.maximum(x, 0.0), put(engine, np.array([math.nan])))
    assert not engine.finite(out)


def test_update_changes_as_many_as_the_rule_gives(engine: Engine) -> None:
    x, v, g = (numbers((3, 2), seed) for seed in range(3))
    arrays = [put(engine, values) for values in (x, v, g)]
    engine.update(lambda m, x, v, g, rate: (x - rate * g, v + g), (0.5,), *arrays)
    for array, wanted in zip(arrays, (x - 0.5 * g, v + g, g), strict=True):
        same(engine, array, wanted)


@each
@given(n=SIZE, c=SIZE, seed=SEED, alpha=FACTOR, beta=FACTOR)
def test_reductions(name: str, n: int, c: int, seed: int, alpha: float, beta: float) -> None:
    engine = make_engine(name)
    values, old = numbers((n, c), seed), numbers((c,), seed + 1)
    array, out = put(engine, values), put(engine, old)
    assert engine.total(lambda m, x: x * x, array) == pytest.approx((values**2).sum(), rel=1e-5)
    same(engine, engine.row_maxima(array), values.max(axis=1, keepdims=True))
    same(engine, engine.row_sums(lambda m, x: 3 * x, array), 3 * values.sum(1, keepdims=True))
    engine.column_sums(array, out, alpha, beta)
    same(engine, out, alpha * values.sum(axis=0) + beta * old)


def test_long_columns_keep_their_digits(engine: Engine) -> None:
    """BatchNorm's mean is over every pixel of a batch; one by one, float32 would lose a digit."""
    values = np.random.default_rng(0).random((30_011, 5)).astype(np.float32)
    out = engine.zeros((5,))
    engine.column_sums(put(engine, values), out)
    np.testing.assert_allclose(out, values.sum(axis=0, dtype=float), rtol=5e-7)


def seen_by(window: Window, images: NDArray[Any]) -> NDArray[Any]:
    """unfold, by its definition."""
    p, size, step = window.padding, window.size, window.stride
    padded = np.pad(images, [(0, 0), (p, p), (p, p), (0, 0)])
    return np.array(
        [
            image[r : r + size, c : c + size].ravel()
            for image in padded
            for r in range(0, padded.shape[1] - size + 1, step)
            for c in range(0, padded.shape[2] - size + 1, step)
        ]
    )


@each
@given(
    batch=st.integers(1, 3), height=SIZE, width=SIZE, channels=st.integers(1, 3),
    size=st.integers(1, 4), stride=st.integers(1, 3), padding=st.integers(0, 2), seed=SEED,
)  # fmt: skip
def test_unfold_and_fold(
    name: str, batch: int, height: int, width: int, channels: int,
    size: int, stride: int, padding: int, seed: int,
) -> None:  # fmt: skip
    size = min(size, min(height, width) + 2 * padding)
    window, engine = Window(height, width, channels, size, stride, padding), make_engine(name)
    images = numbers((batch, height, width, channels), seed)
    wanted = seen_by(window, images)
    assert len(wanted) == batch * window.rows * window.columns
    out = engine.zeros(wanted.shape)
    engine.unfold(put(engine, images), window, out)
    same(engine, out, wanted)
    # fold is the transpose: ⟨unfold(x), y⟩ = ⟨x, fold(y)⟩ for all x and y.
    y = numbers(wanted.shape, seed + 1)
    back = put(engine, np.full(images.shape, 7.0))
    engine.fold(put(engine, y), window, back)
    assert (np.asarray(back) * images).sum() == pytest.approx((wanted * y).sum(), abs=1e-3)


@each
@given(n=SIZE, places=SIZE, c=SIZE, seed=SEED)
def test_pools(name: str, n: int, places: int, c: int, seed: int) -> None:
    engine = make_engine(name)
    seen = np.round(numbers((n, places, c), seed))  # rounded, so that there are equals
    dout = numbers((n, c), seed + 1)
    out, winner, dseen = engine.zeros((n, c)), engine.zeros((n, c)), engine.zeros(seen.shape)
    engine.pool(put(engine, seen), out, winner)
    same(engine, out, seen.max(axis=1))
    same(engine, winner, seen.argmax(axis=1).astype(float))
    engine.pool_backward(put(engine, dout), winner, dseen)
    first = np.arange(places)[None, :, None] == seen.argmax(axis=1)[:, None]
    same(engine, dseen, first * dout[:, None])
    engine.pool(put(engine, seen), out, None)
    same(engine, out, seen.mean(axis=1))
    engine.pool_backward(put(engine, dout), None, dseen)
    same(engine, dseen, np.repeat(dout[:, None], places, axis=1) / places)


NETWORKS: dict[str, list[dict[str, Any]]] = {
    "classic": [dense(9), dense(4)],
    "deep": [dense(8, "relu"), {"type": "batch_norm"}, dense(6, "gelu"), dense(4)],
    "convolution": [
        {"type": "conv2d", "filters": 3, "size": 3, "padding": 1},
        {"type": "max_pool2d"},
        {"type": "dropout", "rate": 0.25},
        dense(4),
    ],
    "pooled": [
        {"type": "conv2d", "filters": 2, "size": 2, "stride": 2, "activation": "leaky_relu"},
        {"type": "average_pool2d", "size": 2, "stride": 1},
        {"type": "flatten"},
        dense(4, "tanh"),
        {"type": "activation", "activation": "sigmoid"},
    ],
}
OPTIMIZER = {"sgd": 0.5, "momentum": 0.05, "adam": 0.01}


@pytest.mark.parametrize("optimizer", OPTIMIZER)
@pytest.mark.parametrize("layers", NETWORKS)
def test_the_same_run_on_both_engines(layers: str, optimizer: str) -> None:
    """Network, seed and batches alike: the losses agree to float32's precision."""
    losses = {}
    for engine in ENGINES:
        made = run(
            bars(train=40),
            layers=NETWORKS[layers],
            optimizer={"type": optimizer, "lr": OPTIMIZER[optimizer]},
            engine=engine,
            epochs=4,
            initializer="xavier_uniform",
        )
        losses[engine] = [event.loss for event in made.events() if isinstance(event, Step)]
    assert len(losses["numpy"]) == 20
    np.testing.assert_allclose(losses["python"], losses["numpy"], rtol=2e-4)
    np.testing.assert_allclose(losses["python"][:3], losses["numpy"][:3], rtol=5e-6)


def test_arrays_stay_where_they_are() -> None:
    """An engine may take addresses once: step after step the very same arrays come."""
    made = run()
    seen: list[list[int]] = []
    for event in made.events():
        if isinstance(event, Step) and made.learner.work is not None:
            arrays = dict(made.network.arrays(made.learner.work))
            assert all(array.flags.c_contiguous for array in arrays.values())
            seen.append([array.ctypes.data for array in arrays.values()])
            if len(seen) == 5:
                break
    assert all(addresses == seen[0] for addresses in seen)


def test_float64_for_checking() -> None:
    assert NumpyEngine("float64").zeros((1,)).dtype == np.float64
    assert {engine().dtype for engine in EXACT.values()} == {"float64"}


@pytest.mark.skipif(BROWSER, reason="not in the browser: it has no processes")
def test_the_python_engine_knows_no_numpy() -> None:
    code = (
        "import sys; from glassnet.engines.python import PythonEngine, Flat; "
        "e = PythonEngine(); out = e.zeros((1, 1)); "
        "e.product(Flat([1., 2.], (1, 2)), Flat([3., 4.], (2, 1)), out); "
        "assert out.data == [11.0] and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": _path()})


def _path() -> str:
    return str(glassnet.engines.__path__[0]).removesuffix("/glassnet/engines")
