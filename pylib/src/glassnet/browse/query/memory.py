"""What an expression may cost: each array that it makes is asked for beforehand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.browse.query.parser import QueryError

MOST_VALUES = 20_000_000  # in an array of numbers made on the way
MOST_TRUTHS = 80_000_000  # in one of comparisons: a byte each
MOST_BYTES = 640 << 20  # of all arrays that one expression makes: more than it ever holds at once

NUMBERS = "biuf"  # the kinds of values there are: truths, whole numbers, floats


class Memory:
    """Counts the bytes that one expression has asked for; none are given back."""

    def __init__(self) -> None:
        self.taken = 0

    def take(self, values: int, itemsize: int = 8, limit: int | None = None) -> None:
        """Ask for an array. Raises QueryError: one too large, or one too many."""
        limit = MOST_VALUES if limit is None else limit
        if values > limit:
            raise QueryError(
                f"{values:,} values at once; the limit is {limit:,}: "
                "take a part first, as X[:, 14, 14]"
            )
        self.take_bytes(values * itemsize)

    def take_bytes(self, size: int) -> None:
        """Ask for some memory, however many values it is for."""
        self.taken += size
        if self.taken > MOST_BYTES:
            raise QueryError(
                f"more than {MOST_BYTES >> 20:,} MB on the way: "
                "take parts of the pixels first, as X[:, 14, 14]"
            )

    def array(self, value: Any) -> NDArray[Any]:
        """A value as an array of numbers; a list or tuple is put together.

        Raises:
            QueryError: it is a slice or nothing at all, or lists of different lengths.
        """
        if isinstance(value, list | tuple):
            self.take(count(value), 2 * 8)  # of the parts' widest type, and once more at work
        array = np.asarray(value)
        if array.dtype.kind not in NUMBERS:
            raise QueryError("expected a number or an array of numbers")
        return array

    def wide(self, value: Any) -> NDArray[Any]:
        """The same with small whole numbers as larger ones, so that sums of bytes do not wrap."""
        array = self.array(value)
        if array.dtype.kind not in "biu" or array.dtype.itemsize >= 4:
            return array
        self.take(array.size, 4)
        return array.astype(np.int32)


def count(value: Any) -> int:
    """How many numbers are in a value, or in all parts of a list."""
    if isinstance(value, list | tuple):
        return sum(map(count, value))
    return int(np.size(value)) if isinstance(value, np.ndarray) else 1


def broadcast(*shapes: Sequence[int]) -> int:
    """How many values arrays of these shapes give together, one axis beside the other.

    Counted here: where addresses have 32 bits, numpy's own broadcasting gives up before us.
    """
    axes = zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1)
    return math.prod(max(axis) for axis in axes)
