"""A map of the digits on which those that look alike lie close together: t-SNE, in numpy alone.

    p_j|i  = exp(−‖x_i − x_j‖² / 2σ_i²) / Σ_k …        over the nearest neighbours of i only
    q_ij   = (1 + ‖y_i − y_j‖²)⁻¹ / Z                   Z = Σ_k≠l (1 + ‖y_k − y_l‖²)⁻¹
    ∂C/∂y_i = 4 (Σ_j p_ij q_ij Z (y_i − y_j)  −  Σ_j q_ij² Z (y_i − y_j))

The first sum has few terms; the second, over all pairs, is a convolution, taken on a grid by FFT.
The digits are first reduced to their leading principal components. A sample of them is laid out;
the others start where their nearest neighbours in the sample are, and then all settle together.

Sources: L. van der Maaten and G. Hinton, "Visualizing Data using t-SNE", JMLR 9 (2008); G. C.
Linderman et al., "Fast interpolation-based t-SNE for improved visualization of single-cell RNA-seq
data", Nature Methods 16 (2019), here with linear interpolation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines import Engine

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int32]

COMPONENTS = 40
SAMPLE = 10_000
NEIGHBOURS = 15
PERPLEXITY = 8.0
EARLY, LATE, TOGETHER = 200, 350, 60  # iterations
EXAGGERATION = 12.0
SPACING = 0.7  # between two points of the grid
SIZES = (48, 60, 72, 90, 108, 128, 150, 180, 216, 256, 300, 360, 432, 512, 600)  # 2ᵃ 3ᵇ 5ᶜ, for FFT
FULL = 32767  # the largest coordinate that is given back


def neighbour_map(images: NDArray[np.uint8], engine: Engine, seed: int = 1) -> NDArray[np.int16]:
    """Where each image lies, int16 (n, 2); the map is centred and fills the range.

    Args:
        images: (n, rows, columns); at least 100.
        engine: does the large matrix products; its arrays must be numpy's.
        seed: of the sample's choice.
    """
    points = reduce(images, engine)
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(points))[: min(SAMPLE, len(points))])
    sample = points[chosen]
    near, distances = neighbours(sample, sample, NEIGHBOURS + 1, engine)
    near, distances = near[:, 1:], distances[:, 1:]  # the first is the point itself
    p = affinities(distances)
    y = sample[:, :2].astype(np.float64)
    y *= 1e-2 / y.std()
    y = descend(y, near, p, EARLY, EXAGGERATION)
    y = descend(y, near, p, LATE, 1.0)
    if len(chosen) < len(points):
        y = settle(points, chosen, y, engine)
    y -= (y.max(axis=0) + y.min(axis=0)) / 2
    spread: NDArray[np.int16] = np.round(y * (FULL / np.abs(y).max())).astype(np.int16)
    return spread


def settle(points: Floats, chosen: NDArray[Any], y: Doubles, engine: Engine) -> Doubles:
    """All points among the sample's: each at its neighbours' middle, then all on their own feet."""
    near, distances = neighbours(points, points[chosen], NEIGHBOURS + 1, engine)
    own = distances[:, :1] < 1e-3  # a point of the sample is its own nearest
    near = np.where(own, near[:, 1:], near[:, :-1])
    distances = np.where(own, distances[:, 1:], distances[:, :-1])
    p = affinities(distances)
    everyone = (y[near] * p[:, :, None]).sum(axis=1)
    everyone[chosen] = y
    everyone *= np.sqrt(len(points) / len(chosen)) ** 0.5  # more points take more room
    return descend(everyone, chosen[near].astype(np.int32), p, TOGETHER, 1.0)


def reduce(images: NDArray[np.uint8], engine: Engine) -> Floats:
    """The images' leading principal components, float32 (n, COMPONENTS)."""
    flat = images.reshape(len(images), -1)
    mean = flat.mean(axis=0, dtype=np.float64).astype(np.float32)
    covariance = np.zeros((flat.shape[1], flat.shape[1]))
    own = np.empty(covariance.shape, np.float32)
    for start in range(0, len(flat), 5000):
        part = flat[start : start + 5000].astype(np.float32) - mean
        engine.product(part, part, own, transpose_a=True)
        covariance += own
    basis = np.linalg.eigh(covariance)[1][:, ::-1][:, :COMPONENTS].astype(np.float32)
    basis *= np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(basis.shape[1])])
    basis = np.ascontiguousarray(basis)
    reduced = np.empty((len(flat), basis.shape[1]), np.float32)
    for start in range(0, len(flat), 5000):
        part = flat[start : start + 5000].astype(np.float32) - mean
        engine.product(part, basis, reduced[start : start + 5000])
    reduced /= np.float32(255)
    return reduced


