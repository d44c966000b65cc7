"""The numpy engine: whole arrays at a time.

Natively `@` calls a BLAS and nothing beats it. Pyodide's numpy has none: there `einsum`, whose
inner loop runs along contiguous rows, is up to four times faster than `@`, but takes some 10 µs to
begin. So products of more than 30,000 multiplications go to it there (measured in Chromium).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import product as pairs
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines.base import Engine, Formula, Window

Floats = NDArray[Any]  # float32, or float64 where gradients are checked

HAS_BLAS = sys.platform != "emscripten"
EINSUM_FROM = 30_000  # multiplications
MANY_ROWS = 1000  # down so many, as for BatchNorm, float32 sums lose a digit; float64 is slower


class NumpyEngine(Engine):
    """Arrays are numpy's own, C-contiguous; formulas get numpy itself as `m`."""

    name = "numpy"

    def __init__(self, dtype: str = "float32") -> None:
        self.dtype = dtype
        self._buffers: dict[object, Floats] = {}
        self._eyes: dict[int, Floats] = {}  # identity matrices: their rows are one-hot

    def _buffer(self, key: object, shape: tuple[int, ...]) -> Floats:
        """An array of zeros to work in, the same one for the same key and shape."""
        if (key, shape) not in self._buffers:
            self._buffers[key, shape] = np.zeros(shape, self.dtype)
        return self._buffers[key, shape]

    def zeros(self, shape: Sequence[int]) -> Floats:
        return np.zeros(shape, self.dtype)

    def view(self, array: Floats, shape: Sequence[int]) -> Floats:
        return array.reshape(shape)

    def load(self, values: Any, out: Floats) -> None:
        np.copyto(out, values.reshape(out.shape))

    def gather(self, images: NDArray[np.uint8], rows: Any, out: Floats) -> None:
        np.divide(images.take(rows, axis=0).reshape(out.shape), 255, out=out, dtype=self.dtype)

    def one_hot(self, labels: NDArray[np.uint8], out: Floats) -> None:
        classes = out.shape[1]
        if classes not in self._eyes:
            self._eyes[classes] = np.eye(classes, dtype=self.dtype)
        self._eyes[classes].take(labels, axis=0, out=out, mode="clip")

    def argmax(self, a: Floats) -> NDArray[np.intp]:
        winners: NDArray[np.intp] = a.argmax(axis=1)
        return winners

    def correct(self, a: Floats, y: Floats) -> int:
        return int(np.count_nonzero(a.argmax(axis=1) == y.argmax(axis=1)))

    def quiet(self) -> AbstractContextManager[None]:
        return np.errstate(all="ignore")

    def finite(self, array: Floats) -> bool:
        return bool(np.isfinite(array).all())

    def product(
        self,
        a: Floats,
        b: Floats,
        out: Floats,
        transpose_a: bool = False,
        transpose_b: bool = False,
        alpha: float = 1.0,
        beta: float = 0.0,
    ) -> None:
        if alpha != 1:
            a = a * alpha  # of the two factors, gradients put the smaller one first
        target = out if beta == 0 else self._buffer("product", out.shape)
        inner = a.shape[0] if transpose_a else a.shape[1]
        if HAS_BLAS or out.size * inner < EINSUM_FROM:
            np.matmul(a.T if transpose_a else a, b.T if transpose_b else b, out=target)
        else:
            rows, columns = "km" if transpose_a else "mk", "nk" if transpose_b else "kn"
            np.einsum(f"{rows},{columns}->mn", a, b, out=target)
        if beta != 0:
            if beta != 1:
                out *= beta
            out += target

    def map(self, out: Floats, formula: Formula, *arrays: Floats) -> None:
        out[...] = formula(np, *arrays)

    def update(self, rule: Formula, numbers: tuple[float, ...], *arrays: Floats) -> None:
        for array, value in zip(arrays, rule(np, *arrays, *numbers), strict=False):
            array[...] = value

    def total(self, formula: Formula, *arrays: Floats) -> float:
        return float(np.add.reduce(formula(np, *arrays), axis=None))

    def row_sums(self, formula: Formula, *arrays: Floats) -> Floats:
        sums: Floats = np.add.reduce(formula(np, *arrays), axis=1, keepdims=True)
        return sums

    def row_maxima(self, array: Floats) -> Floats:
        return np.maximum.reduce(array, axis=1, keepdims=True)

    def column_sums(
        self, array: Floats, out: Floats, alpha: float = 1.0, beta: float = 0.0
    ) -> None:
        careful = np.float64 if len(array) >= MANY_ROWS else None
        sums = np.add.reduce(array, axis=0, dtype=careful)
        if beta == 1:
            out += alpha * sums
        else:
            out[...] = alpha * sums if beta == 0 else alpha * sums + beta * out

    def _positions(self, window: Window, seen: Floats, padded: Floats) -> Any:
        """For each place in the window: what is seen there, and the pixels it is read from,
        both (B, rows, columns, C)."""
        size, stride = window.size, window.stride
        seen = seen.reshape(-1, window.rows, window.columns, size, size, window.channels)
        for i, j in pairs(range(size), range(size)):
            down = slice(i, i + stride * window.rows, stride)
            across = slice(j, j + stride * window.columns, stride)
            yield seen[:, :, :, i, j], padded[:, down, across]

    def _padded(self, images: Floats, window: Window) -> tuple[Floats, Floats]:
        """A larger image around the images (themselves, without padding), and its inside."""
        p = window.padding
        if p == 0:
            return images, images
        shape = (len(images), window.height + 2 * p, window.width + 2 * p, window.channels)
        padded = self._buffer("padded", shape)
        return padded, padded[:, p : p + window.height, p : p + window.width]

    def unfold(self, images: Floats, window: Window, out: Floats) -> None:
        padded, inside = self._padded(images, window)
        if inside is not images:
            padded.fill(0)
            inside[...] = images
        for seen, pixels in self._positions(window, out, padded):
            seen[...] = pixels

    def fold(self, rows: Floats, window: Window, out: Floats) -> None:
        padded, inside = self._padded(out, window)
        padded.fill(0)
        for seen, pixels in self._positions(window, rows, padded):
            pixels += seen
        if inside is not out:
            out[...] = inside

    def pool(self, seen: Floats, out: Floats, winner: Floats | None) -> None:
        if winner is None:
            np.mean(seen, axis=1, out=out)
            return
        out[...], winner[...] = seen[:, 0], 0
        for place in range(1, seen.shape[1]):
            np.copyto(winner, place, where=seen[:, place] > out)
            np.maximum(out, seen[:, place], out=out)  # NaN stays NaN

    def pool_backward(self, dout: Floats, winner: Floats | None, dseen: Floats) -> None:
        places = dseen.shape[1]
        if winner is None:
            dseen[...] = dout[:, None] / places
        else:
            for place in range(places):
                np.multiply(dout, winner == place, out=dseen[:, place])

    def add_bias(self, z: Floats, bias: Floats) -> None:
        z += bias
