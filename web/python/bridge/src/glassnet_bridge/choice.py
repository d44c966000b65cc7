"""Which digits of the whole set a run trains on, and which it is tested on: as a page says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet_bridge.failure import Unknown

SPLITS = ("train", "test")


def as_choice(document: Mapping[str, Any] | None) -> dict[str, NDArray[np.uint32]]:
    """A page's `Subset`: rows by split. Raises Unknown for another split."""
    chosen = {}
    for name, rows in (document or {}).items():
        if name not in SPLITS:
            raise Unknown("split", name, SPLITS)
        if rows is not None:
            chosen[name] = as_rows(rows)
    return chosen


def as_rows(buffer: Any) -> NDArray[np.uint32]:
    """A page's Uint32Array of rows, as numpy's: a copy, since the page's may go."""
    view = buffer.to_memoryview() if hasattr(buffer, "to_memoryview") else buffer
    return np.array(view, np.uint32)
