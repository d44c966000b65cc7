"""Kaggle's CSV of digits: read as it is, refused with the line and the number at fault."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.data import csv
from glassnet.data.csv import read_csv
from glassnet.errors import DataError

HEADER = "label," + ",".join(f"pixel{i}" for i in range(9)) + "\n"


def text(images: np.ndarray, labels: np.ndarray) -> str:
    rows = np.concatenate([labels[:, None], images.reshape(len(images), -1)], axis=1)
    return "".join(",".join(map(str, row)) + "\n" for row in rows.tolist())


@given(st.integers(1, 30), st.integers(0, 2**32 - 1), st.booleans(), st.booleans(), st.booleans())
def test_what_is_written_is_read_back(
    count: int, seed: int, header: bool, windows: bool, ended: bool
) -> None:
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, 3, 3), np.uint8)
    labels = rng.integers(0, 10, count, np.uint8)
    data = (HEADER if header else "") + text(images, labels)
    if windows:
        data = data.replace("\n", "\r\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.csv"
        path.write_bytes(data.encode()[: None if ended else -1 - windows])
        found, answers = read_csv(path)
    assert (found == images).all() and found.flags.c_contiguous
    assert answers is not None and (answers == labels).all()


def test_blocks_meet_in_the_middle_of_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (50, 3, 3), np.uint8)
    labels = rng.integers(0, 10, 50, np.uint8)
    path = tmp_path / "train.csv"
    path.write_text(HEADER + text(images, labels), newline="\r\n", encoding="utf-8")
    for block in (150, 151, 152, 153, 500):
        monkeypatch.setattr(csv, "BLOCK", block)
        found, answers = read_csv(path)
        assert answers is not None
        assert (found == images).all() and (answers == labels).all()


def test_images_without_labels(tmp_path: Path) -> None:
    path = tmp_path / "test.csv"
    path.write_text(HEADER[6:] + "1,2,3,4,5,6,7,8,9\n", encoding="utf-8")
    images, labels = read_csv(path)
    assert labels is None
    assert (images == np.arange(1, 10).reshape(1, 3, 3)).all()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "empty"),
        (HEADER, "no images in it"),
        (HEADER + "1,2,3\n", "line 2: expected 10 numbers, got 3"),
        (
            HEADER + "0,0,0,0,0,0,0,0,0,0\n" * 2 + "0,0,0,0,256,0,0,0,0,0\n",
            "line 4, field 5: .*256",
        ),
        (HEADER + "0,0,0,0,0,0,0,0,0,-1\n", "line 2, field 10: expected 0 to 255, got '-1'"),
        (HEADER + "0,0,0,0,0,0,0,0,0,\n", "line 2, field 10: expected 0 to 255, got ''"),
        (HEADER + "0,0,0,0,0,0,0,0,0,é\n", r"got '\\xc3\\xa9'"),
        (HEADER + "\n0,0,0,0,0,0,0,0,0,1\n", "line 2: expected 10 numbers, got 1"),
        ("label,a,b,c\n1,2,3,4\n", "a square number of pixels"),
        ("-1,0,0,0,0\n", "line 1: neither numbers nor the names of columns"),
        ("<!doctype html>\n", "line 1: neither numbers nor the names of columns"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "train.csv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(DataError, match=message) as refusal:
        read_csv(path)
    assert str(refusal.value).startswith("train.csv")


def test_the_lines_are_counted_across_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv, "BLOCK", 150)
    path = tmp_path / "train.csv"
    path.write_text(
        HEADER + "0,0,0,0,0,0,0,0,0,0\n" * 40 + "0,0,0,0,0,0,0,0,x,0\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match="line 42, field 9"):
        read_csv(path)


def test_sizes_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "train.csv"
    path.write_text(HEADER + "0,0,0,0,0,0,0,0,0,0\n" * 40, encoding="utf-8")
    with pytest.raises(DataError, match="more than the limit of 100 values"):
        read_csv(path, limit=100)
    path.write_bytes(b"1" * (csv.BLOCK + 1))
    with pytest.raises(DataError, match="a line longer than"):
        read_csv(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="absent: No such file"):
        read_csv(tmp_path / "absent")
    with pytest.raises(DataError, match="not a regular file"):
        read_csv(tmp_path)
