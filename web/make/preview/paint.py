"""A sheet of paper to paint on: rectangles, pictures of numbers, and a PNG in the end.

A picture is uint8 (rows, columns, 3). All colours are those of styles/tokens.css and come in few
shades, so that a sheet has a palette and its file is small.
"""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.data.glyphs import our_letters

WIDTH, HEIGHT = 1200, 630  # what readers of Open Graph cut a large picture to
SHADES = 24  # of one colour, from the ground to its full strength

Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

_LETTERS = {glyph.label: glyph.pixels for glyph in reversed(our_letters()[0])}


class Sheet:
    """The paper, and what is painted on it at whole pixels from the left and from the top."""

    def __init__(self, ground: Colour) -> None:
        self.pixels: Picture = np.full((HEIGHT, WIDTH, 3), ground, np.uint8)

    def paste(self, picture: Picture, x: int, y: int) -> None:
        """A picture with its corner there; what hangs over the edge is cut off."""
        place = self.pixels[max(y, 0) : y + len(picture), max(x, 0) : x + picture.shape[1]]
        place[...] = picture[max(-y, 0) :, max(-x, 0) :][: place.shape[0], : place.shape[1]]

    def rectangle(self, x: int, y: int, width: int, height: int, colour: Colour) -> None:
        self.pixels[y : y + height, x : x + width] = colour

    def line(self, x: NDArray[np.int64], y: Floats, colour: Colour, thick: int) -> None:
        """Through points whose x rises by 1: in each column the heights between two of them."""
        for at, here, before in zip(x, y, [y[0], *y[:-1]], strict=True):
            low, high = sorted((float(here), float(before)))
            top = round(low - thick / 2)
            self.rectangle(int(at), top, thick, round(high + thick / 2) - top, colour)

    def word(self, text: str, x: int, y: int, size: int, colour: Colour) -> None:
        """Capitals, each 8 × 8 squares of `size` pixels: the letters that come with the package."""
        for at, letter in enumerate(text):
            for row, column in np.argwhere(_LETTERS[letter]):
                left = x + (at * 9 + int(column)) * size
                self.rectangle(left, y + int(row) * size, size, size, colour)

    def png(self) -> bytes:
        """The sheet as a file with a palette: at most 256 colours, eight bits a pixel."""
        red, green, blue = np.moveaxis(self.pixels.astype(np.uint32), 2, 0)
        mixed = red << 16 | green << 8 | blue
        place = np.zeros(1 << 24, np.uint8)  # of every colour that there is: sorting takes longer
        place[mixed] = 1
        colours = np.flatnonzero(place.view(bool))
        assert len(colours) <= 256, f"{len(colours)} colours"
        place[colours] = np.arange(len(colours))
        rows = place[mixed]
        # Each line begins with its filter, which is none.
        lines = np.insert(rows, 0, 0, axis=1).tobytes()
        palette = b"".join(int(colour).to_bytes(3, "big") for colour in colours)
        head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
        chunks = [(b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(lines, 9))]
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in [*chunks, (b"IEND", b"")])


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def colours(tokens: Path, theme: str = "light") -> dict[str, Colour]:
    """Those of tokens.css that are written as six digits, by name.

    Args:
        theme: `light` or `dark`.
    """
    text = tokens.read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)", text)
    found = {name: {"light": light, "dark": dark}[theme] for name, light, dark in pairs}
    return {name: (int(c[:2], 16), int(c[2:4], 16), int(c[4:], 16)) for name, c in found.items()}


def shaded(share: Floats, ground: Colour, full: Colour, shades: int = SHADES) -> Picture:
    """From the ground at 0 to the full colour at 1, in steps."""
    steps = np.round(np.clip(share, 0, 1) * shades).astype(np.int64)
    table = np.linspace(ground, full, shades + 1).round().astype(np.uint8)
    picture: Picture = table[steps]
    return picture


def signed(values: Floats, limit: float, ink: dict[str, Colour]) -> Picture:
    """Orange below zero, blue above, as web/draw/colour.js has it. limit: gets the full colour."""
    above = shaded(values / limit, ink["zero"], ink["positive"])
    below = shaded(-values / limit, ink["zero"], ink["negative"])
    return np.where((values < 0)[..., None], below, above)


def enlarged(picture: Picture, times: int) -> Picture:
    """Each pixel as a square."""
    return picture.repeat(times, axis=0).repeat(times, axis=1)
