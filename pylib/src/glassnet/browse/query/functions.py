"""The functions of expressions: numpy's, with as many arguments as each has here and no more.

numpy's own take an array to write to in the second or third place: that one must never be reached.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.browse.query.memory import MOST_TRUTHS, Memory, broadcast, count
from glassnet.browse.query.parser import QueryError

MOST_LISTED = 100  # values that `isin` looks for
MOST_DECIMALS = 15

Array = NDArray[Any]


@dataclass(frozen=True)
class Function:
    """One function.

    Attributes:
        carry_out: takes the memory to ask for, and the arguments.
        least, most: how many arguments, the axis among them.
        axis: whether the last argument is an axis, and may be given by name.
    """

    carry_out: Callable[..., Any]
    least: int
    most: int
    axis: bool = False

    def __call__(
        self, name: str, memory: Memory, values: Sequence[Any], options: Mapping[str, Any]
    ) -> Any:
        """The result. Raises QueryError: other arguments than the function has."""
        if any(option != "axis" for option in options) or (options and not self.axis):
            only = "the only option is axis" if self.axis else "there are no options"
            raise QueryError(f"{name}: {only}")
        arguments = [*values, *options.values()]
        if not self.least <= len(arguments) <= self.most or len(values) < self.least:
            words = {(1, 1): "one argument", (2, 2): "two arguments"}
            wanted = words.get((self.least, self.most), "one or two arguments")
            raise QueryError(f"{name}: expected {wanted}, got {len(arguments)}")
        return self.carry_out(memory, *arguments)


def _each(function: Callable[..., Any]) -> Function:
    """A function of each value by itself."""

    def carry_out(memory: Memory, value: Any) -> Any:
        array = memory.wide(value)
        memory.take(array.size)
        return function(array)

    return Function(carry_out, 1, 1)


def _pair(function: Callable[..., Any]) -> Function:
    """A function of two arrays, value by value."""

    def carry_out(memory: Memory, one: Any, other: Any) -> Any:
        left, right = memory.array(one), memory.array(other)
        memory.take(broadcast(left.shape, right.shape))
        return function(left, right)

    return Function(carry_out, 2, 2)


def _over(function: Callable[..., Any], work: int = 0) -> Function:
    """A function of all values, or of all along an axis, or several.

    Args:
        work: bytes that numpy needs beside for each value of the array.
    """

    def carry_out(memory: Memory, value: Any, axis: Any = None) -> Any:
        array = memory.array(value)
        axis = None if axis is None else _whole_numbers(axis)
        gone = range(array.ndim) if axis is None else np.atleast_1d(np.array(axis, int))
        kept = set(range(array.ndim)) - {number % max(array.ndim, 1) for number in map(int, gone)}
        memory.take_bytes(array.size * work + 2 * 8 * math.prod(array.shape[n] for n in kept))
        return function(array, axis=axis)

    return Function(carry_out, 1, 2, axis=True)


def _round(memory: Memory, value: Any, decimals: Any = 0) -> Any:
    array, places = memory.array(value), _whole_numbers(decimals)
    if not isinstance(places, int) or abs(places) > MOST_DECIMALS:
        raise QueryError(f"round: expected at most {MOST_DECIMALS} decimals")
    memory.take(array.size, 2 * 8)
    return np.round(array, places)


def _isin(memory: Memory, value: Any, wanted: Any) -> Any:
    """Compared with one value after the other: numpy's own sorts all of them, several times."""
    array = memory.array(value)
    if count(wanted) > MOST_LISTED:
        raise QueryError(f"isin: {count(wanted):,} values to look for; the limit is {MOST_LISTED}")
    memory.take(array.size, 2, MOST_TRUTHS)
    found = np.zeros(array.shape, np.bool_)
    for one in memory.array(wanted).ravel():
        found |= array == one
    return found


def _whole_numbers(value: Any) -> Any:
    """An axis as numpy wants it: a whole number, or some of them."""
    if isinstance(value, list | tuple):
        return tuple(int(part) for part in value)
    return int(value)


FUNCTIONS = {
    "abs": _each(np.abs),
    "all": _over(np.all),
    "any": _over(np.any),
    "argmax": _over(np.argmax, work=8),  # a copy, of axes that do not lie together
    "exp": _each(np.exp),
    "isin": Function(_isin, 2, 2),
    "log": _each(np.log),
    "max": _over(np.max),
    "maximum": _pair(np.maximum),
    "mean": _over(np.mean),
    "min": _over(np.min),
    "minimum": _pair(np.minimum),
    "round": Function(_round, 1, 2),
    "sqrt": _each(np.sqrt),
    "std": _over(np.std, work=8),  # each value less the mean
    "sum": _over(np.sum),
}
