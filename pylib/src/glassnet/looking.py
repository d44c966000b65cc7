"""Looking at a trained network: its weights as a grid, what made it answer, what it mixes up.

Arrays in, arrays out; `terminal.py` and the pages draw them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import ShapeError

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

THRESHOLD = 0.3  # a unit whose activation is above counts as active
ELONGATED = 3  # times as wide as high: beyond, a grid with a few empty cells reads better


def grid_shape(count: int) -> tuple[int, int]:
    """Rows and columns that show `count` values as nearly square as may be.

    784 give 28 x 28 and 36 give 6 x 6, whole; 10 give 2 x 5.  A number without such divisors (37)
    gets the smallest near-square grid (6 x 7) that has room, and some of its cells stay empty.
    """
    if count < 1:
        raise ShapeError("grid", "at least one value", count)
    rows = next(rows for rows in range(math.isqrt(count), 0, -1) if count % rows == 0)
    if count <= ELONGATED * rows * rows:
        return rows, count // rows
    columns = math.isqrt(count - 1) + 1
    return -(-count // columns), columns


def as_grid(values: Floats, shape: tuple[int, int] | None = None) -> NDArray[np.float64]:
    """Values laid out row by row on their grid, float64; NaN where a cell is empty.

    Args:
        values: (count,) or any shape with as many.
        shape: another grid than `grid_shape` finds.

    Raises:
        ShapeError: the grid has too few cells.
    """
    flat = np.asarray(values, np.float64).ravel()
    rows, columns = grid_shape(flat.size) if shape is None else shape
    if rows * columns < flat.size:
        raise ShapeError("grid", f"at most {rows} x {columns} values", flat.size)
    grid = np.full(rows * columns, np.nan)
    grid[: flat.size] = flat
    return grid.reshape(rows, columns)


@dataclass(frozen=True, eq=False)
class ActiveMap:
    """What the units that answered to an example look for, on average.

    Attributes:
        active: int (active units,), which units they are.
        mean: float64 (inputs,), the mean of their incoming weights; zeros if no unit is active.
    """

    active: Integers
    mean: NDArray[np.float64]


def active_map(weights: Floats, activations: Floats, threshold: float = THRESHOLD) -> ActiveMap:
    """The mean map of the weights of the units whose activation is above the threshold.

    Args:
        weights: (units, inputs), one row a unit.
        activations: (units,), for one example.
        threshold: how active a unit must be to count.

    Raises:
        ShapeError: not one activation a unit.
    """
    if weights.ndim != 2 or activations.shape != weights.shape[:1]:
        got = f"{weights.shape} and {activations.shape}"
        raise ShapeError("active map", "weights (units, inputs) and an activation each", got)
    active = np.flatnonzero(activations > threshold)
    if not active.size:
        return ActiveMap(active, np.zeros(weights.shape[1]))
    return ActiveMap(active, weights[active].mean(axis=0, dtype=np.float64))


def mean_active_map(
    weights: Floats, activations: Floats, threshold: float = THRESHOLD
) -> NDArray[np.float64]:
    """The mean of several examples' `active_map`s, float64 (inputs,).

    Args:
        weights: (units, inputs), one row a unit.
        activations: (n, units), for n ≥ 1 examples.
        threshold: how active a unit must be to count.

    Raises:
        ShapeError: not one activation a unit, or no example.
    """
    if weights.ndim != 2 or activations.shape[1:] != weights.shape[:1] or not len(activations):
        got = f"{weights.shape} and {activations.shape}"
        raise ShapeError("active maps", "weights (units, inputs) and activations (n, units)", got)
    active = activations > threshold
    shares = active / np.maximum(active.sum(axis=1, keepdims=True), 1)
    mean: NDArray[np.float64] = np.einsum("u,ui->i", shares.mean(axis=0), weights)
    return mean


def confusion_matrix(labels: Integers, answers: Integers, classes: int) -> NDArray[np.int64]:
    """How often each class was taken for which.

    Args:
        labels: (n,), the true classes.
        answers: (n,), the network's.
        classes: how many there are.

    Returns:
        int64 (classes, classes); row: the true class, column: the answer.

    Raises:
        ShapeError: not as many answers as labels, or one that is no class.
    """
    if labels.shape != answers.shape or labels.ndim != 1:
        raise ShapeError("confusion matrix", f"an answer a label, {labels.shape}", answers.shape)
    both = np.concatenate([labels, answers]).astype(np.int64)
    if both.size and not 0 <= both.min() <= both.max() < classes:
        raise ShapeError("confusion matrix", f"classes 0 to {classes - 1}", int(both.max()))
    cells = labels.astype(np.int64) * classes + answers
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def per_class_accuracy(confusion: Integers) -> NDArray[np.float64]:
    """Of each class's examples the part that was recognised, float64 (classes,); NaN for none."""
    counts = confusion.sum(axis=1)
    some = counts > 0
    accuracy = np.full(len(counts), np.nan)
    accuracy[some] = np.diagonal(confusion)[some] / counts[some]
    return accuracy


def most_confident_mistakes(outputs: Floats, labels: Integers, count: int = 10) -> Integers:
    """The wrong answers the network was surest of, the surest first.

    Args:
        outputs: (n, classes); the answer is the largest, and how large it is, is the confidence.
        labels: (n,), the true classes.
        count: how many at most.

    Returns:
        int (up to count,), indices of examples; of equally sure ones the earlier first.
    """
    if outputs.ndim != 2 or labels.shape != outputs.shape[:1]:
        raise ShapeError("mistakes", f"outputs for {labels.shape} labels", outputs.shape)
    wrong = np.flatnonzero(outputs.argmax(axis=1) != labels)
    surest = np.argsort(-outputs[wrong].max(axis=1), kind="stable")
    return wrong[surest][:count]
