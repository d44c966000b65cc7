"""Data sets refuse what engines could not use, and keep their parts apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glassnet.data.dataset import Dataset, Split
from glassnet.errors import DataError


def split(count: int = 6, side: int = 4, label: int = 1) -> Split:
    images = np.arange(count * side * side, dtype=np.uint8).reshape(count, side, side)
    return Split(images, np.full(count, label, np.uint8))


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        ([[[0]]], np.zeros(1, np.uint8), "images: expected a numpy array, got list"),
        (np.zeros((1, 4, 4)), np.zeros(1, np.uint8), "images: expected dtype uint8, got float64"),
        (np.zeros((1, 16), np.uint8), np.zeros(1, np.uint8), "images: expected 3 dimensions"),
        (np.zeros((1, 4, 4), np.uint8), np.zeros(1, np.int64), "labels: expected dtype uint8"),
        (np.zeros((2, 4, 4), np.uint8), np.zeros(1, np.uint8), "2 images but 1 labels"),
        (np.zeros((1, 0, 4), np.uint8), np.zeros(1, np.uint8), "at least one pixel"),
        (np.zeros((4, 4, 2), np.uint8).T, np.zeros(2, np.uint8), "C-contiguous"),
        (np.zeros((2, 4, 4), np.uint8), np.zeros(4, np.uint8)[::2], "labels: expected a C-contig"),
    ],
)
def test_a_split_names_what_is_wrong(images: Any, labels: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Split(images, labels)


def test_a_part_of_a_split_is_a_view() -> None:
    whole = split()
    part = whole[2:5]
    assert len(part) == 3
    assert np.shares_memory(part.images, whole.images)
    assert (part.images == whole.images[2:5]).all()


def test_a_dataset_knows_its_shape_and_parts() -> None:
    data = Dataset("letters", ["A", "B"], split(), split(2))
    assert data.shape == (4, 4)
    assert data.classes == ("A", "B")
    assert list(data.splits()) == ["train", "test"]


def test_a_label_without_a_class_is_refused() -> None:
    with pytest.raises(DataError, match="letters, test: label 2, but there are only 2 classes"):
        Dataset("letters", ["A", "B"], split(), split(label=2))


def test_images_of_two_sizes_are_refused() -> None:
    with pytest.raises(DataError, match="expected images of 4x4 as in train, got 5x5"):
        Dataset("letters", ["A", "B"], split(), split(side=5))


@pytest.mark.parametrize("count", [0, 257])
def test_the_number_of_classes_is_bounded(count: int) -> None:
    with pytest.raises(DataError, match="expected 1 to 256 classes"):
        Dataset("letters", ["A"] * count, split(label=0), split(label=0))


def test_holding_out_keeps_the_parts_apart() -> None:
    data = Dataset("letters", ["A", "B"], split(6), split(2)).hold_out(2)
    assert data.validation is not None
    assert (len(data.train), len(data.validation), len(data.test)) == (4, 2, 2)
    both = np.concatenate([data.train.images, data.validation.images])
    assert (both == split(6).images).all()
    with pytest.raises(DataError, match="already held out"):
        data.hold_out(1)


@pytest.mark.parametrize("count", [-1, 0, 6, 7])
def test_something_must_be_held_out_and_something_left(count: int) -> None:
    with pytest.raises(DataError, match="of 6 training images"):
        Dataset("letters", ["A", "B"], split(6), split(2)).hold_out(count)


def test_taking_rows_copies_only_these() -> None:
    whole = split(8)
    part = whole.take(np.array([1, 4, 6]))
    assert (part.images == whole.images[[1, 4, 6]]).all()
    assert part.images.nbytes == 3 * 16
    assert not np.shares_memory(part.images, whole.images)


def test_taking_neighbours_copies_nothing() -> None:
    whole = split(8)
    part = whole.take(np.arange(3, 7, dtype=np.uint32))
    assert (part.images == whole.images[3:7]).all()
    assert np.shares_memory(part.images, whole.images)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.array([], np.uint32), "none is chosen"),
        (np.array([1.0]), r"expected integers \(m,\), got float64"),
        (np.array([[1]]), r"got int(32|64) \(1, 1\)"),
        (np.array([True, False]), "got bool"),
        (np.array([2, 1]), "larger than the one before"),
        (np.array([1, 1]), "larger than the one before"),
        (np.array([-1, 2]), "-1 to 2 are chosen, of 6 from 0"),
        (np.array([0, 6]), "0 to 6 are chosen, of 6 from 0"),
        (np.array([2**64 - 1], np.uint64), "are chosen, of 6 from 0"),
    ],
)
def test_rows_that_are_not_there_are_refused(rows: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        split().take(rows)


def test_choosing_keeps_the_parts_apart_and_tells_what_was_chosen() -> None:
    whole = Dataset("letters", ["A", "B"], split(6), split(4, label=0))
    data = whole.choose(train=np.array([0, 3, 5]), test=np.array([1, 3]))
    assert (data.train.images == whole.train.images[[0, 3, 5]]).all()
    assert (data.test.images == whole.test.images[[1, 3]]).all()
    assert data.train.labels.tolist() == [1, 1, 1]
    assert {name: rows.tolist() for name, rows in data.chosen.items()} == {
        "train": [0, 3, 5],
        "test": [1, 3],
    }
    assert len(whole.train) == 6
    assert whole.chosen == {}


def test_what_is_not_chosen_of_stays_whole() -> None:
    whole = Dataset("letters", ["A", "B"], split(6), split(4))
    data = whole.choose(test=np.array([2]))
    assert data.train is whole.train
    assert set(data.chosen) == {"test"}
    assert data.hold_out(2).chosen is data.chosen


def test_examples_are_chosen_of_the_whole_only() -> None:
    whole = Dataset("letters", ["A", "B"], split(6), split(4))
    for part in (whole.choose(train=np.array([1])), whole.hold_out(2)):
        with pytest.raises(DataError, match="letters: examples can only be chosen of the whole"):
            part.choose(train=np.array([0]))
    with pytest.raises(DataError, match="letters, test, rows: 4 to 4 are chosen, of 4"):
        whole.choose(test=np.array([4]))
