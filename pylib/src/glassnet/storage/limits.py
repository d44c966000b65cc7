"""What a file of arrays may be: checked before anything of the size it claims is allocated, and
before a file is written that could not be read again."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import StorageError

Arrays = dict[str, NDArray[Any]]

MAX_DIMENSIONS = 8
MAX_NAME = 200
NAME = re.compile(r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*", re.ASCII)


@dataclass(frozen=True)
class Limits:
    """The most that a file may hold.

    Attributes:
        tensors: arrays in the file.
        values: bytes of all values, unpacked.
    """

    tensors: int = 1024
    values: int = 128 << 20

    def check(self, tensors: int, values: int) -> None:
        """Refuse so many arrays, of so many bytes together.

        Raises:
            StorageError: saying which limit they are over.
        """
        if tensors > self.tensors:
            raise StorageError(f"{tensors:,} tensors; the limit is {self.tensors:,}")
        if values > self.values:
            raise StorageError(f"{values:,} bytes of values; the limit is {self.values:,}")

    def check_arrays(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Refuse arrays that no file within these limits can hold. Raises StorageError."""
        self.check(len(arrays), sum(array.nbytes for array in arrays.values()))


WEIGHTS_LIMITS = Limits()
# The weights, up to two arrays of the optimiser's for each, and the rows that were chosen.
CHECKPOINT_LIMITS = Limits(tensors=4 * WEIGHTS_LIMITS.tensors, values=4 * WEIGHTS_LIMITS.values)
MAX_SIDE = 4096  # pixels of an image that a saved network may be for


def check_name(name: str) -> None:
    """Names are words joined by dots, as `layers.0.weight`: never a path, never empty.

    Raises:
        StorageError: anything else.
    """
    if len(name) > MAX_NAME or not NAME.fullmatch(name):
        raise StorageError(f"{name[:60]!r}: not a name for a tensor (words joined by dots)")


def check_shape(name: str, shape: object) -> tuple[int, ...]:
    """A shape from a file: a list or tuple of at most 8 whole numbers, none negative.

    Raises:
        StorageError: anything else.
    """
    if not isinstance(shape, list | tuple) or len(shape) > MAX_DIMENSIONS:
        raise StorageError(f"{name}: expected a shape of at most {MAX_DIMENSIONS} dimensions")
    for size in shape:
        if type(size) is not int or not 0 <= size < 2**31:
            raise StorageError(f"{name}: {str(size)[:40]!r} is not the size of a dimension")
    return tuple(shape)


def count_bytes(name: str, shape: tuple[int, ...], itemsize: int, limit: int) -> int:
    """The bytes of an array's values; Python's integers cannot overflow.

    Raises:
        StorageError: more than the limit.
    """
    reach = math.prod(size or 1 for size in shape) * itemsize
    if reach > limit:  # even where a side of nothing makes an array of nothing: numpy multiplies
        raise StorageError(f"{name}: shape {list(shape)} takes {reach:,} bytes, over the limit")
    return math.prod(shape) * itemsize


def check_finite(name: str, array: NDArray[Any]) -> None:
    """Refuse NaN and infinity: a network with one of them is lost.

    Raises:
        StorageError: there is one.
    """
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise StorageError(f"{name}: a value is NaN or infinite")
