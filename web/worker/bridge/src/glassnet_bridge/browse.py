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

from glassnet import project, query
from glassnet.errors import DataError, GlassnetError

AREA = (28, 28)
SAMPLE = 3000  # digits that the components are found from
LARGEST = 1_000_000


class Browse:
    """The set that the page shows."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}
        self._images: NDArray[np.uint8] | None = None

    def handle(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one request (`BrowseRequest` in protocol.js).

        Returns:
            `request`, its number, and what was asked for; or `fault`, why not, in words.
        """
        answer: dict[str, Any] = {"request": message["request"]}
        begin = time.perf_counter()
        try:
            answer |= getattr(self, f"_{message['what']}")(message)
        except GlassnetError as error:
            answer |= {"fault": str(error), "column": getattr(error, "column", None)}
        except MemoryError:
            answer |= {"fault": "Python has too little memory for that here", "column": None}
        return {**answer, "milliseconds": (time.perf_counter() - begin) * 1000}

    def _columns(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Take the columns of a set, by name; pixels of another set are forgotten."""
        columns = {name: as_array(value) for name, value in message["columns"].items()}
        if len({len(column) for column in columns.values()}) != 1:
            raise DataError("columns of different lengths")
        wide = np.int64  # `y + 250` must not wrap round
        self._arrays = {
            n: c.astype(wide) if c.dtype.kind in "iu" else c for n, c in columns.items()
        }
        test = self._arrays.pop("test") != 0
        self._arrays |= {"test": test, "train": ~test}
        self._images = None
        return {}

    def _images_part(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Take the pixels of some digits."""
        count = len(self._arrays["y"])
        if self._images is None:
            self._images = np.zeros((count, *AREA), np.uint8)
            self._arrays["X"] = self._images
        start, part = int(message["start"]), as_array(message["images"]).reshape(-1, *AREA)
        if start < 0 or start + len(part) > count:
            raise DataError(f"digits {start} to {start + len(part)} of {count}")
        self._images[start : start + len(part)] = part
        return {}

    def _query(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The ids of the digits that an expression is true for, uint32, rising."""
        chosen = query.select(str(message["expression"]), self._arrays)
        return {"ids": np.flatnonzero(chosen).astype(np.uint32)}

    def _map(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Every digit's place on the first two principal components, float32 pairs."""
        if self._images is None:
            raise DataError("the pixels are not here yet")
        every = max(1, len(self._images) // SAMPLE)
        pca = project.fit(self._images[::every], 2)
        points = pca.transform(self._images).astype(np.float32)
        return {"points": points.reshape(-1), "explained": [float(part) for part in pca.explained]}


def as_array(buffer: Any) -> NDArray[Any]:
    """A page's typed array, or a numpy array, as a numpy array of the same type."""
    view = buffer.to_memoryview() if hasattr(buffer, "to_memoryview") else buffer
    return np.asarray(view)
