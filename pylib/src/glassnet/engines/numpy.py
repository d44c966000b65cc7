"""The numpy engine: whole arrays at a time.

Natively `@` calls a BLAS and nothing beats it. Pyodide's numpy has none: there `einsum` over
rows that are contiguous along the summed (or the innermost) axis is two to six times faster than
`@`, so that is what we use on it. The choice is made once, when this module is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines.base import Activation, Engine, Terms

Floats = NDArray[Any]  # float32, or float64 where gradients are checked

HAS_BLAS = sys.platform != "emscripten"
SUBSCRIPTS = {
    (False, False): "mk,kn->mn",
    (False, True): "mk,nk->mn",
    (True, False): "km,kn->mn",
    (True, True): "km,nk->mn",
}


class Maths:
    """The names a formula may use, for whole arrays. (The python engine has them for numbers.)"""

    exp, log, log1p, tanh, sqrt = np.exp, np.log, np.log1p, np.tanh, np.sqrt
    maximum, absolute, sign, where = np.maximum, np.absolute, np.sign, np.where


class NumpyEngine(Engine):
    """Arrays are numpy's own, C-contiguous."""

    name = "numpy"

    def __init__(self, dtype: str = "float32") -> None:
        self.dtype = dtype
        self._scratch: dict[tuple[int, ...], Floats] = {}

    def zeros(self, shape: Sequence[int]) -> Floats:
        return np.zeros(shape, self.dtype)

    def view(self, array: Floats, shape: Sequence[int]) -> Floats:
        view = array.view()
        view.shape = tuple(shape)  # unlike reshape, refuses to copy
        return view

    def load(self, values: Any, out: Floats) -> None:
        np.copyto(out, np.asarray(values).reshape(out.shape), casting="same_kind")

    def gather(self, images: NDArray[np.uint8], rows: Any, out: Floats) -> None:
        pixels = images.take(rows, axis=0).reshape(out.shape)
        np.divide(pixels, 255, out=out, dtype=self.dtype)

    def one_hot(self, labels: NDArray[np.uint8], out: Floats) -> None:
        np.equal(labels[:, None], np.arange(out.shape[1]), out=out, casting="unsafe")

    def argmax(self, a: Floats) -> NDArray[np.intp]:
        winners: NDArray[np.intp] = a.argmax(axis=1)
        return winners

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
        target = out if beta == 0 else self._like(out)
        if HAS_BLAS:
            np.matmul(a.T if transpose_a else a, b.T if transpose_b else b, out=target)
        else:
            np.einsum(SUBSCRIPTS[transpose_a, transpose_b], a, b, out=target)
        if alpha != 1:
            target *= alpha
        if target is not out:
            if beta != 1:
                out *= beta
            out += target

    def _like(self, array: Floats) -> Floats:
        """A buffer of the array's shape, for the moment between two lines."""
        if array.shape not in self._scratch:
            self._scratch[array.shape] = np.empty_like(array)
        return self._scratch[array.shape]

    def add_bias(self, z: Floats, bias: Floats) -> None:
        z += bias

    def column_sums(self, delta: Floats, out: Floats, alpha: float, beta: float) -> None:
        total = np.add.reduce(delta, axis=0)
        if beta == 0:
            np.multiply(total, alpha, out=out)
        else:
            if beta != 1:
                out *= beta
            out += alpha * total

    def activate(self, activation: Activation, z: Floats, a: Floats) -> None:
        if activation.rows:
            np.subtract(z, z.max(axis=-1, keepdims=True), out=a)
            np.exp(a, out=a)
            a /= a.sum(axis=-1, keepdims=True)
        else:
            a[...] = activation.f(z, Maths)

    def activate_backward(
        self, activation: Activation, z: Floats, a: Floats, da: Floats, delta: Floats
    ) -> None:
        if activation.rows:
            np.multiply(a, da - (a * da).sum(axis=-1, keepdims=True), out=delta)
        else:
            np.multiply(da, activation.df(z, a, Maths), out=delta)

    def loss(self, terms: Terms, z: Floats, a: Floats, y: Floats, out: Floats | None) -> float:
        if out is not None:
            np.divide(terms.gradient(z, a, y, Maths), len(a), out=out)
        return float(np.add.reduce(terms.term(z, a, y, Maths), axis=None)) / len(a)

    def softmax_cross_entropy(self, z: Floats, a: Floats, y: Floats, delta: Floats | None) -> float:
        if delta is not None:
            np.subtract(a, y, out=delta)
            delta /= len(a)
        top = z.max(axis=1)
        log_sum = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
        return float((log_sum - (y * z).sum(axis=1)).sum()) / len(a)

    def update(self, rule: Callable[..., tuple[Any, ...]], *arrays: Floats) -> None:
        for array, value in zip(arrays, rule(Maths, *arrays), strict=False):
            array[...] = value
