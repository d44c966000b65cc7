"""Indexing, its result's size known before it is made: a list of rows may name each row often."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.browse.query.memory import MOST_TRUTHS, Memory, broadcast


def take(array: NDArray[Any], index: Any, memory: Memory) -> Any:
    """`array[index]`, as numpy understands it: a view, or a copy of what arrays in it name.

    Raises:
        QueryError: more values than there may be.
        IndexError, TypeError, ValueError: what numpy has against the index.
    """
    parts = [_part(part, memory) for part in (index if isinstance(index, tuple) else (index,))]
    lists = [part for part in parts if isinstance(part, np.ndarray)]
    if lists:
        memory.take(_count(array, parts), array.itemsize, MOST_TRUTHS)
        memory.take(sum(part.size for part in lists), 2 * 8 * array.ndim)  # as numbers of places
    return array[tuple(parts)]


def _part(part: Any, memory: Memory) -> Any:
    if part is None or part is ... or isinstance(part, slice):
        return part
    found = memory.array(part)
    return found if found.ndim or found.dtype.kind == "b" else found[()]


def _count(array: NDArray[Any], parts: list[Any]) -> int:
    """How many values the result has: what the arrays name, for each place on the other axes."""
    axes = sum(_axes(part) for part in parts)
    shapes: list[tuple[int, ...]] = []  # of the arrays in it
    rest: list[tuple[int, int]] = []  # the axes that it makes shorter, and how long they become
    axis = 0
    for part in parts:
        if part is ...:
            axis += max(array.ndim - axes, 0)
        elif isinstance(part, slice) and axis < array.ndim:
            rest.append((axis, len(range(*part.indices(array.shape[axis])))))
            axis += 1
        elif isinstance(part, np.ndarray):
            truths = part.dtype.kind == "b"
            shapes.append((int(np.count_nonzero(part)),) if truths else part.shape)
            rest += [(axis + number, 1) for number in range(_axes(part))]
            axis += _axes(part)
        elif part is not None:
            rest.append((axis, 1))
            axis += 1
    sizes: list[int] = [*array.shape]
    for number, size in rest:
        if number < array.ndim:
            sizes[number] = size
    return broadcast(*shapes) * math.prod(sizes)


def _axes(part: Any) -> int:
    """How many axes of the array one part of an index stands for."""
    if part is None or part is ...:
        return 0
    truths = isinstance(part, np.ndarray) and part.dtype.kind == "b"
    return int(part.ndim) if truths else 1
