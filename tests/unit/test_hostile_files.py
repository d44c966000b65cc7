"""Some hundred damaged and hostile files of each kind; tests/native takes ten thousand of each."""

from __future__ import annotations

import builtins
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

from glassnet.data.idx import TYPES
from unit import hostile

COUNT = 400


def test_idx() -> None:
    hostile.spread(hostile.check_idx(COUNT), COUNT)


def test_safetensors() -> None:
    hostile.spread(hostile.check_safetensors(COUNT), COUNT)


def test_npz() -> None:
    hostile.spread(hostile.check_npz(COUNT), COUNT)
    assert not hasattr(builtins, "pwned"), "a pickle was executed"


def test_csv(tmp_path: Path) -> None:
    hostile.spread(hostile.check_csv(COUNT, tmp_path), COUNT)


def check_csv(count: int) -> hostile.Tally:
    with tempfile.TemporaryDirectory() as folder:
        return hostile.check_csv(count, Path(folder))


def lax(*args: object) -> None:
    """A check that lets everything pass."""


@pytest.mark.parametrize(
    ("place", "fault", "check"),
    [
        ("glassnet.storage.safetensors.check_finite", lax, hostile.check_safetensors),
        ("glassnet.storage.safetensors.check_name", lax, hostile.check_safetensors),
        ("glassnet.storage.safetensors._without_repeats", dict, hostile.check_safetensors),
        ("glassnet.storage.safetensors._whole", int, hostile.check_safetensors),
        ("glassnet.storage.npz.check_finite", lax, hostile.check_npz),
        ("glassnet.data.idx.TYPES", {**TYPES, 1: ">u1", 0: ">i2"}, hostile.check_idx),
        ("glassnet.data.csv.COLUMN", re.compile(b".*"), check_csv),
    ],
)
def test_planted_laxities_are_caught(
    place: str, fault: object, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checks above are themselves checked: a reader that forgets one thing fails them."""
    monkeypatch.setattr(place, fault)
    with pytest.raises(AssertionError):
        check(2000)
