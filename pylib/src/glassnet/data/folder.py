"""A data set from a folder: which one it is, whether its files are as published, and its images."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import catalog
from glassnet.data.catalog import ANONYMOUS, CATALOG, ROLES, Source
from glassnet.data.csv import read_csv
from glassnet.data.dataset import Bytes, Dataset, Split
from glassnet.data.idx import IdxFile, big_endian, idx_header, parse_idx, read_bytes
from glassnet.errors import DataError

CSV_NAME = "train.csv"  # Kaggle's; its `test.csv` has no labels


@dataclass(frozen=True)
class File:
    """One file of a data set, read.

    Attributes:
        role: "train images", ...
        path: where it was found.
        array: its values.
        md5: of the file as it lies there.
    """

    role: str
    path: Path
    array: NDArray[Any]
    md5: str

    @cached_property
    def sha256(self) -> str:
        """Of the file's bytes, uncompressed: an array has only one IDX file."""
        digest = hashlib.sha256(idx_header(self.array))
        digest.update(big_endian(self.array).data)
        return digest.hexdigest()

    def verdict(self, source: Source) -> str:
        """ "published" or "changed", judged by the source's checksums; "unknown" without one."""
        place = ROLES.index(self.role)
        if source.sha256:
            return "published" if self.sha256 == source.sha256[place] else "changed"
        # An md5 of the packed file proves that it is the published one, never that it is not.
        return "published" if source.md5 and self.md5 == source.md5[place] else "unknown"


def load(path: str | Path, name: str | None = None) -> Dataset:
    """The data set in a folder, or in one CSV file.

    Args:
        path: a folder with four IDX files (plain or `.gz`) or with Kaggle's `train.csv`; or the
            CSV file itself.
        name: which data set of the catalog it must be; found from the checksums if None.

    Returns:
        The data set.  A CSV file's last tenth becomes the test split, and it has at least the
            ten classes of digits.

    Raises:
        DataError: a file is missing or damaged, or is not what `name` says.
    """
    path = Path(path)
    if path.is_file() or (not _candidates(path) and (path / CSV_NAME).is_file()):
        return _load_csv(path if path.is_file() else path / CSV_NAME, name)
    source, files = read_folder(path, name)
    for file in files:
        if file.verdict(source) == "changed":
            raise DataError(
                f"{file.path}: not the {file.role} of {source.title} as published "
                f"(sha256 of the unpacked bytes: {file.sha256})"
            )
    train_images, train_labels, test_images, test_labels = files
    splits = (
        _split(train_images, train_labels, source),
        _split(test_images, test_labels, source),
    )
    classes = source.classes
    if source is ANONYMOUS:  # as many as there are labels
        count = 1 + max(int(split.labels.max(initial=0)) for split in splits)
        classes = tuple(map(str, range(count)))
    return Dataset(source.name, classes, *splits)


def read_folder(folder: Path, name: str | None = None) -> tuple[Source, list[File]]:
    """Which data set a folder holds, and its four files in the order of `ROLES`.

    MNIST, Fashion-MNIST and KMNIST use the same file names: only checksums tell them apart.

    Raises:
        DataError: as `load`, except that changed files are reported by `File.verdict`, not refused.
    """
    source = _choose(folder, name)
    paths = find_files(folder, source)
    files = [read_file(path, role, source) for path, role in zip(paths, ROLES, strict=True)]
    likeliest = identify(files)
    if likeliest is None:
        return source, files
    if name is not None and likeliest.name != name:
        raise DataError(f"{folder}: expected {source.title}, but this is {likeliest.title}")
    return likeliest, files


def identify(files: list[File]) -> Source | None:
    """The data set that most of these files are of, by their checksums; None if none is known."""
    counts = {
        known.name: sum(file.verdict(known) == "published" for file in files)
        for known in catalog.KNOWN
    }
    likeliest = max(catalog.KNOWN, key=lambda known: counts[known.name])
    return likeliest if counts[likeliest.name] else None


def _choose(folder: Path, name: str | None) -> Source:
    if name is not None:
        if name not in CATALOG:
            raise DataError(f"no data set is called {name!r}; known: {', '.join(CATALOG)}")
        return CATALOG[name]
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder")
    candidates = _candidates(folder)
    if not candidates:
        raise DataError(
            f"{folder}: no data set in it; expected {ANONYMOUS.files[0]} (or .gz) and its "
            f"three companions, another data set's files, or {CSV_NAME}"
        )
    if len(candidates) > 1:
        names = ", ".join(source.name for source in candidates)
        raise DataError(f"{folder}: several data sets in it ({names}): say which")
    return candidates[0]


