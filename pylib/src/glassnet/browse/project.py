"""A map of a data set: principal components, the directions in which its examples differ most.

    C = (1/n) Σ (x − μ)(x − μ)ᵀ        C v = λ v        the map of x: Vᵀ (x − μ)

Source: C. M. Bishop, "Pattern Recognition and Machine Learning", section 12.1. C itself is never
made: of images with 512×512 pixels it would fill 500 GB. Its product with a few vectors takes two
matrix products with the examples, and a handful of those lead to its first eigenvectors
(`krylov`). All digits of MNIST take under a second on the simd engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.browse import krylov
from glassnet.engines import Array, Engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.errors import DataError, ShapeError

Floats = NDArray[np.float64]

CHUNK = 1_000_000  # numbers that an engine gets at a time,
ROWS = 32  # but never fewer examples than these: a product wants some


@dataclass(frozen=True, eq=False)
class PCA:
    """The principal components of some examples.

    Attributes:
        mean: float64 (inputs,), μ.
        components: float64 (count, inputs), orthonormal rows v, the most telling first.  Of the two
            signs a direction has, the one whose largest entry is positive: so that the same data
            give the same map everywhere.
        variance: float64 (count,), λ: how much the examples vary along each.
        total: the variance in all directions together.
    """

    mean: Floats
    components: Floats
    variance: Floats
    total: float

    def transform(self, examples: NDArray[Any], engine: Engine | None = None) -> Floats:
        """Where examples lie on the map.

        Args:
            examples: any real dtype, (n, inputs) or images (n, rows, columns).
            engine: what computes, and how precisely; by default numpy in float64.

        Returns:
            float64 (n, count).

        Raises:
            ShapeError: another number of inputs.
        """
        source = _Examples(examples, engine)
        if source.inputs != len(self.mean):
            raise ShapeError("PCA", f"{len(self.mean)} inputs", f"{source.inputs}")
        parts = [along for _, along in source.along(self.components, self.mean)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.components)))

    def inverse(self, points: Floats) -> Floats:
        """The examples that lie at some points of the map, float64 (n, inputs)."""
        examples: Floats = points @ self.components + self.mean
        return examples

    @property
    def explained(self) -> Floats:
        """The part of all variance that lies along each component, float64 (count,), 0 to 1."""
        return self.variance / self.total if self.total > 0 else np.zeros_like(self.variance)


def fit(examples: NDArray[Any], count: int = 2, engine: Engine | None = None) -> PCA:
    """The first `count` principal components of all examples.

    The examples may stay bytes: they become numbers a chunk at a time, again for each product.

    Args:
        examples: any real dtype, (n, inputs) or images (n, rows, columns).
        count: how many components.
        engine: what computes, and how precisely; by default numpy in float64.

    Returns:
        Components to |C v − λ v| ≤ 1e-5 λ₁ (see `krylov.leading`).

    Raises:
        DataError: fewer than two examples, or a NaN or infinity among them.
        ShapeError: more components than inputs.
    """
    source = _Examples(examples, engine)
    n, inputs = source.count, source.inputs
    if n < 2:
        raise DataError(f"PCA: expected at least two examples, got {n}")
    if not 1 <= count <= inputs:
        raise ShapeError("PCA", f"1 to {inputs} components", f"{count}")
    mean, squares = source.moments()
    if not np.isfinite(mean).all():
        raise DataError("PCA: a NaN or infinity among the examples")

    def times(vectors: Floats) -> Floats:
        """C V = (1/n) Σ (x − μ) (x − μ)ᵀ V"""
        return source.scatter(vectors.T, mean).T / n

    variance, vectors = krylov.leading(times, inputs, count)
    components = vectors.T
    largest = np.abs(components).argmax(axis=1)
    signs = np.sign(components[np.arange(count), largest])
    total = max(squares / n - float(mean @ mean), 0.0)
    return PCA(mean, components * signs[:, None], np.maximum(variance, 0.0), total)


class _Examples:
    """Examples (n, inputs) as an engine's numbers, a chunk at a time."""

    def __init__(self, examples: NDArray[Any], engine: Engine | None) -> None:
        if examples.ndim < 2:
            raise ShapeError("PCA", "examples of at least one input each", f"{examples.shape}")
        self.count, self.inputs = len(examples), int(np.prod(examples.shape[1:]))
        self._flat = examples.reshape(self.count, self.inputs)
        self._engine = engine or NumpyEngine("float64")
        # Engines read bytes as fractions of 255.
        self._unit = 255.0 if examples.dtype == np.uint8 else 1.0

    def _chunks(self) -> Iterator[Array]:
        """Chunks x (rows, inputs), in units; each is gone when the next one comes."""
        rows = max(ROWS, CHUNK // self.inputs)
        for begin in range(0, self.count, rows):
            end = min(begin + rows, self.count)
            if begin == 0 or end - begin < rows:
                x = self._engine.zeros((end - begin, self.inputs))
            if self._unit == 255.0:
                self._engine.gather(self._flat, np.arange(begin, end), x)
            else:
                self._engine.load(np.ascontiguousarray(self._flat[begin:end], np.float64), x)
            yield x

    def moments(self) -> tuple[Floats, float]:
        """The mean, float64 (inputs,), and Σ |x|²."""
        sums, squares, part = np.zeros(self.inputs), 0.0, self._engine.zeros((self.inputs,))
        with self._engine.quiet():
            for x in self._chunks():
                self._engine.column_sums(x, part)
                sums += np.asarray(part)
                squares += self._engine.total(lambda m, x: x * x, x)
        return sums * self._unit / self.count, squares * self._unit**2

    def along(self, directions: Floats, mean: Floats) -> Iterator[tuple[Array, Floats]]:
        """Each chunk x, in units, with y = (x − μ) Vᵀ (rows, count), for V (count, inputs).

        x stays as it is: its many zeros cost an engine little, and y needs only be moved by μ Vᵀ.
        """
        engine = self._engine
        v = engine.zeros(directions.shape)
        engine.load(np.ascontiguousarray(directions), v)
        shift = directions @ mean
        for x in self._chunks():
            y = engine.zeros((x.shape[0], len(directions)))
            engine.product(x, v, y, transpose_b=True)
            yield x, np.asarray(y) * self._unit - shift

    def scatter(self, directions: Floats, mean: Floats) -> Floats:
        """Σ V (x − μ) (x − μ)ᵀ, float64 (count, inputs), for V (count, inputs)."""
        engine, found, rest = self._engine, np.zeros(directions.shape), np.zeros(len(directions))
        part = engine.zeros(directions.shape)
        for x, along in self.along(directions, mean):
            y = engine.zeros(along.shape)
            engine.load(along, y)
            engine.product(y, x, part, transpose_a=True)
            found += np.asarray(part)
            rest += along.sum(axis=0)  # all but zero in the end
        return found * self._unit - np.outer(rest, mean)
