"""The python engine: plain lists and loops, the way one writes it oneself, and no numpy at all.

An array is one flat row-major list and a shape: row i, column j of an (n, C) matrix is number
i·C + j. Its numbers are Python's own, which are float64. It is hundreds of times slower than the
numpy engine, and easier to read.
"""

from __future__ import annotations

import math
from array import array as packed
from collections.abc import Iterator, Sequence
from itertools import product as pairs
from typing import Any

from glassnet.engines.base import Engine, Formula, Window


class Flat:
    """A flat row-major list of numbers, and its shape."""

    __slots__ = ("data", "shape")

    def __init__(self, data: list[float], shape: Sequence[int]) -> None:
        self.data = data
        self.shape = tuple(shape)

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def __array_interface__(self) -> dict[str, Any]:
        """Lets numpy.asarray read it, though this file knows no numpy."""
        data = packed("d", self.data)
        return {"version": 3, "shape": self.shape, "typestr": "<f8", "data": data}


class Maths:
    """What formulas call `m`: for numbers, as numpy is for arrays; never raising on overflow."""

    tanh, sqrt, log1p, absolute = math.tanh, math.sqrt, math.log1p, abs

    @staticmethod
    def exp(x: float) -> float:
        return math.exp(x) if x < 709 or math.isnan(x) else math.inf

    @staticmethod
    def log(x: float) -> float:
        return math.log(x) if x > 0 or math.isnan(x) else -math.inf

    @staticmethod
    def maximum(x: float, y: float) -> float:
        return x if x > y or math.isnan(x) else y  # NaN stays NaN

    @staticmethod
    def sign(x: float) -> float:
        return float((x > 0) - (x < 0))

    @staticmethod
    def where(condition: bool, x: float, y: float) -> float:
        return x if condition else y


