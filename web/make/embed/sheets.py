"""What a canonical figure shows, painted: arrays in, a sheet out. The same things are where the
figure has them, and in its colours; what is too small for a card (words, controls) is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from make.preview.paint import (
    HEIGHT,
    WIDTH,
    Colour,
    Floats,
    Sheet,
    enlarged,
    shaded,
    signed,
)
from make.preview.pictures import descent, limit, written

Ink = dict[str, Colour]
Bytes = NDArray[np.uint8]

LINES = 16  # connections that are drawn, as on the page
THICKEST = 6  # pixels of the strongest of them
LEVELS = 8  # of a line's edge, from the ground to its colour
STRENGTH = 0.8  # of a line's colour, as on the page
ACROSS = 6  # tiles in a row: 36 units make a square
OTHERS = 0.55  # strength of the bars that are not the longest
GRIDS = (6, 5, 4, 3)  # pixels for one of a digit's, where digits lie in rows


@dataclass(frozen=True)
class AtWork:
    """A network of one hidden layer at work on a digit.

    digit: its pixels, or a drawing's ink, (rows, columns). label: None if nobody knows. tiles: a
    picture of each hidden unit's weights, (units, pixels); range: the weight with the full colour.
    hidden, outputs: what units answer, 0 to 1. last: the output layer's weights, (outputs, units).
    """

    digit: Bytes
    label: int | None
    tiles: Floats
    range: float
    hidden: Floats
    last: Floats
    outputs: Floats


@dataclass(frozen=True)
class Places:
    """Where all that lies on a sheet, in pixels. digit: its middle and its size. tiles: the corner
    of the first, and pixels for one of a weight's. frame, gap: around a tile and between two.
    answers: left edge and top of the examples of the classes, how far apart, pixels for one of a
    digit's. bars: left and right edge, and how thick."""

    digit: tuple[int, int, int]
    tiles: tuple[int, int, int]
    frame: int
    gap: int
    answers: tuple[int, int, int, int]
    bars: tuple[int, int, int]


WHOLE = Places((135, 315, 224), (272, 32, 3), 3, 5, (936, 35, 56, 2), (1006, 1160, 22))
ABOVE = Places((168, 222, 224), (318, 34, 2), 2, 4, (812, 34, 38, 1), (860, 1140, 14))
CURVE = (60, WIDTH - 120, 602, 124)  # left edge, width, floor, height
OF_MAPS = Places((135, 315, 224), (0, 0, 0), 0, 0, (966, 35, 56, 2), (1036, 1164, 22))


def network(at: AtWork, examples: list[Bytes], ink: Ink) -> Sheet:
    """The whole of it. examples: a digit of each class."""
    sheet = Sheet(ink["page"])
    _at_work(sheet, at, examples, WHOLE, ink)
    return sheet


def train(at: AtWork, losses: Floats, examples: list[Bytes], ink: Ink) -> Sheet:
    """The network above, and below it the losses of all its steps."""
    sheet = Sheet(ink["page"])
    _at_work(sheet, at, examples, ABOVE, ink)
    left, width, floor, tall = CURVE
    descent(sheet, losses, (left, width), floor, tall, ink)
    return sheet


def conv(
    digit: Bytes, label: int, maps: list[Floats], outputs: Floats, examples: list[Bytes], ink: Ink
) -> Sheet:
    """A network of windows: two layers of maps, (rows, columns, channels) each, the first of them
    larger, and each at a scale of its own."""
    sheet = Sheet(ink["page"])
    _digit(sheet, digit, OF_MAPS, ink)
    first, second = maps
    _maps(sheet, first, (284, 57), 2, 5, ink)
    _maps(sheet, second, (566, 121), 4, 11, ink)
    _answers(sheet, outputs, label, examples, OF_MAPS, ink)
    return sheet


