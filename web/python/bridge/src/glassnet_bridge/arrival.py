"""A data set that arrives in pieces, from the page, while the interpreter is still starting.

The arrays are as large as the whole set from the first piece on, so a network can be built and
looked at before the last piece is here; only training has to wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset, Split
from glassnet.errors import DataError

CLASSES = 10
LARGEST_SPLIT = 1_000_000


class Arrival:
    """Collects the pieces of one data set's training and test splits."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._splits: dict[str, Split] = {}
        self._present: dict[str, NDArray[np.bool_]] = {}
        self._dataset: Dataset | None = None

    def take(self, message: Mapping[str, Any]) -> None:
        """Put one piece in its place.

        Args:
            message: `split` ("train" or "test"), `start`, `count`, `total`, `rows`, `columns`;
                `images` (count·rows·columns bytes) and `labels` (count bytes).

        Raises:
            DataError: the piece does not fit, or a label has no class; nothing is changed then.
        """
        name = message["split"]
        start, count, total = (int(message[key]) for key in ("start", "count", "total"))
        shape = (int(message["rows"]), int(message["columns"]))
        images, labels = as_bytes(message["images"]), as_bytes(message["labels"])
        where = f"{self.name}, {name}, examples {start} to {start + count}"
        if name not in ("train", "test"):
            raise DataError(f"{where}: expected the split train or test")
        if not (0 < total <= LARGEST_SPLIT and start >= 0 and 0 < count <= total - start):
            raise DataError(f"{where}: they do not fit into {total}")
        if len(labels) != count or len(images) != count * shape[0] * shape[1]:
            raise DataError(f"{where}: {len(labels)} labels and {len(images)} pixel bytes came")
        if labels.max() >= CLASSES:
            raise DataError(f"{where}: label {labels.max()} has no class")
        split = self._splits.get(name) or self._reserve(name, total, shape)
        if split.images.shape != (total, *shape):
            raise DataError(f"{where}: the split had the shape {split.images.shape} before")
        split.images[start : start + count] = images.reshape(count, *shape)
        split.labels[start : start + count] = labels
        self._present[name][start : start + count] = True

    def _reserve(self, name: str, total: int, shape: tuple[int, int]) -> Split:
        split = Split(np.zeros((total, *shape), np.uint8), np.zeros(total, np.uint8))
        self._splits[name] = split
        self._present[name] = np.zeros(total, np.bool_)
        return split

    @property
    def dataset(self) -> Dataset | None:
        """The set, its missing examples still blank; None until both splits' sizes are known."""
        if self._dataset is None and len(self._splits) == 2:
            classes = [str(digit) for digit in range(CLASSES)]
            self._dataset = Dataset(self.name, classes, self._splits["train"], self._splits["test"])
        return self._dataset

    @property
    def complete(self) -> bool:
        """Whether every example of both splits is here."""
        return len(self._present) == 2 and all(part.all() for part in self._present.values())

    @property
    def area(self) -> int | None:
        """Pixels of an example; None before the first piece."""
        return next((split.images[0].size for split in self._splits.values()), None)

    def count(self, split: str) -> int:
        """How many examples of a split are here."""
        present = self._present.get(split)
        return 0 if present is None else int(np.count_nonzero(present))

    def example(self, split: str, index: int) -> tuple[NDArray[np.uint8], int] | None:
        """The image (rows, columns) and label of one example, or None if it is not here yet."""
        present = self._present.get(split)
        if present is None or not 0 <= index < len(present) or not present[index]:
            return None
        part = self._splits[split]
        return part.images[index], int(part.labels[index])


def as_bytes(buffer: Any) -> NDArray[np.uint8]:
    """A page's buffer, or anything bytes-like, as a flat uint8 array."""
    view = buffer.to_memoryview() if hasattr(buffer, "to_memoryview") else buffer
    return np.frombuffer(view, np.uint8)
