"""Leading eigenvectors from products alone, against LAPACK's of the whole matrix."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glassnet.browse import krylov
from glassnet.browse.krylov import TOLERANCE, leading

Floats = NDArray[np.float64]


def matrix(eigenvalues: NDArray[np.floating], seed: int = 0) -> Floats:
    """A symmetric matrix with these eigenvalues, and random eigenvectors."""
    random = np.random.default_rng([seed, 1]).standard_normal((len(eigenvalues),) * 2)
    q = np.linalg.qr(random)[0]
    whole: Floats = (q * eigenvalues) @ q.T
    return whole


class Counted:
    """A matrix that counts how many products are asked of it."""

    def __init__(self, c: Floats) -> None:
        self.c, self.products = c, 0

    def __call__(self, v: Floats) -> Floats:
        self.products += 1
        return self.c @ v


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.3, 0.95), st.integers(0, 99))
def test_it_agrees_with_lapack(size: int, count: int, ratio: float, seed: int) -> None:
    count = min(count, size)
    c = matrix(5.0 * ratio ** np.arange(size), seed)
    values, vectors = leading(Counted(c), size, count)
    wanted, rows = np.linalg.eigh(c)
    np.testing.assert_allclose(values, wanted[::-1][:count], atol=5 * TOLERANCE)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(count), atol=1e-12)
    residuals = np.linalg.norm(c @ vectors - vectors * values, axis=0)
    assert residuals.max() <= 5 * TOLERANCE * 1.001
    if count < size:  # the angle is at most |r| over the distance to the next eigenvalue
        cosine = abs(float(vectors[:, 0] @ rows[:, -1]))
        assert np.sqrt(max(0.0, 1 - cosine**2)) <= TOLERANCE / (1 - ratio) + 1e-7


def test_a_few_products_are_enough() -> None:
    times = Counted(matrix(1 / np.arange(1, 301)))
    leading(times, 300, 2)
    assert times.products <= 8


def test_the_same_matrix_gives_the_same_vectors() -> None:
    c = matrix(0.9 ** np.arange(100))
    np.testing.assert_array_equal(leading(Counted(c), 100, 3)[1], leading(Counted(c), 100, 3)[1])


def test_a_basis_without_room_starts_again_from_its_best(monkeypatch: pytest.MonkeyPatch) -> None:
    c = matrix(0.97 ** np.arange(200))
    roomy, tight = Counted(c), Counted(c)
    wanted = leading(roomy, 200, 2)[0]
    monkeypatch.setattr(krylov, "ROOM", 1)
    np.testing.assert_allclose(leading(tight, 200, 2)[0], wanted, rtol=1e-8)
    assert roomy.products < tight.products < krylov.MOST_PRODUCTS


@pytest.mark.parametrize("rank", [0, 1, 2, 9])
def test_a_space_that_is_complete_is_enough(rank: int) -> None:
    """Fewer directions than asked for: what is left has no length, and any direction."""
    eigenvalues = np.zeros(40)
    eigenvalues[:rank] = np.arange(rank, 0, -1)
    values, vectors = leading(Counted(matrix(eigenvalues)), 40, 12)
    np.testing.assert_allclose(values, eigenvalues[:12], atol=1e-10)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(12), atol=1e-12)


def test_all_directions_alike() -> None:
    values, vectors = leading(Counted(np.eye(50)), 50, 2)
    np.testing.assert_allclose(values, 1, atol=1e-12)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(2), atol=1e-12)


def test_an_end_comes_even_without_leading_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(krylov, "ROOM", 1)
    times = Counted(matrix(1 - 1e-3 * np.linspace(0, 1, 200)))
    values, _ = leading(times, 200, 2)
    assert times.products <= krylov.MOST_PRODUCTS
    np.testing.assert_allclose(values, 1, atol=1e-3)
