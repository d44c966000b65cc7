"""Terminal pictures: what a terminal would show of them, read back cell by cell."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassnet.terminal import (
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    Depth,
    Picture,
    bar,
    beside,
    colour_depth,
    draw_confusion,
    draw_image,
    draw_signed,
    legend,
    palette_index,
    signed_colours,
    titled,
)

ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
Colour = tuple[int, ...] | None


def shown(picture: Picture) -> list[list[tuple[str, Colour, Colour]]]:
    """What a terminal makes of the lines: each cell's symbol, foreground and ground."""
    screen = []
    for line in picture.lines:
        fore: Colour = None
        back: Colour = None
        cells, position = [], 0
        while position < len(line):
            if found := ESCAPE.match(line, position):
                codes = [int(code) for code in found[1].split(";")]
                while codes:
                    code = codes.pop(0)
                    if code == 0:
                        fore = back = None
                    else:
                        assert code in (38, 48)
                        size = {2: 3, 5: 1}[codes.pop(0)]
                        colour, codes = tuple(codes[:size]), codes[size:]
                        fore, back = (colour, back) if code == 38 else (fore, colour)
                position = found.end()
            else:
                cells.append((line[position], fore, back))
                position += 1
        assert (fore, back) == (None, None), "a line ends as it began"
        screen.append(cells)
    return screen


def pixels(picture: Picture) -> list[list[Colour]]:
    """The picture's pixels, two rows for each line; None where the terminal's ground shows."""
    rows: list[list[Colour]] = []
    for line in shown(picture):
        upper: list[Colour] = []
        lower: list[Colour] = []
        for symbol, fore, back in line:
            top, bottom = {"▀": (fore, back), "▄": (back, fore), " ": (back, back)}[symbol]
            upper.append(top)
            lower.append(bottom)
        rows += [upper, lower]
    return rows


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 7), st.integers(1, 7))))
def test_every_pixel_of_an_image_is_shown(image: np.ndarray) -> None:
    picture = draw_image(image, Depth.TRUE)
    rows = pixels(picture)
    assert picture.width == image.shape[1]
    for row, wanted in zip(rows, image.tolist(), strict=False):
        assert row == [(grey, grey, grey) for grey in wanted]
    if len(image) % 2:
        assert rows[-1] == [None] * image.shape[1]


@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(1, 6), st.integers(1, 6)),
        elements=st.floats(-5, 5) | st.just(float("nan")),
    ),
    st.sampled_from(list(Depth)),
)
def test_signed_pictures_have_the_right_size_and_side(grid: np.ndarray, depth: Depth) -> None:
    picture = draw_signed(grid, depth)
    if depth is Depth.NONE:
        assert len(picture.lines) == len(grid)
        assert all(len(line) == 2 * grid.shape[1] == picture.width for line in picture.lines)
        return
    rows = pixels(picture)
    for row, values in zip(rows, grid.tolist(), strict=False):
        for colour, value in zip(row, values, strict=True):
            assert (colour is None) == np.isnan(value)
            if depth is Depth.TRUE and colour is not None and abs(value) > 0.5:
                assert (colour[0] > colour[2]) == (value < 0), "orange below zero, blue above"


def test_signed_colours_are_symmetric_about_zero() -> None:
    ends = signed_colours(np.array([[-1.0, 0.0, 1.0]]))
    assert [tuple(colour) for colour in ends[0].tolist()] == [NEGATIVE, NEUTRAL, POSITIVE]
    picture = draw_signed(np.array([[-2.0, 1.0], [2.0, 0.0]]), Depth.TRUE)
    assert pixels(picture)[0][0] == NEGATIVE and pixels(picture)[1][0] == POSITIVE
    half = signed_colours(np.array([[0.5]]))[0, 0].tolist()
    assert pixels(picture)[0][1] == tuple(half), "the limit is the largest absolute value"
    assert pixels(draw_signed(np.array([[1.0]]), Depth.TRUE, limit=2.0))[0][0] == tuple(half)
    assert pixels(draw_signed(np.zeros((1, 1)), Depth.TRUE))[0][0] == NEUTRAL


def test_without_colour_signs_are_letters() -> None:
    grid = np.array([[-4.0, -2, -1, 0, 1, 2, 4, np.nan]])
    assert draw_signed(grid, Depth.NONE).lines == ("==~~--  ++xxXX  ",)
    assert legend(4, Depth.NONE) == "-4.00 =~- 0 +xX +4.00"


def test_without_colour_an_image_is_shades() -> None:
    image = np.array([[0, 255], [0, 255], [255, 0]], np.uint8)
    assert draw_image(image, Depth.NONE).lines == (" @", "= "), "half of the last line is empty"
    assert "\x1b" not in str(draw_image(image, Depth.NONE))


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_the_palettes_colour_is_the_nearest(red: int, green: int, blue: int) -> None:
    steps = (0, 95, 135, 175, 215, 255)
    table = {
        16 + 36 * r + 6 * g + b: (steps[r], steps[g], steps[b])
        for r in range(6)
        for g in range(6)
        for b in range(6)
    }
    table |= {232 + i: (8 + 10 * i,) * 3 for i in range(24)}

    def distance(index: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(table[index], (red, green, blue), strict=True))

    assert distance(palette_index(red, green, blue)) == min(map(distance, table))


@pytest.mark.parametrize(
    ("environment", "tty", "encoding", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, True, "utf-8", Depth.TRUE),
        ({"TERM": "xterm-256color"}, True, "UTF-8", Depth.PALETTE),
        ({"TERM": "xterm-256color"}, True, "ascii", Depth.NONE),
        ({"TERM": "xterm-256color"}, True, None, Depth.NONE),
        ({"TERM": "xterm-256color"}, False, "utf-8", Depth.NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, True, "utf-8", Depth.NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, True, "utf-8", Depth.PALETTE),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, True, "utf-8", Depth.NONE),
        ({}, True, "utf-8", Depth.NONE),
    ],
)
def test_what_a_terminal_can_show(
    environment: dict[str, str], tty: bool, encoding: str | None, depth: Depth
) -> None:
    assert colour_depth(environment, tty, encoding) is depth


def test_pictures_stand_beside_each_other_as_far_as_the_width_goes() -> None:
    a, b, c = Picture(("aa", "aa"), 2), Picture(("b",), 1), Picture(("cccc",), 4)
    assert beside([a, b, c], 11).splitlines() == ["aa  b  cccc", "aa         "]
    assert beside([a, b, c], 10).splitlines() == ["aa  b", "aa   ", "", "cccc"]
    assert beside([c], 1) == "cccc"
    assert titled("title", b).lines == ("title", "b    ")
    assert titled("t", c) == Picture(("t   ", "cccc"), 4)


def test_a_confusion_matrix_is_a_table() -> None:
    table = draw_confusion(np.array([[120, 0], [3, 7]]), ["cat", "dog"])
    assert [line.split() for line in table.splitlines()] == [
        ["cat", "dog"],
        ["cat", "120", "."],
        ["dog", "3", "7"],
    ]
    assert len({len(line) for line in table.splitlines()}) == 1


@given(st.floats(-1, 2), st.integers(0, 40), st.booleans())
def test_a_bar_fills_from_the_left(share: float, width: int, ascii_only: bool) -> None:
    drawn = bar(share, width, ascii_only)
    assert len(drawn) == width
    full = drawn.count("#" if ascii_only else "█")
    assert abs(full - min(max(share, 0), 1) * width) <= 1
    assert bar(1, width, ascii_only) == ("#" if ascii_only else "█") * width
