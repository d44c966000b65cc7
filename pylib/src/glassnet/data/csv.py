"""Digits as comma-separated text, the format of Kaggle's "digit-recognizer": one image a line.

    label,pixel0,pixel1,...,pixel783        the header; without `label`, the images have no labels
    1,0,0,188,255,...                       whole numbers from 0 to 255, row by row

A file without a header, as others publish MNIST, is read too: 785 values are a label and an image,
784 an image.  Kaggle's 42,000 lines are 33 million numbers, so whole blocks of lines are parsed by
numpy at once; only a block that fails is looked at number by number, to say where.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from glassnet.data.dataset import Bytes
from glassnet.errors import DataError

LIMIT = 128 << 20  # bytes of pixels
BLOCK = 1 << 20  # bytes of text parsed at once; no line may be longer
MAX_PIXELS = 1 << 16

COLUMN = re.compile(rb'"?[A-Za-z_][A-Za-z0-9_ ]*"?|"?[0-9]+x[0-9]+"?')  # pixel0, 1x1

_COMMA, _NEWLINE, _ZERO = b",\n0"


def read_csv(path: str | Path, *, limit: int = LIMIT) -> tuple[Bytes, Bytes | None]:
    """The images and labels of a CSV file.

    Args:
        path: the file.
        limit: the most bytes of pixels that will be read into memory.

    Returns:
        images uint8 (n, side, side), and labels uint8 (n,) or None if the file has none.

    Raises:
        DataError: the file is missing, larger than the limit, or a line is not as described above.
            The message names the line, and the number in it.
    """
    path = Path(path)
    try:
        if path.exists() and not path.is_file():
            raise DataError(f"{path}: not a regular file")
        with path.open("rb") as file:
            return _parse(file, path.name, limit)
    except (OSError, ValueError) as error:  # a ValueError of names that no file can have
        raise DataError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def _parse(file: BinaryIO, name: str, limit: int) -> tuple[Bytes, Bytes | None]:
    blocks = _blocks(file, name)
    first = next(blocks, b"")
    if not first:
        raise DataError(f"{name}: empty")
    line, _, rest = first.partition(b"\n")
    header = line.split(b",")
    labelled, side = _layout(header, name)
    has_header = not header[0].isdigit()
    columns = labelled + side * side

    parts: list[Bytes] = []
    lines = int(has_header)
    total = 0
    for block in itertools.chain([rest if has_header else first], blocks):
        if not block:  # the header was all of it
            continue
        values = _parse_block(block, columns)
        if values is None:
            raise DataError(f"{name}, {_explain(block, lines, columns)}")
        parts.append(values)
        lines += len(values)
        total += values.size
        if total > limit:
            raise DataError(f"{name}: more than the limit of {limit:,} values")
    if not parts:
        raise DataError(f"{name}: no images in it")

    table = np.concatenate(parts)
    images = np.ascontiguousarray(table[:, labelled:]).reshape(-1, side, side)
    return images, np.ascontiguousarray(table[:, 0]) if labelled else None


def _blocks(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The file as blocks of whole lines, each ended by one newline character."""
    rest = b""
    while block := file.read(BLOCK):
        whole, newline, tail = block.rpartition(b"\n")
        if newline:
            yield (rest + whole + newline).replace(b"\r\n", b"\n")
            rest = tail
        else:
            rest += tail
        if len(rest) > BLOCK:
            raise DataError(f"{name}: a line longer than {BLOCK:,} bytes; is this a CSV file?")
    if rest:
        yield rest + b"\n"


def _layout(first: list[bytes], name: str) -> tuple[int, int]:
    """From the first line's fields: whether (1 or 0) a label leads, and the image's side."""
    labelled = first[0].strip(b'"').lower() == b"label"
    if first[0].isdigit():
        labelled = math.isqrt(len(first) - 1) ** 2 == len(first) - 1
    elif not all(COLUMN.fullmatch(name) for name in first):
        raise DataError(f"{name}, line 1: neither numbers nor the names of columns")
    pixels = len(first) - labelled
    side = math.isqrt(pixels)
    if side * side != pixels or not 4 <= pixels <= MAX_PIXELS:
        raise DataError(
            f"{name}, line 1: expected `label` and a square number of pixels (such as 784), "
            f"got {len(first)} fields"
        )
    return int(labelled), side


def _parse_block(block: bytes, columns: int) -> Bytes | None:
    """The numbers of whole lines, uint8 (lines, columns); None if anything is out of order."""
    text = np.frombuffer(block, np.uint8)
    digits = text - np.uint8(_ZERO)  # every other character wraps round to 10 or more
    separator = (text == _COMMA) | (text == _NEWLINE)
    if not (separator | (digits <= 9)).all():
        return None

    ends = np.flatnonzero(separator)
    if len(ends) % columns:
        return None
    newline = (text[ends] == _NEWLINE).reshape(-1, columns)
    if newline[:, :-1].any() or not newline[:, -1].all():
        return None

    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.min() < 1 or lengths.max() > 3:
        return None
    values = digits[ends - 1].astype(np.uint16)
    values += np.where(lengths >= 2, digits[ends - 2], 0) * np.uint16(10)
    values += np.where(lengths >= 3, digits[ends - 3], 0) * np.uint16(100)
    if values.max() > 255:
        return None
    return values.astype(np.uint8).reshape(-1, columns)


def _explain(block: bytes, lines: int, columns: int) -> str:
    """Where and how the first line of a block that `_parse_block` refused goes wrong."""
    for number, line in enumerate(block.split(b"\n")[:-1], start=lines + 1):
        fields = line.split(b",")
        if len(fields) != columns:
            return f"line {number}: expected {columns} numbers, got {len(fields)}"
        for position, text in enumerate(fields, start=1):
            if not (text.isdigit() and len(text) <= 3 and int(text) <= 255):
                shown = text[:20].decode("ascii", "backslashreplace")
                return f"line {number}, field {position}: expected 0 to 255, got '{shown}'"
    raise AssertionError("a block was refused, but each of its lines is in order")
