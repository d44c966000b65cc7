"""Which digits of the whole set a run trains on, and which it is tested on: as a page says it."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset


def as_rows(buffer: Any) -> NDArray[np.uint32]:
    """A page's Uint32Array of rows, as numpy's: a copy, since the page's may go."""
    view = buffer.to_memoryview() if hasattr(buffer, "to_memoryview") else buffer
    return np.array(view, np.uint32)


def describe_choice(dataset: Dataset, complete: bool) -> dict[str, dict[str, Any]]:
    """What was chosen of each split that is not whole (`Chosen` in protocol.js)."""
    choice = {}
    for name, rows in dataset.chosen.items():
        split = dataset.splits()[name]
        counts = np.bincount(split.labels, minlength=len(dataset.classes)).tolist()
        choice[name] = {
            "count": len(rows),
            "crc": zlib.crc32(rows.astype("<u4").tobytes()),
            "classes": counts if complete else None,
        }
    return choice