def neighbours(points: Floats, among: Floats, count: int, engine: Engine) -> tuple[Indices, Floats]:
    """The `count` nearest of `among` to each point, nearest first, and the squared distances."""
    lengths = np.square(among).sum(axis=1)
    indices = np.empty((len(points), count), np.int32)
    distances = np.empty((len(points), count), np.float32)
    for start in range(0, len(points), 1000):
        part = points[start : start + 1000]
        square = np.empty((len(part), len(among)), np.float32)
        engine.product(part, among, square, transpose_b=True, alpha=-2.0)
        square += lengths
        square += np.square(part).sum(axis=1)[:, None]
        found = np.argpartition(square, count, axis=1)[:, :count]
        values = np.take_along_axis(square, found, axis=1)
        order = values.argsort(axis=1, kind="stable")
        indices[start : start + 1000] = np.take_along_axis(found, order, axis=1)
        distances[start : start + 1000] = np.take_along_axis(values, order, axis=1)
    return indices, np.maximum(distances, 0)


def affinities(distances: Floats) -> Floats:
    """p_j|i: each row sums to 1 and has the perplexity, its σ found by bisection."""
    low, high = np.full(len(distances), 1e-6), np.full(len(distances), 1e6)
    shifted = (distances - distances[:, :1]).astype(np.float64)
    for _ in range(50):
        beta = np.sqrt(low * high)  # 1 / 2σ²
        p = np.exp(-shifted * beta[:, None])
        p /= p.sum(axis=1, keepdims=True)
        entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=1)
        flat = entropy > np.log(PERPLEXITY)
        low, high = np.where(flat, beta, low), np.where(flat, high, beta)
    return np.asarray(p, np.float32)


def descend(y: Doubles, near: Indices, p: Floats, steps: int, exaggeration: float) -> Doubles:
    """Gradient descent with momentum; points as far as `near` has rows."""
    count = len(y)
    rate = max(count / 12.0, 50.0)
    speed = np.zeros_like(y)
    gains = np.ones_like(y)
    flat = near.ravel()
    for step in range(steps):
        apart = y[:, None, :] - y[near]
        pull = p * (exaggeration / (2 * count)) / (1 + np.square(apart).sum(axis=2))
        force = pull[:, :, None] * apart
        gradient = force.sum(axis=1)
        for axis in (0, 1):  # p is symmetric: each neighbour is pulled as well
            gradient[:, axis] -= np.bincount(flat, force[:, :, axis].ravel(), count)
        gradient -= repulsion(y)
        gradient *= 4
        agrees = np.sign(gradient) == np.sign(speed)
        gains = np.maximum(np.where(agrees, gains * 0.8, gains + 0.2), 0.01)
        momentum = 0.5 if step < 20 else 0.8
        speed = momentum * speed - rate * gains * gradient
        y = y + speed
        y -= y.mean(axis=0)
    return y


def repulsion(y: Doubles) -> Doubles:
    """Σ_j q_ij² Z (y_i − y_j): how hard all others push each point away."""
    low = y.min(axis=0)
    span = float((y.max(axis=0) - low).max())
    wanted = np.ceil(span / SPACING) + 2
    size = next((size for size in SIZES if size >= wanted), SIZES[-1])
    step = span / (size - 2) or 1.0
    cell = (y - low) / step
    corner = np.floor(cell).astype(np.int64)
    share = cell - corner
    places, parts = [], []
    for dx in (0, 1):
        for dy in (0, 1):
            places.append((corner[:, 0] + dx) * size + corner[:, 1] + dy)
            wide = share[:, 0] if dx else 1 - share[:, 0]
            parts.append(wide * (share[:, 1] if dy else 1 - share[:, 1]))
    place, part = np.concatenate(places), np.concatenate(parts)

    def spread(charge: Doubles) -> Doubles:
        grid: Doubles = np.bincount(place, part * np.tile(charge, 4), size * size).astype(
            np.float64
        )
        return grid.reshape(size, size)

    def gather(grid: Doubles) -> Doubles:
        total: Doubles = (grid.ravel()[place] * part).reshape(4, -1).sum(axis=0)
        return total

    padded = (2 * size, 2 * size)
    offset = np.minimum(np.arange(2 * size), 2 * size - np.arange(2 * size)) * step
    kernel = 1 / (1 + np.square(offset)[:, None] + np.square(offset)[None, :])
    first, second = np.fft.rfft2(kernel), np.fft.rfft2(np.square(kernel))

    def convolve(spectrum: NDArray[Any], transform: NDArray[Any]) -> Doubles:
        whole: Doubles = np.fft.irfft2(spectrum * transform, padded)[:size, :size]
        return gather(whole)

    ones, x, z = np.ones(len(y)), y[:, 0], y[:, 1]
    mass = np.fft.rfft2(spread(ones), padded)
    total = float(convolve(mass, first).sum()) - len(y)  # without each point's own 1
    weight = convolve(mass, second)
    push = np.empty_like(y)
    for axis, coordinate in enumerate((x, z)):
        moment = convolve(np.fft.rfft2(spread(coordinate), padded), second)
        push[:, axis] = coordinate * weight - moment
    return push / max(total, 1e-12)
