"""What unit tests share: the command line in an empty folder, and a folder with data to learn.

Hypothesis runs natively without time limits, for the machine may be busy with other tests; in the
browser, tests/parity/runner.py has a profile of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import hypothesis
import pytest

import glassnet_bridge  # noqa: F401 (in the browser, it puts the simd engine into the table)
from glassnet.cli import main
from glassnet.data.catalog import ANONYMOUS
from glassnet.data.idx import write_idx
from unit.small import bars

if sys.platform != "emscripten":
    hypothesis.settings.register_profile("native", deadline=None)
    hypothesis.settings.load_profile("native")


class Ended:
    """How a command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def glassnet(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Any:
    """`glassnet("train", ...)` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GLASSNET_DATA", raising=False)
    capsys.readouterr()

    def command(*argv: object) -> Ended:
        try:
            code = main([str(word) for word in argv])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return command


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a data set that can be learnt in no time."""
    folder = tmp_path / "data"
    folder.mkdir()
    made = bars(train=80, test=40)
    splits = (made.train.images, made.train.labels, made.test.images, made.test.labels)
    for name, array in zip(ANONYMOUS.files, splits, strict=True):
        write_idx(folder / (name + ".gz"), array)
    return folder
