"""A data set from wherever it is: a folder, a file, or arrays that are there already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import folder as folders
from glassnet.data.catalog import CATALOG
from glassnet.data.dataset import Bytes, Dataset, Split
from glassnet.errors import DataError

Pair = tuple[NDArray[Any], NDArray[Any]]  # images and labels
PART = 10  # one in so many examples is set apart to test on, where nothing else is


def load(
    source: str | Path | Pair, folder: str | Path | None = None, *, test: Pair | None = None
) -> Dataset:
    """A data set.

    Args:
        source: what data set it has to be, as `"mnist"`, and `folder` where its files are; or the
            folder or CSV file itself; or arrays: images (n, height, width), as bytes 0..255, and
            labels (n,), whole numbers from 0.
        test: more arrays, to test on; without them the last tenth is set apart.

    Raises:
        DataError: a file is missing or damaged, or is not what it should be; or the arrays are no
            images with a label each.
    """
    if isinstance(source, tuple):
        return _from_arrays(source, test)
    if folder is not None:
        return folders.load(folder, str(source))
    if str(source) in CATALOG and not Path(source).exists():
        raise DataError(
            f"{source}: in which folder are its files? load({str(source)!r}, folder=...)"
        )
    return folders.load(source)


def _from_arrays(train: Pair, test: Pair | None) -> Dataset:
    split = _as_split("arrays", train)
    kept = len(split) - len(split) // PART
    parts = (split[:kept], split[kept:]) if test is None else (split, _as_split("test", test))
    count = 1 + max(int(part.labels.max(initial=0)) for part in parts)
    return Dataset("arrays", [*map(str, range(count))], *parts)


def _as_split(name: str, pair: Pair) -> Split:
    images, labels = (np.asarray(array) for array in pair)
    if images.dtype != np.uint8:
        raise DataError(f"{name}: images of {images.dtype}; expected bytes 0..255 (uint8)")
    if labels.dtype.kind not in "iu" or (
        labels.size and not 0 <= labels.min() <= labels.max() < 256
    ):
        raise DataError(f"{name}: expected labels that are whole numbers from 0 to 255")
    pixels: Bytes = np.ascontiguousarray(images)
    return Split(pixels, np.ascontiguousarray(labels, np.uint8))
