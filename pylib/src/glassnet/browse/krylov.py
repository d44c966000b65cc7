"""The leading eigenvectors of a symmetric matrix that is too large to be written down.

All that is asked of a matrix C ≥ 0 is its product with a few vectors. From a block of random ones,
B₀, products lead to a growing space, span(B₀, C B₀, C² B₀, ...), that soon holds the vectors which
C stretches most; Rayleigh and Ritz pick the best out of it, of an orthonormal basis B:

    T = Bᵀ C B        T s = θ s        v = B s        r = C v − θ v

|r| tells how good they are: an eigenvalue lies within |r| of θ, and v's angle to the eigenvector is
about |r| over the distance to the next eigenvalue.

Sources: G. Golub, R. Underwood, "The block Lanczos method for computing eigenvalues", 1977;
Y. Saad, "Numerical Methods for Large Eigenvalue Problems", 2nd ed. 2011, section 6.6; C. Musco,
C. Musco, "Randomized block Krylov methods for stronger and faster approximate SVD", 2015.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOLERANCE = 1e-5  # |r|, relative to the largest eigenvalue
SPARE = 6  # vectors in a block beyond those wanted: the more, the fewer products
MOST_PRODUCTS = 60  # a matrix that stretches all alike has no leading vectors to be found
ROOM = 4_000_000  # numbers in a basis; when it is full, only the best of it goes on
SEED = 0  # of the first block: the same matrix always gives the same vectors


def leading(times: Callable[[Floats], Floats], size: int, count: int) -> tuple[Floats, Floats]:
    """The `count` largest eigenvalues of a positive semidefinite matrix, and their vectors.

    Args:
        times: V (size, p) → C V (size, p), float64.
        size: of the matrix, (size, size).
        count: 1 to size.

    Returns:
        Eigenvalues float64 (count,), falling; eigenvectors float64 (size, count), orthonormal.
        |r| is at most 1e-5 of the first eigenvalue, unless 60 products have not led there.
    """
    width = min(count + SPARE, size)
    most = max(3 * width, ROOM // size)
    block = np.linalg.qr(np.random.default_rng(SEED).standard_normal((size, width)))[0]
    basis, image = np.empty((size, 0)), np.empty((size, 0))  # B and C B
    for _ in range(MOST_PRODUCTS):
        basis, product = np.hstack([basis, block]), times(block)
        image = np.hstack([image, product])
        theta, s = _ritz(basis, image)
        vectors, stretched = basis @ s[:, :count], image @ s[:, :count]
        residuals = np.linalg.norm(stretched - vectors * theta[:count], axis=0)
        if residuals.max() <= TOLERANCE * theta[0]:
            break
        block = _new(product, basis, theta[0])
        if block.shape[1] == 0:  # C leads nowhere else: the space is complete
            break
        if basis.shape[1] + width > most:
            basis, image = basis @ s[:, :width], image @ s[:, :width]
    return theta[:count], vectors


def _ritz(basis: Floats, image: Floats) -> tuple[Floats, Floats]:
    """θ, falling, and s, of T = Bᵀ C B."""
    t = basis.T @ image
    theta, s = np.linalg.eigh((t + t.T) / 2)
    return theta[::-1], s[:, ::-1]


def _new(product: Floats, basis: Floats, scale: float) -> Floats:
    """An orthonormal basis of what a product adds to the space."""
    q, r = np.linalg.qr(product - basis @ (basis.T @ product))
    q = q[:, np.abs(np.diagonal(r)) > 1e-12 * scale]
    # Of a short rest, rounding errors along the basis are a large part: so once more.
    return np.linalg.qr(q - basis @ (basis.T @ q))[0]
