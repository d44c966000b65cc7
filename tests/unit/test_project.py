"""PCA: orthonormal directions of greatest variance, found again where they were put."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.browse import project
from glassnet.browse.project import fit
from glassnet.engines import Engine, make_engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.errors import DataError, ShapeError
from unit.small import bars


def cloud(n: int = 200, inputs: int = 6, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, inputs)) * np.arange(inputs, 0, -1) + 3


@given(st.integers(2, 60), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_it_agrees_with_the_singular_values(n: int, inputs: int, seed: int) -> None:
    x = cloud(n, inputs, seed)
    count = min(n - 1, inputs)
    pca = fit(x, count)
    _, singular, rows = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(pca.variance, singular[:count] ** 2 / n, rtol=1e-8, atol=1e-10)
    cosines = np.abs((pca.components * rows[:count]).sum(axis=1))
    gaps = np.abs(np.diff(np.append(singular[:count] ** 2, 0.0))) > 1e-6 * singular[0] ** 2
    apart = np.append(True, gaps[:-1]) & gaps
    np.testing.assert_allclose(cosines[apart], 1, atol=1e-6)
    assert 0 <= pca.explained.sum() <= 1 + 1e-9


ENGINES: dict[str, Callable[[], Engine]] = {
    "numpy": lambda: NumpyEngine("float64"),
    "numpy, float32": lambda: NumpyEngine("float32"),
    "simd": lambda: make_engine("simd"),
}


@pytest.mark.parametrize("name", ENGINES)
def test_it_agrees_with_all_of_the_covariance(name: str) -> None:
    """LAPACK's eigenvectors of C to an angle of 1e-4, though the eigenvalues are 1 % apart."""
    images = bars(train=900, size=14).train.images
    engine = ENGINES[name]()
    pca = fit(images, 3, engine)
    flat = images.reshape(len(images), -1).astype(float)
    variance, vectors = np.linalg.eigh(np.cov(flat, rowvar=False, bias=True))
    np.testing.assert_allclose(pca.variance, variance[::-1][:3], rtol=1e-5)
    assert pca.total == pytest.approx(variance.sum(), rel=1e-5)
    cosines = np.abs((pca.components * vectors.T[::-1][:3]).sum(axis=1))
    assert np.sqrt(np.maximum(0, 1 - cosines**2)).max() <= 1e-4
    points = (flat - flat.mean(axis=0)) @ pca.components.T
    np.testing.assert_allclose(pca.transform(images, engine), points, atol=0.01)  # of 255


@pytest.mark.parametrize("name", ["numpy, float32", "simd"])
def test_large_images(name: str) -> None:
    """Their covariance would fill 34 GB; Σ (x − μ)ᵀ(y − μ) has the same eigenvalues but zeros."""
    rng = np.random.default_rng(3)
    images = np.kron(rng.integers(0, 256, (30, 8, 8)), np.ones((32, 32))).astype(np.uint8)
    pca = fit(images, 2, ENGINES[name]())
    flat = images.reshape(30, -1).astype(float)
    flat -= flat.mean(axis=0)
    gram = np.linalg.eigvalsh(flat @ flat.T / 30)[::-1]
    np.testing.assert_allclose(pca.variance, gram[:2], rtol=1e-5)
    assert pca.total == pytest.approx(gram.sum(), rel=1e-5)


def test_directions_are_orthonormal_and_their_sign_is_fixed() -> None:
    x = cloud()
    pca = fit(x, 6)
    np.testing.assert_allclose(pca.components @ pca.components.T, np.eye(6), atol=1e-12)
    for row in pca.components:
        assert row[np.abs(row).argmax()] > 0
    mirrored = fit(-x, 6)
    np.testing.assert_allclose(mirrored.components, pca.components, atol=1e-9)


def test_the_map_keeps_variances_and_can_be_inverted() -> None:
    x = cloud()
    pca = fit(x, 6)
    points = pca.transform(x)
    np.testing.assert_allclose(points.var(axis=0), pca.variance)
    np.testing.assert_allclose(pca.inverse(points), x, atol=1e-9)
    assert pca.explained.sum() == pytest.approx(1)


def test_bytes_and_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    images = np.random.default_rng(1).integers(0, 256, (50, 3, 4), np.uint8)
    whole = fit(images, 3)
    floats = fit(images.reshape(50, 12).astype(float), 3)
    monkeypatch.setattr(project, "CHUNK", 7 * 12)
    monkeypatch.setattr(project, "ROWS", 1)
    pieces = fit(images, 3)
    for other in (floats, pieces):
        np.testing.assert_allclose(other.components, whole.components, atol=1e-9)
        np.testing.assert_allclose(other.transform(images), whole.transform(images), atol=1e-7)
    assert whole.transform(images[:0]).shape == (0, 3)


def test_examples_that_are_all_alike_have_no_direction() -> None:
    pca = fit(np.full((5, 3), 7.0), 2)
    assert pca.variance.tolist() == [0, 0] and pca.explained.tolist() == [0, 0]
    assert np.isfinite(pca.components).all()


def test_what_has_no_components_is_refused() -> None:
    with pytest.raises(DataError, match="at least two examples, got 1"):
        fit(np.zeros((1, 3)))
    with pytest.raises(DataError, match="NaN"):
        fit(np.full((3, 3), np.nan))
    with pytest.raises(ShapeError, match="1 to 3 components, got 4"):
        fit(np.zeros((5, 3)), 4)
    with pytest.raises(ShapeError, match="expected 6 inputs, got 5"):
        fit(cloud()).transform(np.zeros((2, 5)))
    with pytest.raises(ShapeError, match="at least one input"):
        fit(np.zeros(5))
