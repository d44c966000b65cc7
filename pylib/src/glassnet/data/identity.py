"""What tells one data set from another, for a saved run to know its own again."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from glassnet.data.dataset import Dataset


def fingerprint(dataset: Dataset) -> list[Any]:
    """The data set's name, its training examples, the CRC-32 of their labels and of their pixels.

    (All of MNIST's take 22 ms.)
    """
    labels, images = dataset.train.labels, dataset.train.images
    return [dataset.name, len(labels), zlib.crc32(labels.data), zlib.crc32(images.data)]


def is_same(saved: Sequence[Any], found: Sequence[Any]) -> bool:
    """Whether two fingerprints are of the same data; older ones know nothing of the pixels."""
    return len(saved) >= 3 and list(saved) == list(found[: len(saved)])