def spread(array: Flat, shape: tuple[int, ...]) -> Sequence[float]:
    """The array's numbers, repeated so that there is one for each number of a `shape`."""
    if array.shape == shape:
        return array.data
    count = math.prod(shape)
    if array.shape == shape[-1:]:  # a row, for every row
        return array.data * (count // len(array.data))
    if array.shape == (shape[0], 1):  # a column, for every column
        return [value for value in array.data for _ in range(count // shape[0])]
    raise ValueError(f"cannot spread {array.shape} over {shape}")


class PythonEngine(Engine):
    """Arrays are `Flat`."""

    name = "python"
    dtype = "float64"

    def zeros(self, shape: Sequence[int]) -> Flat:
        return Flat([0.0] * math.prod(shape), shape)

    def view(self, array: Flat, shape: Sequence[int]) -> Flat:
        if math.prod(shape) != len(array.data):
            raise ValueError(f"cannot view {array.shape} as {tuple(shape)}")
        return Flat(array.data, shape)

    def load(self, values: Any, out: Flat) -> None:
        buffer: Any = memoryview(values)
        out.data[:] = buffer.cast("B").cast(buffer.format).tolist()

    def gather(self, images: Any, rows: Any, out: Flat) -> None:
        pixels, size = memoryview(images).cast("B"), len(out.data) // len(out)
        for e, row in enumerate(rows):
            begin = int(row) * size
            out.data[e * size : (e + 1) * size] = [p / 255 for p in pixels[begin : begin + size]]

    def one_hot(self, labels: Any, out: Flat) -> None:
        classes = out.shape[1]
        out.data[:] = [float(k == label) for label in labels for k in range(classes)]

    def argmax(self, a: Flat) -> list[int]:
        return [row.index(max(row)) for row in self._rows(a)]

    def finite(self, array: Flat) -> bool:
        return all(map(math.isfinite, array.data))

    def _rows(self, array: Flat) -> Iterator[list[float]]:
        columns = array.shape[-1]
        return (array.data[i : i + columns] for i in range(0, len(array.data), columns))

    def product(
        self,
        a: Flat,
        b: Flat,
        out: Flat,
        transpose_a: bool = False,
        transpose_b: bool = False,
        alpha: float = 1.0,
        beta: float = 0.0,
    ) -> None:
        """Row i of the result is the sum over k of a[i, k] times row k of b."""
        rows, columns = out.shape
        inner = a.shape[0] if transpose_a else a.shape[1]
        step_i, step_k = (1, rows) if transpose_a else (inner, 1)
        b_rows = [b.data[k::inner] for k in range(inner)] if transpose_b else list(self._rows(b))
        for i in range(rows):
            total = [0.0] * columns
            for k in range(inner):
                factor = a.data[i * step_i + k * step_k]
                row = b_rows[k]
                for j in range(columns):
                    total[j] += factor * row[j]
            for j in range(columns):
                old = beta * out.data[i * columns + j] if beta else 0.0
                out.data[i * columns + j] = alpha * total[j] + old

    def _each(
        self, shape: tuple[int, ...], arrays: tuple[Flat, ...]
    ) -> Iterator[tuple[float, ...]]:
        """The arrays' numbers that belong together, one tuple for each place of a `shape`."""
        return zip(*(spread(array, shape) for array in arrays), strict=True)

    def map(self, out: Flat, formula: Formula, *arrays: Flat) -> None:
        out.data[:] = [float(formula(Maths, *each)) for each in self._each(out.shape, arrays)]

    def update(self, rule: Formula, numbers: tuple[float, ...], *arrays: Flat) -> None:
        for i, each in enumerate(self._each(arrays[0].shape, arrays)):
            for array, value in zip(arrays, rule(Maths, *each, *numbers), strict=False):
                array.data[i] = value

    def total(self, formula: Formula, *arrays: Flat) -> float:
        terms = (formula(Maths, *each) for each in self._each(arrays[0].shape, arrays))
        return sum(terms, start=0.0)

    def row_sums(self, formula: Formula, *arrays: Flat) -> Flat:
        terms = self.zeros(arrays[0].shape)
        self.map(terms, formula, *arrays)
        return Flat([sum(row) for row in self._rows(terms)], (len(terms), 1))

    def row_maxima(self, array: Flat) -> Flat:
        return Flat([max(row) for row in self._rows(array)], (len(array), 1))

    def column_sums(self, array: Flat, out: Flat, alpha: float = 1.0, beta: float = 0.0) -> None:
        columns = len(out.data)
        for j in range(columns):
            old = beta * out.data[j] if beta else 0.0
            out.data[j] = alpha * sum(array.data[j::columns]) + old

    def _reads(self, batch: int, window: Window) -> Iterator[int]:
        """Which pixel each number of unfold's result is read from; −1 in the padding."""
        size, channels = range(window.size), range(window.channels)
        for e, r, c in pairs(range(batch), range(window.rows), range(window.columns)):
            for i, j, channel in pairs(size, size, channels):
                y = r * window.stride + i - window.padding
                x = c * window.stride + j - window.padding
                inside = 0 <= y < window.height and 0 <= x < window.width
                pixel = (e * window.height + y) * window.width + x
                yield pixel * window.channels + channel if inside else -1

    def unfold(self, images: Flat, window: Window, out: Flat) -> None:
        reads = self._reads(len(images), window)
        out.data[:] = [images.data[i] if i >= 0 else 0.0 for i in reads]

    def fold(self, rows: Flat, window: Window, out: Flat) -> None:
        out.data[:] = [0.0] * len(out.data)
        for i, value in zip(self._reads(len(out), window), rows.data, strict=True):
            if i >= 0:
                out.data[i] += value

    def pool(self, seen: Flat, out: Flat, winner: Flat | None) -> None:
        n, places, channels = seen.shape
        for i, c in pairs(range(n), range(channels)):
            begin = i * places * channels + c
            values = seen.data[begin : begin + places * channels : channels]
            if winner is None:
                out.data[i * channels + c] = sum(values) / places
            else:
                out.data[i * channels + c] = max(values)
                winner.data[i * channels + c] = float(values.index(max(values)))

    def pool_backward(self, dout: Flat, winner: Flat | None, dseen: Flat) -> None:
        n, places, channels = dseen.shape
        for i, place, c in pairs(range(n), range(places), range(channels)):
            share = 1 / places if winner is None else winner.data[i * channels + c] == place
            dseen.data[(i * places + place) * channels + c] = dout.data[i * channels + c] * share
