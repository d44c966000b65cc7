"""Some hundred damaged and hostile files of each kind; tests/native takes ten thousand of each."""

from __future__ import annotations

import builtins
from pathlib import Path

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
