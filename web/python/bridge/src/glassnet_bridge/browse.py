"""What the page of all digits asks of Python: which digits an expression is true for, and where
they lie on a map of principal components. It keeps columns and pixels for as long as the page is
open, and knows no browser.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.browse import project, query
from glassnet.engines import make_engine
from glassnet.errors import DataError

MOST_BYTES = 128 << 20  # of pixels
LARGEST = 1_000_000


class Browse:
    """The set that the page shows."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}
        self._images: NDArray[np.uint8] | None = None

    def columns(self, message: Mapping[str, Any]) -> None:
        """Take the columns of a set, by name; pixels of another set are forgotten."""
        columns = {name: as_array(value) for name, value in message["columns"].items()}
        if missing := {"y", "test"} - columns.keys():
            raise DataError(f"a set of digits without the column {', '.join(sorted(missing))}")
        if len({len(column) for column in columns.values()}) != 1:
            raise DataError("columns of different lengths")
        wide = np.int64  # `y + 250` must not wrap round
        test = columns.pop("test") != 0
        arrays = {n: c.astype(wide) if c.dtype.kind in "iu" else c for n, c in columns.items()}
        self._arrays = {**arrays, "test": test, "train": ~test}
        self._images = None

    def images_part(self, message: Mapping[str, Any]) -> None:
        """Take the pixels of some digits, all of the same size."""
        count = len(self._known()["y"])
        size = (int(message["rows"]), int(message["columns"]))
        if min(size) < 1 or count * size[0] * size[1] > MOST_BYTES:
            raise DataError(f"{count} images of {size[0]} x {size[1]} pixels")
        if self._images is None:
            self._images = np.zeros((count, *size), np.uint8)
            self._arrays["X"] = self._images
        if self._images.shape[1:] != size:
            raise DataError(f"images of {size}; those before were {self._images.shape[1:]}")
        start, part = int(message["start"]), as_array(message["images"]).reshape(-1, *size)
        if start < 0 or start + len(part) > count:
            raise DataError(f"digits {start} to {start + len(part)} of {count}")
        self._images[start : start + len(part)] = part

    def query(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The ids of the digits that an expression is true for, uint32, rising."""
        begin = time.perf_counter()
        chosen = query.select(str(message["expression"]), self._known())
        return {"ids": np.flatnonzero(chosen).astype(np.uint32), **since(begin)}

    def map(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Every digit's place on the first two principal components of them all, float32 pairs."""
        if self._images is None:
            raise DataError("the pixels are not here yet")
        begin, engine = time.perf_counter(), make_engine("simd")
        pca = project.fit(self._images, 2, engine)
        points = pca.transform(self._images, engine).astype(np.float32)
        explained = [float(part) for part in pca.explained]
        return {"points": points.reshape(-1), "explained": explained, **since(begin)}

    def _known(self) -> dict[str, NDArray[Any]]:
        """The arrays that an expression may name. Raises DataError before there are any."""
        if not self._arrays:
            raise DataError("the columns of the set come first, and are not here yet")
        return self._arrays


def since(begin: float) -> dict[str, float]:
    """What an answer has taken, for the page to tell."""
    return {"milliseconds": (time.perf_counter() - begin) * 1000}


def as_array(buffer: Any) -> NDArray[Any]:
    """A page's typed array, or a numpy array, as a numpy array of the same type."""
    view = buffer.to_memoryview() if hasattr(buffer, "to_memoryview") else buffer
    return np.asarray(view)