def in_rows(images: Bytes, ink: Ink) -> Sheet:
    """As many of some digits as there is room for, as large as fit: (digits, rows, columns)."""
    sheet = Sheet(ink["pixel-zero"])
    side = images.shape[1]
    room = [(WIDTH // (side * times)) * (HEIGHT // (side * times)) for times in GRIDS]
    times = next((t for t, r in zip(GRIDS, room, strict=True) if r >= len(images)), GRIDS[-1])
    edge = side * times
    across, down = WIDTH // edge, HEIGHT // edge
    left, top = (WIDTH - across * edge) // 2, (HEIGHT - down * edge) // 2
    for at, image in enumerate(images[: across * down]):
        x, y = left + at % across * edge, top + at // across * edge
        sheet.paste(enlarged(written(image, ink), times), x, y)
    return sheet


def _at_work(sheet: Sheet, at: AtWork, examples: list[Bytes], places: Places, ink: Ink) -> None:
    _digit(sheet, at.digit, places, ink)
    _lines(sheet, at, places, ink)
    x, y, times = places.tiles
    pitch = _pitch(places)
    shares = np.clip(at.hidden, 0, 1)
    frames = shaded(shares, ink["zero"], ink["positive"])
    for unit, weights in enumerate(at.tiles):
        left, top = x + unit % ACROSS * pitch, y + unit // ACROSS * pitch
        edge = pitch - places.gap
        red, green, blue = (int(one) for one in frames[unit])
        sheet.rectangle(left, top, edge, edge, (red, green, blue))
        picture = signed(weights.reshape(28, 28), at.range, ink)
        sheet.paste(enlarged(picture, times), left + places.frame, top + places.frame)
    _answers(sheet, at.outputs, at.label, examples, places, ink)


def _digit(sheet: Sheet, digit: Bytes, places: Places, ink: Ink) -> None:
    """On paper with an edge, which the page is not told from otherwise."""
    x, y, size = places.digit
    picture = enlarged(written(digit, ink), max(1, size // len(digit)))
    left, top = x - picture.shape[1] // 2, y - len(picture) // 2
    sheet.rectangle(left - 1, top - 1, picture.shape[1] + 2, len(picture) + 2, _faint(ink))
    sheet.paste(picture, left, top)


def _answers(
    sheet: Sheet,
    outputs: Floats,
    label: int | None,
    examples: list[Bytes],
    places: Places,
    ink: Ink,
) -> None:
    """Bars, each beside a digit of its class; the true one's is outlined."""
    x, y, pitch, times = places.answers
    left, right, thick = places.bars
    longest = int(outputs.argmax())
    others = _mixed(OTHERS, ink["page"], ink["positive"])
    for one, output in enumerate(outputs):
        top = y + one * pitch
        example = examples[one].astype(np.float32) / np.float32(255)
        picture = enlarged(shaded(example, ink["page"], ink["pixel-one"]), times)
        if one == label:  # within the margin that MNIST leaves around its digits
            inside = picture[2:-2, 2:-2].copy()
            picture[...] = ink["accent"]
            picture[2:-2, 2:-2] = inside
        sheet.paste(picture, x, top + (pitch - len(picture)) // 2)
        bar = top + (pitch - thick) // 2
        sheet.rectangle(left, bar, right - left, thick, ink["zero"])
        length = round((right - left) * float(np.clip(output, 0, 1)))
        sheet.rectangle(left, bar, length, thick, ink["positive"] if one == longest else others)


def _maps(
    sheet: Sheet, maps: Floats, corner: tuple[int, int], across: int, times: int, ink: Ink
) -> None:
    """A layer's maps in rows, at one scale. corner: of the first; across: how many in a row."""
    full = limit(maps) or 1.0
    pitch = maps.shape[0] * times + 12
    for channel in range(maps.shape[2]):
        x = corner[0] + channel % across * pitch
        y = corner[1] + channel // across * pitch
        sheet.paste(enlarged(signed(maps[..., channel], full, ink), times), x, y)


def _lines(sheet: Sheet, at: AtWork, places: Places, ink: Ink) -> None:
    """The connections with the largest |weight × activation|: along the gap below their unit's row,
    then fanning out to the outputs (web/draw/edges.js), the strongest on top."""
    x, y, _ = places.tiles
    pitch = _pitch(places)
    leave = x + ACROSS * pitch - places.gap
    arrive = places.answers[0] - 8
    push = at.last * at.hidden
    strongest = np.argsort(-np.abs(push), axis=None, kind="stable")[:LINES]
    full = float(np.abs(push).max()) or 1.0
    fan = slice(leave, arrive)
    cover = np.zeros((HEIGHT, arrive - leave), np.float32)
    sign = np.zeros_like(cover)
    middles = np.arange(HEIGHT, dtype=np.float32)[:, None] + np.float32(0.5)
    colours = {
        side: _mixed(STRENGTH, ink["page"], ink[name])
        for side, name in ((1, "positive"), (-1, "negative"))
    }
    for place in reversed(strongest.tolist()):
        output, unit = divmod(place, len(at.hidden))
        value = float(push[output, unit])
        side = -1 if value < 0 else 1
        lane = y + (unit // ACROSS + 1) * pitch - places.gap + (places.gap - 2) // 2
        start = x + unit % ACROSS * pitch + pitch - places.gap - 6
        sheet.rectangle(start, lane, leave - start, 2, colours[side])
        end = places.answers[1] + (output + 0.5) * places.answers[2]
        heights = _way(arrive - leave, lane + 1, end)
        thick = max(1.0, THICKEST * abs(value) / full)
        half = thick / 2 * np.sqrt(1 + np.gradient(heights) ** 2)
        part = np.clip(half + 0.5 - np.abs(middles - heights), 0, 1).astype(np.float32)
        over = (part > 0) & (part >= cover)
        cover[over], sign[over] = part[over], side
    for side, colour in colours.items():
        here = (sign == side) & (cover > 0)
        sheet.pixels[:, fan][here] = shaded(cover[here], ink["page"], colour, LEVELS)


def _way(width: int, begin: float, end: float) -> NDArray[np.float32]:
    """A cubic Bézier curve that leaves and arrives level: its height in each column."""
    t = np.linspace(0, 1, 257)
    along = width * (1.5 * t * (1 - t) + t**3)
    height = begin + (end - begin) * (3 * t**2 - 2 * t**3)
    found: NDArray[np.float32] = np.interp(np.arange(width) + 0.5, along, height).astype(np.float32)
    return found


def _pitch(places: Places) -> int:
    return 28 * places.tiles[2] + 2 * places.frame + places.gap


def _faint(ink: Ink) -> Colour:
    return _mixed(0.15, ink["page"], ink["ink"])


def _mixed(share: float, ground: Colour, full: Colour) -> Colour:
    red, green, blue = shaded(np.array(share, np.float32), ground, full, 100).tolist()
    return red, green, blue
