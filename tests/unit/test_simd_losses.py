"""Whole runs on the simd engine: their losses have to be numpy's, and the kernel does it all."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS
from glassnet.config import RunConfig
from glassnet.engines import ENGINES
from glassnet.engines.numpy import NumpyEngine
from glassnet.events import Step
from glassnet.layers import LAYERS
from glassnet.losses import LOSSES
from glassnet.optimizers import OPTIMIZERS
from glassnet.training import Run
from glassnet_bridge.simd import SimdEngine
from unit.alike import STEPS, TOLERANCE, difference, noisy_bars, runs
from unit.test_simd import GUARD, in_browser, kernel

__all__ = ["kernel"]  # a fixture

RUNS = runs(classes=4)
DATA = noisy_bars()
MARGIN = 8  # numbers
TABLES: dict[str, Mapping[str, object]] = {
    "layer": LAYERS,
    "activation": ACTIVATIONS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
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


@pytest.mark.parametrize("kind", TABLES)
def test_nothing_that_trains_is_left_out(kind: str) -> None:
    assert {name.split()[1] for name in RUNS if name.startswith(kind)} == set(TABLES[kind])


@in_browser
@pytest.mark.parametrize("name", RUNS)
def test_losses_are_numpys(
    name: str,
    kernel: Any,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    config = RunConfig.from_json({**RUNS[name], "engine": "simd"})
    monkeypatch.setitem(ENGINES, "simd", NumpyEngine)
    wanted = losses(config)
    for method in ("product", "map", "update", "total", "row_sums", "row_maxima", "column_sums"):
        monkeypatch.setattr(NumpyEngine, method, declined)
    for method in ("gather", "one_hot", "correct", "unfold", "fold", "pool", "pool_backward"):
        monkeypatch.setattr(NumpyEngine, method, declined)
    fenced = Fenced(kernel)
    monkeypatch.setitem(ENGINES, "simd", lambda: fenced)
    apart = difference(losses(config), wanted)
    record_property(f"{name}, {kernel.build}", apart)
    assert apart <= TOLERANCE
    assert wanted[-1] < 0.9 * wanted[0]
    fenced.check()


def declined(*arguments: Any, **options: Any) -> None:
    raise AssertionError("the kernel declined")


def losses(config: RunConfig) -> list[float]:
    run = Run.from_config(config, DATA)
    steps = (event for event in run.events() if isinstance(event, Step))
    return [next(steps).loss for _ in range(STEPS)]
