"""The digits that a page's questions about a network are measured on: a part of the training
digits, and one of the test digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glassnet.data.dataset import Split
from glassnet.errors import DataError
from glassnet_bridge.arrival import as_bytes
from glassnet_bridge.failure import Unknown

PARTS = ("train", "test")


@dataclass(frozen=True, eq=False)
class Part:
    """Some digits of a split that follow each other, the first of which has an index there."""

    split: Split
    first: int = 0

    def __len__(self) -> int:
        return len(self.split)


NONE = Part(Split(np.zeros((0, 1, 1), np.uint8), np.zeros(0, np.uint8)))


class Examples:
    """Both parts, as far as they have come.

    Attributes:
        changes: counts up when other digits come.
    """

    def __init__(self) -> None:
        self.train, self.test, self.changes = NONE, NONE, 0

    def take(self, message: Mapping[str, Any]) -> None:
        """Have a part, in place of what was there before. Raises DataError if it is damaged."""
        name, first = message["part"], int(message["first"])
        if name not in PARTS:
            raise Unknown("part", name, PARTS)
        size = int(message["rows"]), int(message["columns"])
        images, labels = as_bytes(message["images"]), as_bytes(message["labels"])
        if first < 0 or min(size) < 1 or len(images) != len(labels) * size[0] * size[1]:
            told = f"{len(images)} pixels for {len(labels)} labels of {size[0]} x {size[1]}"
            raise DataError(f"examples, {name}, from {first}: {told}")
        split = Split(images.reshape(-1, *size).copy(), labels.copy())
        setattr(self, name, Part(split, first))
        self.changes += 1

    def fitting(self, name: str, pixels: int, classes: int) -> Part:
        """A part for networks of so many pixels and outputs. Raises DataError if it is none."""
        part: Part = getattr(self, name)
        rows, columns = part.split.images.shape[1:]
        if len(part) and rows * columns != pixels:
            raise DataError(f"examples, {name}: {rows} x {columns}; the network takes {pixels}")
        if len(part) and int(part.split.labels.max()) >= classes:
            raise DataError(f"examples, {name}: more classes than the network's {classes}")
        return part
