"""The simd engine's loading, and its memory."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from glassnet.engines import ENGINES
from glassnet.engines.numpy import NumpyEngine
from glassnet_bridge import simd_kernel
from glassnet_bridge.simd import SimdEngine, register
from unit.test_simd import engine, in_browser, kernel, random

__all__ = ["engine", "kernel"]  # fixtures


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
