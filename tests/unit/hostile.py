"""Feeds damaged files to a reader and holds it to its promise: its own error or the true values,
within a second; never another exception, never a file accepted that an oracle refuses."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from glassnet.data.csv import read_csv
from glassnet.data.idx import parse_idx
from glassnet.errors import DataError, GlassnetError, StorageError
from glassnet.storage import parse_npz, parse_safetensors
from unit import oracles
from unit.malformed import digits_csv, idx, npz, safetensors

# Of processor time, so that a busy machine fails nobody; in a browser that clock is the wall's.
SECONDS = 20.0 if sys.platform == "emscripten" else 1.0

# What we refuse on purpose although others accept it: the start of our message, after the name.
STRICTER = {
    "idx": ("unknown header flags", "header crc mismatch", "more bytes after the end of the gzip"),
    "npz": (
        "truncated, or something follows the zip",
        "the zip's directory is not where it should be",
        "not an npz file",
        "not a name for a tensor",
        "not an array (.npy)",
        "compressed in a way numpy does not write",
        "the limit is ",
        "a name is there twice",
    ),
    "csv": ("expected 0 to 255", "neither numbers nor", "expected `label`", "numbers, got"),
}


class Tally:
    """How a run of files went: refused and accepted ones, and the slowest, in seconds."""

    def __init__(self) -> None:
        self.refused = self.accepted = self.stricter = 0
        self.slowest = 0.0

    @property
    def total(self) -> int:
        return self.refused + self.accepted


def attempt(
    read: Callable[[bytes], Any], data: bytes, error: type[GlassnetError], tally: Tally
) -> tuple[Any, str]:
    """The reader's values and "", or None and its message."""
    begin = time.process_time()
    try:
        values, message = read(data), ""
        tally.accepted += 1
    except error as refusal:
        values, message = None, str(refusal)
        tally.refused += 1
        assert message
    seconds = time.process_time() - begin
    tally.slowest = max(tally.slowest, seconds)
    assert seconds < SECONDS, (data[:200], seconds)
    return values, message


def same(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    return ours.keys() == theirs.keys() and all(
        ours[name].shape == np.shape(theirs[name]) and (ours[name] == theirs[name]).all()
        for name in ours
    )


def check_idx(count: int) -> Tally:
    """`count` damaged IDX files, judged by `oracles.idx`."""
    tally = Tally()
    bombs = idx.bombs()
    for data in idx.files(count):
        array, message = attempt(parse_idx, data, DataError, tally)
        truth = None if data in bombs else oracles.idx(data)
        if array is None and truth is not None:
            assert any(reason in message for reason in STRICTER["idx"]), (message, data[:80])
            tally.stricter += 1
        elif array is not None:
            assert truth is not None, (array, data[:80])
            assert same({"": array}, {"": truth})
    return tally


def check_safetensors(
    count: int, oracle: Callable[[bytes], dict[str, Any] | None] = oracles.safetensors
) -> Tally:
    """`count` damaged safetensors files."""
    tally = Tally()
    for data in safetensors.files(count):
        arrays, message = attempt(lambda d: parse_safetensors(d)[0], data, StorageError, tally)
        truth = oracle(data)
        assert (arrays is None) == (truth is None), (message or arrays, data[:300])
        assert arrays is None or truth is None or same(arrays, truth)
    return tally


def check_npz(count: int) -> Tally:
    """`count` damaged npz files, judged by numpy."""
    tally = Tally()
    bombs = npz.bombs()
    for data in npz.files(count):
        arrays, message = attempt(parse_npz, data, StorageError, tally)
        truth = None if data in bombs else oracles.npz(data)
        if arrays is None and truth is not None:
            assert any(reason in message for reason in STRICTER["npz"]), (message, data[:300])
            tally.stricter += 1
        elif arrays is not None:
            assert truth is not None, data[:300]
            assert same(arrays, truth)
    return tally


def check_csv(count: int, folder: Any) -> Tally:
    """`count` damaged CSV files, judged by the standard library's reader."""
    tally = Tally()
    path = folder / "digits.csv"

    def read(data: bytes) -> Any:
        path.write_bytes(data)
        return read_csv(path)

    for data in digits_csv.files(count):
        found, message = attempt(read, data, DataError, tally)
        truth = oracles.digits_csv(data) if len(data) < 1 << 20 else None
        if found is None and truth is not None:
            assert any(reason in message for reason in STRICTER["csv"]), (message, data[:200])
            tally.stricter += 1
        elif found is not None:
            images, labels = found
            rows = images.reshape(len(images), -1)
            if labels is not None:
                rows = np.concatenate([labels[:, None], rows], axis=1)
            assert truth == rows.tolist(), data[:200]
    return tally


def spread(tally: Tally, count: int) -> None:
    """The files were as many as promised, and of both kinds."""
    assert tally.total == count
    assert tally.refused > count / 2, "too few of the files were damaged"
    assert tally.accepted > count / 200, "too few of the files were left readable"
