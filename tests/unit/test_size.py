"""The core stays small enough to be read in one sitting, and its files short."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

import pytest

import glassnet

PACKAGE = Path(glassnet.__file__).parent
CORE = ["engines", "layers", "activations", "losses", "optimizers", "network", "training"]
LINES = 2100  # training, which is the run around the steps as well, has some 700 of them
# What a step goes through, on one engine: what one reads to understand it.
STEP = ["training/learner.py", "network.py", "layers", "activations.py", "losses.py"]
STEP += ["optimizers.py", "engines/base.py", "engines/numpy.py"]
STEP_LINES = 1400
LONGEST = 320


def files(room: str) -> list[Path]:
    folder = PACKAGE / room
    return sorted(folder.glob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def code_lines(source: str) -> int:
    """Lines of code: those with a token on them, apart from comments and docstrings."""
    skip = {
        tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
        tokenize.ENDMARKER,
    }  # fmt: skip
    lines: set[int] = set()
    fresh = True  # a string that begins a statement is a docstring
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in skip:
            fresh = fresh or token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        elif not (fresh and token.type == tokenize.STRING):
            fresh = False
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines)


def test_how_lines_are_counted() -> None:
    source = '"""Doc."""\n\n# a comment\nx = (\n    1  # one\n)\n\n\n'
    source += 'def f():\n    """Doc."""\n    return """a\nb"""\n'
    assert code_lines(source) == 3 + 1 + 2


def test_the_core_can_be_read_in_one_sitting() -> None:
    counts = {
        path: code_lines(path.read_text(encoding="utf-8")) for room in CORE for path in files(room)
    }
    assert 1000 < sum(counts.values()) <= LINES, counts


def test_a_step_can_be_read_in_one_sitting() -> None:
    paths = [path for room in STEP for path in files(room.removesuffix(".py"))]
    counts = {path: code_lines(path.read_text(encoding="utf-8")) for path in paths}
    assert 800 < sum(counts.values()) <= STEP_LINES, counts


@pytest.mark.parametrize("room", CORE)
def test_no_file_is_long(room: str) -> None:
    for path in files(room):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST, path
