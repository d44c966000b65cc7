"""Small things for tests to work on: images, networks, runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.engines import Engine, make_engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.layers import LAYERS
from glassnet.network import Network
from glassnet.options import make
from glassnet.training import Run

EXACT: dict[str, Callable[[], Engine]] = {
    "numpy": lambda: NumpyEngine("float64"),
    "python": lambda: make_engine("python"),
}


def dense(units: int, activation: str = "sigmoid") -> dict[str, Any]:
    return {"type": "dense", "units": units, "activation": activation}


def network(
    layers: Sequence[Mapping[str, Any]],
    shape: tuple[int, ...] = (6,),
    loss: str = "cross_entropy",
    engine: Engine | None = None,
    initializer: str = "xavier_normal",
    seed: int = 0,
) -> Network:
    made = [make(LAYERS, layer) for layer in layers]
    rng = np.random.default_rng(seed)
    return Network(made, shape, loss, engine or NumpyEngine("float64"), initializer, rng)


def examples(
    count: int, shape: tuple[int, ...], classes: int, seed: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Random inputs (count, pixels) and labels."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((count, int(np.prod(shape))))
    return x, rng.integers(0, classes, count).astype(np.uint8)


def bars(train: int = 60, test: int = 30, size: int = 6, seed: int = 5) -> Dataset:
    """A data set that can be learned: of four classes, each has its own bright quarter."""

    def split(count: int, rng: np.random.Generator) -> Split:
        labels = (np.arange(count) % 4).astype(np.uint8)
        images = rng.integers(0, 90, (count, size, size)).astype(np.uint8)
        half = size // 2
        for image, label in zip(images, labels, strict=True):
            row, column = divmod(int(label), 2)
            image[row * half :, column * half :][:half, :half] += 150
        return Split(images, labels)

    rng = np.random.default_rng(seed)
    return Dataset("bars", ["a", "b", "c", "d"], split(train, rng), split(test, rng))


CONFIG: dict[str, Any] = {
    "layers": [dense(5), dense(4)],
    "batch": 8,
    "epochs": 3,
    "seed": 3,
    "evaluate_every": 5,
    "evaluate_spacing": 0,
}


def run(dataset: Dataset | None = None, clock: Any = None, **changes: Any) -> Run:
    """A run of `CONFIG` with changes, on `bars`."""
    return Run.from_config(RunConfig.from_json({**CONFIG, **changes}), dataset or bars(), clock)
