"""A map of a data set: principal components, the directions in which its examples differ most.

    C = (1/n) Σ (x − μ)(x − μ)ᵀ        C v = λ v        the map of x: Vᵀ (x − μ)

Source: C. M. Bishop, "Pattern Recognition and Machine Learning", section 12.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import DataError, ShapeError

Floats = NDArray[np.float64]

CHUNK = 4096  # examples made float at a time


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

    def transform(self, examples: NDArray[Any]) -> Floats:
        """Where examples lie on the map.

        Args:
            examples: any real dtype, (n, inputs) or images (n, rows, columns).

        Returns:
            float64 (n, count).

        Raises:
            ShapeError: another number of inputs.
        """
        flat = _flatten(examples)
        if flat.shape[1] != len(self.mean):
            raise ShapeError("PCA", f"{len(self.mean)} inputs", f"{flat.shape[1]}")
        parts = [(part - self.mean) @ self.components.T for part in _chunks(flat)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.components)))

    def inverse(self, points: Floats) -> Floats:
        """The examples that lie at some points of the map, float64 (n, inputs)."""
        examples: Floats = points @ self.components + self.mean
        return examples

    @property
    def explained(self) -> Floats:
        """The part of all variance that lies along each component, float64 (count,), 0 to 1."""
        return self.variance / self.total if self.total > 0 else np.zeros_like(self.variance)


def fit(examples: NDArray[Any], count: int = 2) -> PCA:
    """The first `count` principal components.

    The covariance matrix is summed up over chunks, so the examples may stay bytes.  It takes
    n · inputs² multiplications: 10,000 digits tell about as much as 60,000, and sooner.

    Args:
        examples: any real dtype, (n, inputs) or images (n, rows, columns).
        count: how many components.

    Raises:
        DataError: fewer than two examples, or a NaN or infinity among them.
        ShapeError: more components than inputs.
    """
    flat = _flatten(examples)
    inputs = flat.shape[1]
    if len(flat) < 2:
        raise DataError(f"PCA: expected at least two examples, got {len(flat)}")
    if not 1 <= count <= inputs:
        raise ShapeError("PCA", f"1 to {inputs} components", f"{count}")
    mean = np.zeros(inputs)
    for part in _chunks(flat):
        mean += part.sum(axis=0)
    mean /= len(flat)
    if not np.isfinite(mean).all():
        raise DataError("PCA: a NaN or infinity among the examples")
    covariance = np.zeros((inputs, inputs))
    for part in _chunks(flat):
        centred = part - mean
        covariance += centred.T @ centred
    covariance /= len(flat)

    variance, vectors = np.linalg.eigh(covariance)  # in rising order
    components = vectors.T[::-1][:count]
    largest = np.abs(components).argmax(axis=1)
    signs = np.sign(components[np.arange(count), largest])
    return PCA(
        mean,
        components * signs[:, None],
        np.maximum(variance[::-1][:count], 0.0),
        float(np.trace(covariance)),
    )


def _flatten(examples: NDArray[Any]) -> NDArray[Any]:
    if examples.ndim < 2:
        raise ShapeError("PCA", "examples of at least one input each", f"{examples.shape}")
    return examples.reshape(len(examples), int(np.prod(examples.shape[1:])))


def _chunks(flat: NDArray[Any]) -> Iterator[Floats]:
    for begin in range(0, len(flat), CHUNK):
        yield flat[begin : begin + CHUNK].astype(np.float64)
