"""Pictures in a terminal: arrays in, lines of text out.  Nothing here prints, trains or waits.

A character cell is about twice as high as wide, so it holds two pixels: a half block whose upper
half has one colour and whose lower half the other.  Signed values are orange below zero and blue
above, always symmetrically about zero, so that the same colour means the same distance from it.
Without colour, digits become ten shades of ASCII, and signed values letters with a legend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Real = NDArray[Any]
Colours = NDArray[np.uint8]  # (rows, columns, 3): red, green, blue

NEGATIVE, NEUTRAL, POSITIVE = (0xFF, 0x9E, 0x3D), (0x20, 0x24, 0x2B), (0x4A, 0xA8, 0xFF)
SHADES = " .:-=+*#%@"
BELOW, ABOVE = "-~=", "+xX"  # weak, middling, strong
RESET = "\x1b[0m"


class Depth(Enum):
    """How many colours a terminal has."""

    NONE = 0
    PALETTE = 256
    TRUE = 1 << 24


def colour_depth(environment: Mapping[str, str], tty: bool, encoding: str | None) -> Depth:
    """What may be written to a stream.

    Args:
        environment: as `os.environ`: `NO_COLOR` (https://no-color.org), `COLORTERM` and `TERM`.
        tty: whether the stream is a terminal.
        encoding: the stream's; half blocks need UTF-8.
    """
    terminal = environment.get("TERM", "")
    if environment.get("NO_COLOR") or not tty or terminal == "dumb":
        return Depth.NONE
    if (encoding or "").lower().replace("-", "") != "utf8":
        return Depth.NONE
    if environment.get("COLORTERM", "") in ("truecolor", "24bit"):
        return Depth.TRUE
    return Depth.PALETTE if "color" in terminal else Depth.NONE


@dataclass(frozen=True)
class Picture:
    """Lines of equal width.

    Attributes:
        lines: with escape sequences, each ended by a reset where it has any.
        width: in character cells.
    """

    lines: tuple[str, ...]
    width: int

    def __str__(self) -> str:
        return "\n".join(self.lines)


def draw_image(image: Real, depth: Depth) -> Picture:
    """A grey picture: (rows, columns) of uint8, or of floats from 0 (black) to 1 (white)."""
    light = image / 255 if image.dtype == np.uint8 else np.clip(image, 0, 1)
    if depth is Depth.NONE:
        pairs = np.concatenate([light, np.zeros((len(light) % 2, light.shape[1]))])
        means = pairs.reshape(-1, 2, light.shape[1]).mean(axis=1)
        levels = np.rint(means * (len(SHADES) - 1)).astype(int)
        return _text(["".join(SHADES[level] for level in row) for row in levels])
    grey = np.rint(light * 255).astype(np.uint8)
    return _blocks(np.repeat(grey[:, :, None], 3, axis=2), np.zeros(grey.shape, bool), depth)


def draw_signed(grid: Real, depth: Depth, limit: float | None = None) -> Picture:
    """Signed values in orange, neutral and blue.

    Args:
        grid: (rows, columns); NaN leaves a cell empty.
        depth: the terminal's colours.
        limit: the value with the full colour; the largest absolute value if None.
    """
    empty = np.isnan(grid)
    values = np.where(empty, 0.0, grid)
    limit = limit or float(np.abs(values).max(initial=0.0)) or 1.0
    strength = np.clip(values / limit, -1, 1)
    if depth is Depth.NONE:
        return _text(
            "".join("  " if gone else _letter(value) * 2 for value, gone in zip(*rows, strict=True))
            for rows in zip(strength, empty, strict=True)
        )
    return _blocks(signed_colours(strength), empty, depth)


def signed_colours(strength: Real) -> Colours:
    """The colours of values from -1 to 1."""
    towards = np.where(strength[:, :, None] < 0, NEGATIVE, POSITIVE)
    share = np.abs(strength)[:, :, None]
    mixed: Real = NEUTRAL + (towards - np.array(NEUTRAL)) * share
    return np.rint(mixed).astype(np.uint8)


def legend(limit: float, depth: Depth) -> str:
    """What the colours, or the letters, of signed values mean."""
    if depth is Depth.NONE:
        return f"-{limit:.2f} {BELOW[::-1]} 0 {ABOVE} +{limit:.2f}"
    ramp = _blocks(
        signed_colours(np.tile(np.linspace(-1, 1, 16), (2, 1))), np.zeros((2, 16), bool), depth
    )
    return f"-{limit:.2f} {ramp} +{limit:.2f}"


def beside(pictures: Sequence[Picture], width: int, gap: int = 2) -> str:
    """Pictures next to each other, in as many rows as the terminal's width asks for."""
    rows: list[list[Picture]] = [[]]
    used = 0
    for picture in pictures:
        if rows[-1] and used + gap + picture.width > width:
            rows.append([])
            used = 0
        used += picture.width + (gap if rows[-1] else 0)
        rows[-1].append(picture)
    return "\n\n".join(_side_by_side(row, gap) for row in rows if row)


def titled(title: str, picture: Picture) -> Picture:
    """A picture with a line above it."""
    width = max(picture.width, len(title))
    pad = " " * (width - picture.width)
    return Picture((title.ljust(width), *(line + pad for line in picture.lines)), width)


def draw_confusion(confusion: NDArray[Any], classes: Sequence[str]) -> str:
    """A confusion matrix as a table: a row for each true class, a column for each answer."""
    names = [name[:8] for name in classes]
    wide = max(*(len(name) for name in names), len(str(confusion.max(initial=0))), 2) + 1
    lines = [" " * 9 + "".join(name.rjust(wide) for name in names)]
    for name, row in zip(names, confusion.tolist(), strict=True):
        cells = "".join((str(count) if count else ".").rjust(wide) for count in row)
        lines.append(name.rjust(8) + " " + cells)
    return "\n".join(lines)


def bar(share: float, width: int, ascii_only: bool = False) -> str:
    """A horizontal bar, filled from the left by eighths of a cell; `share` is from 0 to 1."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    full, part = divmod(eighths, 8)
    if ascii_only:
        return ("#" * full).ljust(width, ".")
    return ("█" * full + " ▏▎▍▌▋▊▉"[part]).ljust(width)[:width]


def _letter(strength: float) -> str:
    level = min(int(abs(strength) * 4), 3)
    return " " if level == 0 else (BELOW if strength < 0 else ABOVE)[level - 1]


def _text(lines: Any) -> Picture:
    made = tuple(lines)
    return Picture(made, max((len(line) for line in made), default=0))


def _side_by_side(pictures: list[Picture], gap: int) -> str:
    height = max(len(picture.lines) for picture in pictures)
    columns = [
        picture.lines + (" " * picture.width,) * (height - len(picture.lines))
        for picture in pictures
    ]
    return "\n".join((" " * gap).join(parts) for parts in zip(*columns, strict=True))


def _blocks(colours: Colours, empty: NDArray[np.bool_], depth: Depth) -> Picture:
    """Two pixels a character: the upper in the foreground's colour, the lower in the ground's."""
    rows, columns = empty.shape
    if rows % 2:
        colours = np.concatenate([colours, np.zeros((1, columns, 3), np.uint8)])
        empty = np.concatenate([empty, np.ones((1, columns), bool)])
    lines = []
    for row in range(0, rows, 2):
        line, before = "", ""
        for column in range(columns):
            upper = None if empty[row, column] else _code(colours[row, column], depth)
            lower = None if empty[row + 1, column] else _code(colours[row + 1, column], depth)
            style, symbol = _cell(upper, lower)
            line += (style if style != before else "") + symbol
            before = style
        lines.append(line + RESET)
    return Picture(tuple(lines), columns)


def _cell(upper: str | None, lower: str | None) -> tuple[str, str]:
    """The escape sequence and the symbol of one character; None is the terminal's own ground."""
    if upper is None and lower is None:
        return RESET, " "
    if upper is None:
        return f"\x1b[0;38;{lower}m", "▄"
    return f"\x1b[0;38;{upper}m" if lower is None else f"\x1b[38;{upper};48;{lower}m", "▀"


def _code(colour: Colours, depth: Depth) -> str:
    red, green, blue = (int(part) for part in colour)
    if depth is Depth.TRUE:
        return f"2;{red};{green};{blue}"
    return f"5;{palette_index(red, green, blue)}"


def palette_index(red: int, green: int, blue: int) -> int:
    """The nearest of xterm's 256 colours: a cube of 6 x 6 x 6, and 24 greys besides."""
    steps = (0, 95, 135, 175, 215, 255)
    wanted = (red, green, blue)
    cube = [min(range(6), key=lambda step: abs(steps[step] - part)) for part in wanted]
    grey = min(max(round((sum(wanted) / 3 - 8) / 10), 0), 23)

    def distance(colour: Sequence[int]) -> int:
        return sum((have - want) ** 2 for have, want in zip(colour, wanted, strict=True))

    if distance([8 + 10 * grey] * 3) < distance([steps[step] for step in cube]):
        return 232 + grey
    return 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
