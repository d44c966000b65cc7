"""A data set: labelled images in memory, as the bytes they came as.

Pixels stay uint8 (all of MNIST is 55 MB so; float32 would be four times that). Whoever trains
gathers a batch and divides it by 255.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import DataError

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Split:
    """Images and their labels, one label an image.

    Attributes:
        images: uint8 (n, rows, columns), C-contiguous; 0 is the background, 255 full ink.
        labels: uint8 (n,), C-contiguous; an index into the data set's classes.

    Raises:
        DataError: the arrays' types, shapes or counts are anything else.
    """

    images: Bytes
    labels: Bytes

    def __post_init__(self) -> None:
        _check_array("images", self.images, dimensions=3)
        _check_array("labels", self.labels, dimensions=1)
        if len(self.images) != len(self.labels):
            raise DataError(f"{len(self.images)} images but {len(self.labels)} labels")
        if 0 in self.images.shape[1:]:
            raise DataError(f"images: expected at least one pixel each, got {self.images.shape}")

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        rows, columns = self.images.shape[1:]
        return f"<Split: {len(self):,} images of {rows}×{columns}, with labels>"

    def __getitem__(self, part: slice) -> Split:
        """The examples of a slice, as views: nothing is copied.  `split[:100]`"""
        return Split(self.images[part], self.labels[part])

    def take(self, rows: NDArray[Any]) -> Split:
        """The examples of some rows: a copy of these alone, or views if they are all neighbours.

        Args:
            rows: integers (m,), at least one, each larger than the one before.

        Raises:
            DataError: they are anything else, or there is no such row.
        """
        if rows.ndim != 1 or rows.dtype.kind not in "iu":
            raise DataError(f"rows: expected integers (m,), got {rows.dtype} {rows.shape}")
        if not len(rows):
            raise DataError("rows: none is chosen")
        rows = rows.astype(np.int64)
        first, last = int(rows[0]), int(rows[-1])
        if (np.diff(rows) <= 0).any():
            raise DataError("rows: expected each to be larger than the one before")
        if first < 0 or last >= len(self):
            raise DataError(f"rows: {first} to {last} are chosen, of {len(self)} from 0")
        if last - first == len(rows) - 1:
            return self[first : last + 1]
        return Split(self.images[rows], self.labels[rows])


@dataclass(frozen=True, eq=False)
class Dataset:
    """A named data set, its parts kept apart: train on one, choose by the next, report the last.

    Attributes:
        name: such as "mnist".
        classes: the classes' names; label k means `classes[k]`.
        train, test: never mixed; test may be empty, and then nothing is measured on it.
        validation: held out of the training images, or None.
        chosen: of each part that `choose` made smaller, the rows it has of the whole, uint32.

    Raises:
        DataError: no training images, a label without a class, or parts whose images differ in
            size.
    """

    name: str
    classes: Sequence[str]
    train: Split
    test: Split
    validation: Split | None = None
    chosen: Mapping[str, NDArray[np.uint32]] = field(default_factory=dict)
    shape: tuple[int, int] = field(init=False)  # rows and columns of every image

    def __post_init__(self) -> None:
        if not 1 <= len(self.classes) <= 256:
            raise DataError(f"{self.name}: expected 1 to 256 classes, got {len(self.classes)}")
        rows, columns = self.train.images.shape[1:]
        object.__setattr__(self, "classes", tuple(self.classes))
        object.__setattr__(self, "shape", (rows, columns))
        if not len(self.train):
            raise DataError(f"{self.name}: no training images")
        for name, split in self.splits().items():
            if split.images.shape[1:] != self.shape:
                raise DataError(
                    f"{self.name}, {name}: expected images of {rows}x{columns} as in train, "
                    f"got {split.images.shape[1]}x{split.images.shape[2]}"
                )
            largest = int(split.labels.max(initial=0))
            if largest >= len(self.classes):
                raise DataError(
                    f"{self.name}, {name}: label {largest}, but there are only "
                    f"{len(self.classes)} classes"
                )

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(split):,} {name}" for name, split in self.splits().items())
        rows, columns = self.shape
        return f"<Dataset {self.name}: {counts}; {len(self.classes)} classes of {rows}×{columns}>"

    def splits(self) -> dict[str, Split]:
        """The parts to train on and to measure, by name: train, validation (if held out), and
        test, unless there are no test images: nothing can be measured on none."""
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        if not len(self.test):
            del parts["test"]
        return {name: split for name, split in parts.items() if split is not None}

    def counts(self) -> dict[str, int]:
        """How many examples each part has; no test images are told, too."""
        counts = {name: len(split) for name, split in self.splits().items()}
        return {**counts, "test": len(self.test)}

    def hold_out(self, count: int) -> Dataset:
        """The same data with the last `count` training images set apart for validation.

        Raises:
            DataError: validation exists already, or nothing would be left to train on.
        """
        if self.validation is not None:
            raise DataError(f"{self.name}: {len(self.validation)} images are already held out")
        if not 0 < count < len(self.train):
            raise DataError(
                f"{self.name}: cannot hold {count} of {len(self.train)} training images out"
            )
        kept = len(self.train) - count
        return replace(self, train=self.train[:kept], validation=self.train[kept:])

    def choose(
        self, train: NDArray[Any] | None = None, test: NDArray[Any] | None = None
    ) -> Dataset:
        """The same data with only some rows of its parts (see `Split.take`); None keeps all.

        Raises:
            DataError: there are no such rows, or this is not the whole data set any more.
        """
        if self.chosen or self.validation is not None:
            raise DataError(f"{self.name}: examples can only be chosen of the whole data set")
        parts: dict[str, Split] = {}
        chosen: dict[str, NDArray[np.uint32]] = {}
        for name, rows in (("train", train), ("test", test)):
            if rows is None:
                continue
            try:
                parts[name] = (self.train if name == "train" else self.test).take(rows)
            except DataError as error:
                raise DataError(f"{self.name}, {name}, {error}") from error
            chosen[name] = rows.astype(np.uint32)
        return replace(
            self,
            train=parts.get("train", self.train),
            test=parts.get("test", self.test),
            chosen=chosen,
        )


def _check_array(name: str, array: object, dimensions: int) -> None:
    """Refuse anything but a C-contiguous uint8 array: the bytes go to engines by address."""
    if not isinstance(array, np.ndarray):
        raise DataError(f"{name}: expected a numpy array, got {type(array).__name__}")
    if array.dtype != np.uint8:
        raise DataError(f"{name}: expected dtype uint8, got {array.dtype}")
    if array.ndim != dimensions:
        raise DataError(f"{name}: expected {dimensions} dimensions, got shape {array.shape}")
    if not array.flags.c_contiguous:
        raise DataError(f"{name}: expected a C-contiguous array; see numpy.ascontiguousarray")
