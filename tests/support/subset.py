"""Chosen digits as the text of a link, written and read without a line of the page's code."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable


def gaps(rows: Iterable[int]) -> bytes:
    """LEB128 of each index's distance from the one before, less one."""
    data, before = bytearray(), -1
    for row in rows:
        gap, before = row - before - 1, row
        while gap > 127:
            data.append(128 | gap & 127)
            gap >>= 7
        data.append(gap)
    return bytes(data)


def packed(data: bytes, total: int = 60_000, name: str = "mnist") -> str:
    """Bytes, whatever they are, as a link has them."""
    code = base64.urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip("=")
    return f"{name}.{total}.{code}"


def text(rows: Iterable[int], total: int = 60_000, name: str = "mnist") -> str:
    return packed(gaps(rows), total, name)


def rows_of(text: str) -> list[int]:
    """What a text says. It has to be as the pages write it."""
    code = text.split(".")[2]
    data = zlib.decompress(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)))
    rows, row, gap, shift = [], -1, 0, 0
    for byte in data:
        gap |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            row += gap + 1
            rows.append(row)
            gap = shift = 0
    assert shift == 0
    return rows
