"""Pictures of arrays: a real PNG, colours that mean what they say, tiles in their places."""

from __future__ import annotations

import base64
import re
import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.showing import NEGATIVE, POSITIVE, coloured, curve, picture, png, table, tiles


def read_png(data: bytes) -> NDArray[np.uint8]:
    """The pixels of such a file, every checksum checked."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    parts, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + body)
        parts[kind], at = body, at + 12 + length
    assert list(parts) == [b"IHDR", b"IDAT", b"IEND"]
    width, height = struct.unpack_from(">II", parts[b"IHDR"])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, -1)
    assert not rows[:, 0].any()  # no filter
    return rows[:, 1:].reshape(height, width, 3)


def test_a_png_has_the_pixels() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    np.testing.assert_array_equal(read_png(png(pixels)), pixels)


def test_colours() -> None:
    signed = coloured(np.array([[-2.0, 2.0, 1.0]]))
    assert tuple(signed[0, 0]) == NEGATIVE and tuple(signed[0, 1]) == POSITIVE
    assert tuple(coloured(np.array([[0.0, 1.0]]))[0, 1]) == (0, 0, 0)  # ink
    odd = coloured(np.array([[np.nan, 1.0, np.inf]]))
    assert tuple(odd[0, 0]) == tuple(odd[0, 2]) != tuple(odd[0, 1])
    assert coloured(np.zeros((2, 2))).shape == (2, 2, 3)


@pytest.mark.parametrize(
    ("shape", "size"),
    [((784,), (28, 28)), ((1, 10), (2, 5)), ((4, 36), (13, 13)), ((1, 6, 6), (6, 6)),
     ((1, 4, 4, 2), (4, 9)), ((2, 3, 3, 1), (3, 7)), ((), None), ((0, 5), None)],
)  # fmt: skip
def test_tiles(shape: tuple[int, ...], size: tuple[int, int] | None) -> None:
    array = np.random.default_rng(1).random(shape)
    if size is None:
        assert "<img" not in picture(array)
        return
    assert tiles(array).shape == size
    found = re.search(r"base64,([^\"]+)", picture(array))
    assert found and read_png(base64.b64decode(found[1])).shape == (*size, 3)


def test_what_is_text_is_escaped() -> None:
    html = table(("<h>",), [("<b>", picture(np.ones(4)))])
    assert "&lt;b&gt;" in html and "&lt;h&gt;" in html and "<img" in html
    assert "<polyline" in curve([(0.0, 0.0), (2.0, 1.0)], "up") and not curve([], "none")
