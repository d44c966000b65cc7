"""What a file of arrays may be: checked before anything of the size it claims is allocated."""

from __future__ import annotations

import math
import re
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
    """The most that a file may hold; enough for any network that this package trains.

    Attributes:
        tensors: arrays in the file.
        values: bytes of all values, unpacked.
    """

    tensors: int = 64
    values: int = 64 << 20


WEIGHTS = Limits()
CHECKPOINT = Limits(tensors=512, values=256 << 20)  # the optimiser's arrays come on top


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
    size = math.prod(shape) * itemsize
    if size > limit:
        raise StorageError(f"{name}: shape {list(shape)} takes {size:,} bytes, over the limit")
    return size


def check_finite(name: str, array: NDArray[Any]) -> None:
    """Refuse NaN and infinity: a network with one of them is lost.

    Raises:
        StorageError: there is one.
    """
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise StorageError(f"{name}: a value is NaN or infinite")
