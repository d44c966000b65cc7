"""The simd engine's loading, its memory, and whole runs, whose losses have to be numpy's."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.engines import ENGINES
from glassnet.engines.numpy import NumpyEngine
from glassnet.events import Step
from glassnet.training import Run
from glassnet_bridge import simd_kernel
from glassnet_bridge.simd import SimdEngine, register
from unit.small import bars, dense
from unit.test_simd import GUARD, engine, in_browser, kernel, random

__all__ = ["engine", "kernel"]  # fixtures

MARGIN = 8  # numbers


@in_browser
def test_growth_of_memory_is_survived(engine: SimdEngine) -> None:
    x, weight, out = random(10, 784), random(36, 784), engine.zeros((10, 36))
    held = []
    for _ in range(6):
        held.append(np.ones(40_000_000, np.uint8))  # far more than the heap has left
        late = engine.zeros((10, 36))
        for array in (out, late):
            array[:] = 0
            engine.product(x, weight, array, transpose_b=True)
            np.testing.assert_allclose(array, x @ weight.T, rtol=1e-3, atol=1e-4)
    assert sum(map(len, held)) > 2e8


@in_browser
def test_the_build_that_loads_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for build in simd_kernel.BUILDS:
        shutil.copy(simd_kernel.FOLDER / f"{build}.wasm", tmp_path)
    monkeypatch.setattr(simd_kernel, "FOLDER", tmp_path)
    assert simd_kernel.load().build == "relaxed"  # type: ignore[union-attr]
    other = tmp_path / "damaged"  # a path names one module for as long as Python runs
    other.mkdir()
    shutil.copy(tmp_path / "simd128.wasm", other)
    (other / "relaxed.wasm").write_bytes((tmp_path / "relaxed.wasm").read_bytes()[:-20_000])
    monkeypatch.setattr(simd_kernel, "FOLDER", other)
    assert simd_kernel.load().build == "simd128"  # type: ignore[union-attr]


def test_without_a_kernel_numpy_computes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "simd", lambda: NumpyEngine())
    for build in simd_kernel.BUILDS:
        (tmp_path / f"{build}.wasm").write_bytes(b"\0asm\1\0\0\0 not really")
    monkeypatch.setattr(simd_kernel, "FOLDER", tmp_path)
    assert register() == "numpy"
    assert ENGINES["simd"]().name == "numpy"


CONV: list[dict[str, Any]] = [
    {"type": "conv2d", "filters": 4, "size": 3, "activation": "relu"},
    {"type": "max_pool2d", "size": 2},
    {"type": "conv2d", "filters": 5, "size": 2, "padding": 1, "activation": "tanh"},
    {"type": "average_pool2d", "size": 2},
    dense(4, "softmax"),
]
NORMED: list[dict[str, Any]] = [
    {"type": "conv2d", "filters": 4, "size": 3, "stride": 2, "activation": "identity"},
    {"type": "batch_norm"},
    {"type": "activation", "activation": "leaky_relu"},
    {"type": "flatten"},
    {"type": "dropout", "rate": 0.2},
    dense(4, "softmax"),
]
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "sgd": {"lr": 1.0},
    "momentum": {"lr": 0.02},
    "nesterov": {"lr": 0.02, "l1": 1e-4, "l2": 1e-3},
    "rmsprop": {"lr": 0.003, "clip": 0.5},
    "adam": {"lr": 0.003},
    "adamw": {"lr": 0.003},
}
RUNS: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "classic": ([dense(12), dense(4)], "mse", "sgd"),
    "relu": ([dense(12, "relu"), dense(4, "softmax")], "cross_entropy", "momentum"),
    "gelu": ([dense(12, "gelu"), dense(4)], "binary_cross_entropy", "adamw"),
    "tanh": ([dense(12, "tanh"), dense(4, "softmax")], "cross_entropy", "nesterov"),
    "leaky": ([dense(12, "leaky_relu"), dense(4, "softmax")], "mse", "rmsprop"),
    "identity": ([dense(12, "identity"), dense(4)], "cross_entropy", "adam"),
    "convolutions": (CONV, "cross_entropy", "momentum"),
    "batch norm and dropout": (NORMED, "cross_entropy", "adam"),
}


class Fenced(SimdEngine):
    """Its arrays have a margin on both sides, where nothing may ever be written."""

    def __init__(self, kernel: Any) -> None:
        super().__init__(kernel)
        self._rooms: list[NDArray[np.float32]] = []

    def zeros(self, shape: Sequence[int]) -> NDArray[np.float32]:
        room = np.full(math.prod(shape) + 2 * MARGIN, GUARD)
        self._rooms.append(room)
        inside = room[MARGIN:-MARGIN].reshape(shape)
        inside[...] = 0
        return inside

    def check(self) -> None:
        assert len(self._rooms) > 10
        for room in self._rooms:
            assert (room[:MARGIN] == GUARD).all() and (room[-MARGIN:] == GUARD).all()


@in_browser
@pytest.mark.parametrize("name", RUNS)
def test_losses_are_numpys(name: str, kernel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a hundred steps within 1e-5; and the kernel does it all."""
    layers, loss, rule = RUNS[name]
    optimizer = {"type": rule, **OPTIMIZERS[rule]}
    common = {"initializer": "xavier_uniform", "batch": 12, "epochs": 50, "evaluate_every": 0}
    chosen = {"layers": layers, "loss": loss, "optimizer": optimizer, "engine": "simd"}
    config = RunConfig.from_json({**common, **chosen})
    monkeypatch.setitem(ENGINES, "simd", NumpyEngine)
    wanted = losses(config)
    for method in ("product", "map", "update", "total", "row_sums", "row_maxima", "column_sums"):
        monkeypatch.setattr(NumpyEngine, method, declined)
    for method in ("gather", "one_hot", "correct", "unfold", "fold", "pool", "pool_backward"):
        monkeypatch.setattr(NumpyEngine, method, declined)
    fenced = Fenced(kernel)
    monkeypatch.setitem(ENGINES, "simd", lambda: fenced)
    np.testing.assert_allclose(losses(config), wanted, rtol=1e-5)
    assert wanted[-1] < 0.9 * wanted[0]
    fenced.check()


def declined(*arguments: Any, **options: Any) -> None:
    raise AssertionError("the kernel declined")


def losses(config: RunConfig) -> list[float]:
    run = Run(config, bars(train=96, test=12, size=10))
    steps = (event for event in run.events() if isinstance(event, Step))
    return [next(steps).loss for _ in range(100)]
