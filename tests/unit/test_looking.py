"""Looking: grids, active maps, confusions and mistakes, on arrays small enough to check by eye."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassnet.errors import ShapeError
from glassnet.looking import (
    active_map,
    as_grid,
    confusion_matrix,
    grid_shape,
    mean_active_map,
    most_confident_mistakes,
    per_class_accuracy,
)


@pytest.mark.parametrize(
    ("count", "shape"),
    [
        (784, (28, 28)),
        (36, (6, 6)),
        (1, (1, 1)),
        (2, (1, 2)),
        (10, (2, 5)),
        (128, (8, 16)),
        (37, (6, 7)),
        (13, (4, 4)),
        (14, (4, 4)),
        (9973, (100, 100)),
    ],
)
def test_known_grids(count: int, shape: tuple[int, int]) -> None:
    assert grid_shape(count) == shape


@given(st.integers(1, 100_000))
def test_every_grid_has_room_is_near_square_and_wastes_less_than_a_row(count: int) -> None:
    rows, columns = grid_shape(count)
    assert count <= rows * columns < count + columns
    assert rows <= columns <= 3 * rows


@given(hnp.arrays(np.float32, st.integers(1, 60), elements=st.floats(-9, 9, width=32)))
def test_a_grid_keeps_the_values_in_order(values: np.ndarray) -> None:
    grid = as_grid(values)
    assert (grid.ravel()[: values.size] == values).all()
    assert np.isnan(grid.ravel()[values.size :]).all()


def test_a_grid_of_ones_own_shape() -> None:
    assert as_grid(np.arange(6.0).reshape(2, 3), (3, 2)).tolist() == [[0, 1], [2, 3], [4, 5]]
    with pytest.raises(ShapeError, match="at most 2 x 2 values, got 6"):
        as_grid(np.arange(6.0), (2, 2))
    with pytest.raises(ShapeError, match="at least one value"):
        as_grid(np.zeros(0))


def test_the_active_map_is_the_mean_of_the_active_units_weights() -> None:
    weights = np.array([[1.0, 2], [3, 4], [-5, 0]], np.float32)
    found = active_map(weights, np.array([0.4, 0.3, 0.9], np.float32))
    assert found.active.tolist() == [0, 2], "0.3 is not above 0.3"
    assert found.mean.tolist() == [-2, 1]
    assert active_map(weights, np.array([0.4, 0.3, 0.9]), threshold=0.2).active.size == 3


def test_no_active_unit_gives_zeros() -> None:
    found = active_map(np.ones((3, 2)), np.zeros(3))
    assert found.active.size == 0 and found.mean.tolist() == [0, 0]


def test_the_mean_of_several_active_maps() -> None:
    rng = np.random.default_rng(4)
    weights, activations = rng.standard_normal((5, 7)), rng.random((9, 5))
    activations[3] = 0  # nobody answers: a map of zeros, which counts as the others do
    maps = [active_map(weights, one, 0.5).mean for one in activations]
    np.testing.assert_allclose(mean_active_map(weights, activations, 0.5), np.mean(maps, axis=0))
    with pytest.raises(ShapeError, match="active maps"):
        mean_active_map(weights, activations[:0])
    with pytest.raises(ShapeError, match="active maps"):
        mean_active_map(weights, activations[:, :4])


def test_the_active_map_needs_an_activation_a_unit() -> None:
    with pytest.raises(ShapeError, match="active map"):
        active_map(np.ones((3, 2)), np.zeros(2))


@given(st.integers(1, 6), st.integers(0, 50), st.integers(0, 2**32 - 1))
def test_the_confusion_matrix_counts_every_example_once(
    classes: int, count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, count).astype(np.uint8)
    answers = rng.integers(0, classes, count)
    matrix = confusion_matrix(labels, answers, classes)
    for true in range(classes):
        for said in range(classes):
            assert matrix[true, said] == sum((labels == true) & (answers == said))


def test_two_hundred_classes_do_not_overflow_a_bytes_label() -> None:
    labels = np.full(3, 199, np.uint8)
    assert confusion_matrix(labels, labels, 200)[199, 199] == 3


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ShapeError, match="an answer a label"):
        confusion_matrix(np.zeros(3, int), np.zeros(2, int), 2)
    with pytest.raises(ShapeError, match="classes 0 to 1"):
        confusion_matrix(np.zeros(3, int), np.full(3, 2), 2)


def test_accuracy_by_class() -> None:
    accuracy = per_class_accuracy(np.array([[3, 1, 0], [0, 0, 2], [0, 0, 0]]))
    assert accuracy[:2].tolist() == [0.75, 0] and np.isnan(accuracy[2])


def test_the_surest_mistakes_come_first() -> None:
    outputs = np.array([[0.9, 0.1], [0.4, 0.6], [0.8, 0.2], [0.3, 0.7], [0.9, 0.1]])
    labels = np.array([1, 1, 1, 0, 0], np.uint8)  # right are 1 and 4
    assert most_confident_mistakes(outputs, labels).tolist() == [0, 2, 3]
    assert most_confident_mistakes(outputs, labels, 1).tolist() == [0]
    assert most_confident_mistakes(outputs, outputs.argmax(axis=1)).tolist() == []
    with pytest.raises(ShapeError, match="mistakes"):
        most_confident_mistakes(outputs, labels[:2])
