"""A data set that arrives in pieces, from the page, while the interpreter is still starting.

The arrays are as large as the whole set from the first piece on, so a network can be built and
looked at before the last piece is here; only training has to wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset, Split
from glassnet.errors import DataError

DIGITS = tuple(str(digit) for digit in range(10))
LARGEST_SPLIT = 1_000_000


class Arrival:
    """Collects the pieces of one data set's training and test splits.

    Args:
        name: what the set is called.
        classes: the classes' names; the ten digits, if they are not said.
    """

    def __init__(self, name: str, classes: Sequence[str] | None = None) -> None:
        self.name, self.classes = name, tuple(classes or DIGITS)
        self._splits: dict[str, Split] = {}
        self._present: dict[str, NDArray[np.bool_]] = {}
        self._arrived = {"train": 0, "test": 0}
        self._dataset: Dataset | None = None

    def take(self, message: Mapping[str, Any]) -> None:
        """Put one piece in its place.

        Args:
            message: `split` ("train" or "test"), `start`, `count`, `total`, `rows`, `columns`;
                `images` (count·rows·columns bytes) and `labels` (count bytes). Examples that do not
                follow each other have `places` (count indices, uint32) instead of `start`.

        Raises:
            DataError: the piece does not fit, or a label has no class; nothing is changed then.
        """
        name = message["split"]
        count, total = int(message["count"]), int(message["total"])
        shape = (int(message["rows"]), int(message["columns"]))
        images, labels = as_bytes(message["images"]), as_bytes(message["labels"])
        if name not in self._arrived:
            raise DataError(f"{self.name}, {name}: expected the split train or test")
        places = message.get("places")
        if places is None:
            start = int(message["start"])
            where = f"{self.name}, {name}, examples {start} to {start + count}"
            fits = start >= 0 and 0 < count <= total - start
            at: Any = slice(start, start + count)
        else:
            at = as_bytes(places).view("<u4")
            where = f"{self.name}, {name}, {count} examples of their own places"
            fits = 0 < count == len(at) and int(at.max()) < total and not has_twins(at)
        if not (0 < total <= LARGEST_SPLIT and fits):
            raise DataError(f"{where}: they do not fit into {total}")
        if len(labels) != count or len(images) != count * shape[0] * shape[1]:
            raise DataError(f"{where}: {len(labels)} labels and {len(images)} pixel bytes came")
        if labels.max() >= len(self.classes):
            raise DataError(f"{where}: label {labels.max()} has no class")
        for other in self._splits.values():
            if other.images.shape[1:] != shape:
                raise DataError(f"{where}: images of {shape}; others are {other.images.shape[1:]}")
        split = self._splits.get(name) or self._reserve(name, total, shape)
        if split.images.shape != (total, *shape):
            raise DataError(f"{where}: the split had the shape {split.images.shape} before")
        split.images[at] = images.reshape(count, *shape)
        split.labels[at] = labels
        present = self._present[name]
        self._arrived[name] += count - int(np.count_nonzero(present[at]))
        present[at] = True

    def _reserve(self, name: str, total: int, shape: tuple[int, int]) -> Split:
        split = Split(np.zeros((total, *shape), np.uint8), np.zeros(total, np.uint8))
        self._splits[name] = split
        self._present[name] = np.zeros(total, np.bool_)
        return split

    @property
    def dataset(self) -> Dataset | None:
        """The set, its missing examples still blank; None until both splits' sizes are known."""
        if self._dataset is None and len(self._splits) == 2:
            train, test = self._splits["train"], self._splits["test"]
            self._dataset = Dataset(self.name, self.classes, train, test)
        return self._dataset

    @property
    def complete(self) -> bool:
        """Whether every example of both splits is here."""
        return all(0 < self.total(name) == count for name, count in self._arrived.items())

    @property
    def train(self) -> Split | None:
        """The training split, as far as it is here."""
        return self._splits.get("train")

    def has(self, split: str, rows: NDArray[Any]) -> bool:
        """Whether these examples of a split are here."""
        present = self._present.get(split)
        return present is not None and bool(present[rows].all())

    def whole(self) -> Dataset:
        """The set as `dataset`. Raises DataError before both splits' sizes are known."""
        if self.dataset is None:
            raise DataError(f"{self.name}: the sizes of its splits are not known yet; send digits")
        return self.dataset

    def need_all(self) -> None:
        """Raises DataError unless every example is here."""
        if not self.complete:
            raise DataError(f"{self.name}: the digits are not all here yet; try when they are")

    def arrived(self) -> dict[str, int]:
        """How many examples are here, by split."""
        return dict(self._arrived)

    def total(self, split: str) -> int:
        """How many examples a split is to have; 0 while that is not known."""
        return len(self._present.get(split, ()))

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


def has_twins(places: NDArray[np.uint32]) -> bool:
    """Whether an index occurs twice. (`np.unique` would import numpy's masked arrays for this.)"""
    ordered = np.sort(places)
    return bool((ordered[1:] == ordered[:-1]).any())
