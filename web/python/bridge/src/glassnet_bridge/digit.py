"""Which example somebody looks at: one of a data set, or a drawing (`Digit` in protocol.js)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import DataError
from glassnet_bridge.arrival import Arrival
from glassnet_bridge.failure import Unknown

Pixels = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Digit:
    """An example of a split, by its index in the whole set; or a drawing's pixels, in 0 to 1."""

    split: str = ""
    index: int = 0
    drawn: Pixels | None = None

    def seen(self, arrival: Arrival) -> tuple[Pixels, int | None] | None:
        """The pixels, flat, and the class if it is known; None if the digit is not here yet."""
        if self.drawn is not None:
            return self.drawn, None
        example = arrival.example(self.split, self.index)
        if example is None:
            return None
        image, label = example
        return image.reshape(-1).astype(np.float32) / np.float32(255), label

    def here(self, arrival: Arrival) -> tuple[Pixels, int | None]:
        """The same, of a digit that has to be here. Raises DataError."""
        seen = self.seen(arrival)
        if seen is None:
            raise DataError(f"{arrival.name}, {self.split}: digit {self.index} is not here")
        return seen


def read_digit(document: Mapping[str, Any] | None, shape: tuple[int, ...]) -> Digit | None:
    """A page's digit, a drawing in it copied.

    Raises:
        DataError: a drawing of another size than `shape`, or not from 0 to 1.
        Unknown: another split than train or test.
    """
    if document is None:
        return None
    if "pixels" in document:
        return Digit(drawn=read_pixels(document["pixels"], prod(shape)))
    if document["split"] not in ("train", "test"):
        raise Unknown("split", document["split"], ["train", "test"])
    return Digit(document["split"], int(document["index"]))


def read_pixels(buffer: Any, area: int) -> Pixels:
    """A copy of a page's Float32Array. Raises DataError if it is no drawing of so many pixels."""
    data = buffer.to_bytes() if hasattr(buffer, "to_bytes") else buffer
    pixels = np.frombuffer(data, np.float32).copy()
    if pixels.size != area:
        raise DataError(f"drawing: expected {area} pixels, got {pixels.size}")
    if not ((pixels >= 0) & (pixels <= 1)).all():  # false for NaN as well
        raise DataError("drawing: expected pixels from 0 to 1")
    return pixels
