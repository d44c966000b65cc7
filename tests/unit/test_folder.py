"""Data sets by name: told apart by their bytes, refused when they are others, upright, from 0."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from glassnet.data import catalog, folder
from glassnet.data.catalog import ANONYMOUS, CATALOG, ROLES, Source
from glassnet.data.dataset import Split
from glassnet.data.folder import load, read_folder
from glassnet.data.idx import format_idx, write_idx
from glassnet.errors import DataError

COUNTS = (7, 7, 5, 5)


def arrays(source: Source, seed: int = 0) -> list[np.ndarray]:
    """Small stand-ins for a source's four files."""
    rng = np.random.default_rng(seed)
    made: list[np.ndarray] = []
    for role, count in zip(ROLES, COUNTS, strict=True):
        if role.endswith("images"):
            made.append(rng.integers(0, 256, (count, 28, 28), np.uint8))
        else:
            labels = np.arange(count) % len(source.classes) + source.first_label
            made.append(labels.astype(np.uint8))
            if source.name == "qmnist":
                made[-1] = np.stack([labels, *[labels + 100] * 7], axis=1).astype(np.int32)
    return made


def write(path: Path, source: Source, contents: list[np.ndarray], suffix: str = ".gz") -> None:
    for name, array in zip(source.files, contents, strict=True):
        write_idx(path / (name + suffix), array)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, list[np.ndarray]], Source]:
    """Makes a data set of the catalog as small as some arrays, with their checksums."""

    def shrink(name: str, contents: list[np.ndarray]) -> Source:
        source = CATALOG[name]
        files = [format_idx(array) for array in contents]
        changed = dataclasses.replace(
            source,
            count=source.count and (COUNTS[0], COUNTS[2]),
            sha256=source.sha256 and tuple(hashlib.sha256(file).hexdigest() for file in files),
            md5=source.md5
            and tuple(hashlib.md5(gzip.compress(file, mtime=0)).hexdigest() for file in files),
        )
        known = tuple(changed if other.name == name else other for other in catalog.KNOWN)
        monkeypatch.setattr(catalog, "KNOWN", known)
        monkeypatch.setitem(CATALOG, name, changed)
        return changed

    return shrink


def check_loads(path: Path, source: Source, contents: list[np.ndarray]) -> None:
    """What is loaded is what was written: every image upright, every label its own."""
    data = load(path, source.name)
    assert (data.name, data.shape) == (source.name, (28, 28))
    assert data.classes == source.classes
    for split, (images, labels) in ((data.train, contents[:2]), (data.test, contents[2:])):
        upright = images.transpose(0, 2, 1) if source.transposed else images
        numbers = labels[:, 0] if labels.ndim == 2 else labels
        assert (split.images == upright).all()
        assert (split.labels == numbers - source.first_label).all()


@pytest.mark.parametrize("name", [source.name for source in catalog.KNOWN])
def test_every_data_set_loads_by_name(
    name: str, tmp_path: Path, small: Callable[[str, list[np.ndarray]], Source]
) -> None:
    contents = arrays(CATALOG[name])
    source = small(name, contents)
    write(tmp_path, source, contents)
    check_loads(tmp_path, source, contents)


@pytest.mark.parametrize(
    "fault",
    [
        lambda split: Split(split.images, np.roll(split.labels, 1)),
        lambda split: Split(split.images, split.labels ^ 1),
        lambda split: Split(np.roll(split.images, 1, axis=0), split.labels),
        lambda split: Split(np.ascontiguousarray(split.images.swapaxes(1, 2)), split.labels),
    ],
    ids=["labels shifted by one place", "labels changed", "images shifted", "images turned"],
)
def test_planted_faults_of_the_loader_are_caught(
    tmp_path: Path,
    small: Callable[[str, list[np.ndarray]], Source],
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[Split], Split],
) -> None:
    """The check above is itself checked: with such a fault in the loader it fails."""
    contents = arrays(CATALOG["mnist"])
    source = small("mnist", contents)
    write(tmp_path, source, contents)
    check_loads(tmp_path, source, contents)
    sound = folder._split
    monkeypatch.setattr(folder, "_split", lambda *files: fault(sound(*files)))
    with pytest.raises(AssertionError):
        check_loads(tmp_path, source, contents)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "kmnist"])
def test_equal_file_names_are_told_apart_by_checksums(
    name: str, tmp_path: Path, small: Callable[[str, list[np.ndarray]], Source]
) -> None:
    for number, other in enumerate(("mnist", "fashion-mnist", "kmnist")):
        contents = arrays(CATALOG[other], seed=number)
        source = small(other, contents)
        if other == name:
            write(tmp_path, source, contents)
    assert load(tmp_path).name == name
    wrong = "kmnist" if name == "mnist" else "mnist"
    with pytest.raises(DataError, match=f"expected {CATALOG[wrong].title}, but this is"):
        load(tmp_path, wrong)


