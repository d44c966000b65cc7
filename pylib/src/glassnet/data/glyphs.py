"""Glyphs: letters as eight lines of eight `#` and `.`, one text file each.

..##....      The class is the file's name up to its first dot, so that `A.txt`, `A.2.txt`
.#..#...      and `A.slanted.txt` are three examples of one class.
.####...      White space is ignored; any other character is refused, with its place.
...
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glassnet.data.dataset import Bytes
from glassnet.errors import DataError

SIDE = 8
FILLED, EMPTY = "#", "."
MAX_BYTES = 4096  # of one file: 64 symbols and generous white space
MAX_FILES = 10_000


@dataclass(frozen=True, eq=False)
class Glyph:
    """One drawn letter.

    Attributes:
        file: its file's name.
        label: its class, such as "A".
        pixels: uint8 (8, 8): 1 where filled, 0 where empty.
    """

    file: str
    label: str
    pixels: Bytes

    def __str__(self) -> str:
        return "\n".join(
            "".join(FILLED if pixel else EMPTY for pixel in row) for row in self.pixels
        )


def parse_glyph(text: str, file: str) -> Glyph:
    """A glyph from its text; `file` gives the class, and is what messages call it.

    Raises:
        DataError: other characters, or not eight rows of eight.
    """
    rows = [line.split() for line in text.splitlines()]
    symbols = [row for row in ("".join(parts) for parts in rows) if row]
    for number, line in enumerate(text.splitlines(), start=1):
        for column, symbol in enumerate(line, start=1):
            if symbol not in (FILLED, EMPTY) and not symbol.isspace():
                raise DataError(
                    f"{file}, line {number}, column {column}: expected `#` or `.`, got {symbol!r}"
                )
    if [len(row) for row in symbols] != [SIDE] * SIDE:
        raise DataError(
            f"{file}: expected {SIDE} rows of {SIDE} symbols, got rows of "
            f"{', '.join(str(len(row)) for row in symbols[:20]) or 'nothing'}"
        )
    label = file.split(".")[0]
    if not label:
        raise DataError(f"{file}: the class is the name before the first dot, and here is none")
    pixels = np.array([[symbol == FILLED for symbol in row] for row in symbols], np.uint8)
    return Glyph(file, label, pixels)


def load_glyphs(folder: str | Path) -> list[Glyph]:
    """Every glyph of a folder, in the order of the file names; hidden files are passed over.

    Raises:
        DataError: no such folder, nothing in it, or a file that is no glyph.
    """
    folder = Path(folder)
    try:
        paths = sorted(
            (path for path in folder.iterdir() if path.is_file() and path.name[0] != "."),
            key=lambda path: path.name,
        )
        if not paths:
            raise DataError(f"{folder}: no glyphs in it")
        if len(paths) > MAX_FILES:
            raise DataError(f"{folder}: {len(paths)} files; the limit is {MAX_FILES}")
        return [_load(path) for path in paths]
    except OSError as error:
        raise DataError(f"{error.filename or folder}: {error.strerror or error}") from error
    except ValueError as error:  # of a name that no folder can have
        raise DataError(f"{folder}: {error}") from error


def our_letters() -> tuple[list[Glyph], list[Glyph]]:
    """The letters that come with the package, drawn for it: whole ones, and damaged ones."""
    from importlib.resources import files  # a page hands over its letters, and need not load it

    folder = Path(str(files("glassnet.data"))) / "letters"
    return load_glyphs(folder / "whole"), load_glyphs(folder / "damaged")


def classes_of(glyphs: list[Glyph]) -> list[str]:
    """The classes in the order in which they first appear; each once."""
    return list(dict.fromkeys(glyph.label for glyph in glyphs))


def _load(path: Path) -> Glyph:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DataError(f"{path}: {size:,} bytes; a glyph has at most {MAX_BYTES:,}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not a text file ({error.reason})") from error
    return parse_glyph(text, path.name)