def _candidates(folder: Path) -> list[Source]:
    """The data sets whose first file is there; of those with MNIST's names, the anonymous one."""
    return [
        source
        for source in CATALOG.values()
        if (source is ANONYMOUS or source.files != ANONYMOUS.files)
        and any(path.is_file() for path in _spellings(folder, source.files[0]))
    ]


def _spellings(folder: Path, stem: str) -> list[Path]:
    """The names a file goes by: with or without `.gz`; some tools unpack `-idx3` to `.idx3`."""
    stems = (stem, stem.replace("-idx", ".idx"))
    return [folder / (name + suffix) for name in stems for suffix in ("", ".gz")]


def find_files(folder: Path, source: Source) -> list[Path]:
    """A data set's four files, in the order of `ROLES`.

    Raises:
        DataError: one is missing.
    """
    return [_find(folder, stem) for stem in source.files]


def _find(folder: Path, stem: str) -> Path:
    for path in _spellings(folder, stem):
        if path.is_file():
            return path
    raise DataError(f"{folder}: no file {stem} or {stem}.gz")


def read_file(path: Path, role: str, source: Source) -> File:
    """One file, its shape checked against the catalog before it is unpacked.

    Raises:
        DataError: it is damaged, or of another shape.
    """
    raw = read_bytes(path, source.limit)
    array = parse_idx(raw, name=path.name, shape=_shape(role, source), limit=source.limit)
    md5 = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    return File(role, path, array, md5)


@contextmanager
def open_images(path: Path, role: str, source: Source) -> Iterator[IdxFile]:
    """The same of images, to be read piece by piece. They lie as in the file: column by column,
    where `source.transposed`.

    Raises:
        DataError: as `read_file`, or they are no bytes.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from error
    with file:
        shape, size = _shape(role, source), path.stat().st_size
        images = IdxFile(file, size, path.name, shape=shape, limit=source.limit)
        _check_bytes(images.dtype, path)
        yield images


def _shape(role: str, source: Source) -> tuple[int | None, ...]:
    """What a file's header has to say, None where any size will do."""
    count = None if source.count is None else source.count[role.startswith("test")]
    if role.endswith("images"):
        return (count, None, None) if source is ANONYMOUS else (count, 28, 28)
    return (
        (count, 8) if source.files[1].endswith("-int") else (count,)
    )  # QMNIST's have a writer, ...


def _check_bytes(dtype: np.dtype[Any], path: Path) -> None:
    if dtype != np.uint8:
        raise DataError(f"{path}: expected bytes, got {dtype.newbyteorder('=')}")


def numbers(labels: File, source: Source) -> Bytes:
    """The labels, the first class called 0.

    Raises:
        DataError: a label is of no class.
    """
    found = labels.array[:, 0] if labels.array.ndim == 2 else labels.array
    lowest, highest = source.first_label, source.first_label + len(source.classes) - 1
    if source is ANONYMOUS:
        highest = 255
    wrong = np.flatnonzero((found < lowest) | (found > highest))
    if wrong.size:
        raise DataError(
            f"{labels.path}: label {found[wrong[0]]} at index {wrong[0]}, "
            f"expected {lowest} to {highest}"
        )
    return (found - lowest).astype(np.uint8)


def _split(images: File, labels: File, source: Source) -> Split:
    """A split from its two files: images upright, the first class called 0."""
    pixels: Bytes = images.array
    _check_bytes(pixels.dtype, images.path)
    if source.transposed:
        pixels = np.ascontiguousarray(pixels.transpose(0, 2, 1))
    classes = numbers(labels, source)
    if len(pixels) != len(classes):
        raise DataError(f"{labels.path}: {len(classes)} labels for {len(pixels)} images")
    return Split(pixels, classes)


def _load_csv(path: Path, name: str | None) -> Dataset:
    if name not in (None, "csv"):
        raise DataError(f"{path}: a CSV file cannot be checked to be {name}")
    images, labels = read_csv(path)
    if labels is None:
        raise DataError(f"{path}: the images have no labels, so there is nothing to learn")
    everything = Split(images, labels)
    kept = len(labels) - len(labels) // 10
    count = max(10, 1 + int(labels.max()))
    return Dataset("csv", [*map(str, range(count))], everything[:kept], everything[kept:])