def test_changed_bytes_are_refused_where_their_checksum_is_known(
    tmp_path: Path, small: Callable[[str, list[np.ndarray]], Source]
) -> None:
    contents = arrays(CATALOG["mnist"])
    source = small("mnist", contents)
    contents[0][3, 14, 14] ^= 1
    write(tmp_path, source, contents)
    with pytest.raises(DataError, match="not the train images of MNIST as published"):
        load(tmp_path, "mnist")
    verdicts = [file.verdict(source) for file in read_folder(tmp_path, "mnist")[1]]
    assert verdicts == ["changed", "published", "published", "published"]


def test_a_gzip_checksum_proves_but_does_not_disprove(
    tmp_path: Path, small: Callable[[str, list[np.ndarray]], Source]
) -> None:
    contents = arrays(CATALOG["kmnist"])
    source = small("kmnist", contents)
    write(tmp_path, source, contents, suffix="")
    verdicts = {file.verdict(source) for file in read_folder(tmp_path, "kmnist")[1]}
    assert verdicts == {"unknown"}
    assert load(tmp_path, "kmnist").classes[0] == "o"


def test_unknown_files_with_those_names_are_anonymous(tmp_path: Path) -> None:
    contents = arrays(ANONYMOUS)
    contents[1][0] = 12
    write(tmp_path, ANONYMOUS, contents, suffix="")
    data = load(tmp_path)
    assert data.name == "idx"
    assert data.classes == tuple(map(str, range(13)))


def test_files_unpacked_with_a_dot_are_found(tmp_path: Path) -> None:
    contents = arrays(ANONYMOUS)
    for name, array in zip(ANONYMOUS.files, contents, strict=True):
        write_idx(tmp_path / name.replace("-idx", ".idx"), array)
    assert len(load(tmp_path).train) == 7


def test_a_file_of_another_size_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    write(tmp_path, ANONYMOUS, arrays(ANONYMOUS))
    with pytest.raises(DataError, match="expected 60000x28x28 values, the header says 7x28x28"):
        load(tmp_path, "mnist")


def test_missing_files_and_unknown_names_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no data set in it"):
        load(tmp_path)
    with pytest.raises(DataError, match="no such folder"):
        load(tmp_path / "absent")
    with pytest.raises(DataError, match="no data set is called 'minst'; known: mnist, "):
        load(tmp_path, "minst")
    write(tmp_path, ANONYMOUS, arrays(ANONYMOUS))
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match="no file t10k-labels-idx1-ubyte"):
        load(tmp_path)


def test_two_data_sets_in_one_folder_need_a_name(
    tmp_path: Path, small: Callable[[str, list[np.ndarray]], Source]
) -> None:
    for name in ("emnist-letters", "emnist-digits"):
        contents = arrays(CATALOG[name])
        write(tmp_path, small(name, contents), contents)
    with pytest.raises(DataError, match=r"several .*[(]emnist-letters, emnist-digits"):
        load(tmp_path)
    assert load(tmp_path, "emnist-letters").classes[0] == "A"


@pytest.mark.parametrize(("label", "shown"), [(0, "label 0 at index 2"), (27, "label 27")])
def test_labels_outside_the_classes_are_refused(tmp_path: Path, label: int, shown: str) -> None:
    source = CATALOG["emnist-letters"]
    contents = arrays(source)
    contents[1][2] = label
    write(tmp_path, source, contents)
    with pytest.raises(DataError, match=f"{shown}.*expected 1 to 26"):
        load(tmp_path)


def test_counts_must_agree(tmp_path: Path) -> None:
    contents = arrays(ANONYMOUS)
    contents[1] = contents[1][:-1]
    write(tmp_path, ANONYMOUS, contents)
    with pytest.raises(DataError, match="6 labels for 7 images"):
        load(tmp_path)


def test_a_csv_file_gives_its_last_tenth_to_the_test(tmp_path: Path) -> None:
    rows = [[i % 10, *[i] * 4] for i in range(20)]
    (tmp_path / "train.csv").write_text(
        "".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8"
    )
    for path in (tmp_path, tmp_path / "train.csv"):
        data = load(path)
        assert (data.name, len(data.train), len(data.test)) == ("csv", 18, 2)
        assert data.test.images[:, 0, 0].tolist() == [18, 19]
    with pytest.raises(DataError, match="cannot be checked to be mnist"):
        load(tmp_path, "mnist")


def test_the_catalog_is_consistent() -> None:
    for source in catalog.KNOWN:
        assert len(source.files) == len(ROLES)
        assert len(source.sha256) in (0, 4) and len(source.md5) in (0, 4)
        assert len(set(source.classes)) == len(source.classes)
    checksums = [checksum for source in catalog.KNOWN for checksum in source.sha256 + source.md5]
    assert len(set(checksums)) == len(checksums) == 16
    sizes = {source.name: len(source.classes) for source in catalog.KNOWN}
    assert (sizes["emnist-byclass"], sizes["emnist-balanced"]) == (62, 47)
