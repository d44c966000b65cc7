"""A page that looks into a network, for tests: it has sent one and some digits."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet_bridge.subject import Subject, fresh
from unit.hosting import CONV, SMALL, Page, piece
from unit.small import dense

RELU: dict[str, Any] = {
    "layers": [dense(6, "relu"), dense(10, "softmax")],
    "loss": "cross_entropy",
    "optimizer": {"type": "momentum", "lr": 0.1},
    "initializer": "he_normal",
    "batch": 4,
}
CONFIGS = {"relu": RELU, "conv": CONV, "small": SMALL}
FIRST = 7  # index of the first test digit that the page has sent


def digit(seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random(784, np.float32)


def arrays_of(config: dict[str, Any], seed: int = 3) -> dict[str, Any]:
    arrays = fresh(RunConfig.from_json(config), (28, 28), seed)
    return {name: np.array(array, np.float32) for name, array in arrays.items()}


def as_named(arrays: dict[str, Any]) -> dict[str, Any]:
    return {n: {"shape": list(a.shape), "data": a.reshape(-1)} for n, a in arrays.items()}


def opened(config: dict[str, Any] = RELU, digits: bool = True) -> tuple[Page, Subject]:
    """A page with a subject, and the same subject for whoever wants to compare."""
    page, arrays = Page(digits=False), arrays_of(config)
    what: dict[str, Any] = {"config": config, "shape": [28, 28], "arrays": as_named(arrays)}
    page.ask("subject", subject="one", **what)
    if digits:
        for part, first, count in (("train", 0, 12), ("test", FIRST, 20)):
            send(page, part, first, count)
    return page, Subject(RunConfig.from_json(config), (28, 28), arrays)


def send(page: Page, part: str, first: int, count: int) -> None:
    rng = np.random.default_rng(first)
    what = piece("test", 0, count, count)
    images = rng.integers(0, 256, (count, 784)).astype(np.uint8)
    size = {"rows": 28, "columns": 28, "first": first}
    page.ask("examples", part=part, images=images.tobytes(), labels=what["labels"], **size)


def checked(value: Any) -> Any:
    """An answer, if a page can have it: JSON's types, and flat arrays of numbers."""

    def look(part: Any) -> None:
        if isinstance(part, dict):
            assert all(type(key) is str for key in part)
            for inner in part.values():
                look(inner)
        elif isinstance(part, list):
            for inner in part:
                look(inner)
        elif isinstance(part, np.ndarray):
            assert part.ndim == 1 and part.flags.c_contiguous and part.flags.owndata is not None
            assert part.dtype.name in ("float32", "float64", "uint8", "uint16", "int32", "uint32")
        else:
            assert part is None or type(part) in (str, int, float, bool), part
            json.dumps(part)

    look(value)
    return value


def page_images() -> NDArray[np.float32]:
    """The test digits that the page has sent."""
    images = np.random.default_rng(FIRST).integers(0, 256, (20, 784)).astype(np.uint8)
    return (images / np.float32(255)).reshape(20, 28, 28).astype(np.float32)
