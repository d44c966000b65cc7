"""Drawn digits: a box of 20 pixels, the centre of mass at 14, nothing lost, nothing invented."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glassnet.data.drawn import normalise
from glassnet.errors import DataError


def blob(rows: int, columns: int, top: int, left: int, height: int, width: int) -> np.ndarray:
    drawing = np.zeros((rows, columns), np.uint8)
    drawing[top : top + height, left : left + width] = 255
    return drawing


def box(image: np.ndarray) -> tuple[int, int]:
    """Height and width of what is drawn."""
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def centre(image: np.ndarray) -> tuple[float, float]:
    mass = image.astype(float)
    places = np.arange(28)
    return (mass.sum(1) @ places / mass.sum(), mass.sum(0) @ places / mass.sum())


@given(st.integers(20, 300), st.integers(20, 300), st.integers(0, 2**32 - 1))
@example(198, 240, 0)  # 16.5 pixels
def test_the_longer_side_becomes_20_and_the_centre_14(height: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawing = np.zeros((height + 9, width + 7))
    drawing[4 : 4 + height, 3 : 3 + width] = rng.random((height, width)) * 0.5 + 0.5
    image = normalise(drawing)
    assert image.shape == (28, 28) and image.dtype == np.uint8
    assert max(box(image)) == 20
    short, long = sorted((height, width))
    shorter = (2 * 20 * short + long) // (2 * long)  # the nearest, halves up
    assert min(box(image)) == max(1, shorter)
    assert all(abs(place - 14) <= 0.51 for place in centre(image))


def test_a_digit_as_mnist_has_it_stays_as_it_is() -> None:
    drawing = np.zeros((28, 28), np.uint8)
    drawing[4:24, 9:20] = np.random.default_rng(1).integers(60, 256, (20, 11), np.uint8)
    shift = [round(14 - place) for place in centre(drawing)]
    drawing = np.roll(drawing, shift, axis=(0, 1))
    assert (normalise(drawing) == drawing).all()


def test_place_and_scale_of_the_drawing_do_not_matter() -> None:
    small = normalise(blob(100, 100, 5, 60, 40, 20))
    assert (normalise(blob(300, 250, 200, 10, 80, 40)) == small).all()
    assert (normalise(blob(100, 100, 5, 60, 40, 20) / 255) == small).all()
    assert box(small) == (20, 10)


def test_an_even_surface_stays_even_and_full() -> None:
    """Neither shrinking nor stretching leaks ink over the edges or thins it inside."""
    for side in (5, 20, 37, 200):
        image = normalise(blob(220, 220, 3, 7, side, side))
        assert (image[image > 0] == 255).all() and box(image) == (20, 20)


def test_thin_strokes_shrink_to_grey_not_to_nothing() -> None:
    """Nearest-neighbour shrinking would lose lines of a pixel; these must keep their ink."""
    drawing = np.zeros((400, 400))
    drawing[::10] = drawing[:, ::10] = 1.0
    image = normalise(drawing)
    assert image[image.any(axis=1)][:, image.any(axis=0)].min() > 0
    ink = drawing.sum() * (20 / np.ptp(np.flatnonzero(drawing.any(0)))) ** 2
    assert image.sum() / 255 == pytest.approx(ink, rel=0.1)


def test_lopsided_digits_stay_inside() -> None:
    drawing = blob(100, 100, 0, 0, 100, 10)
    drawing[:3] = 255
    drawing[3:, :10] = 8  # faint, but drawn
    image = normalise(drawing)
    assert max(box(image)) <= 20 and image.any()


@pytest.mark.parametrize(
    ("drawing", "message"),
    [
        (np.zeros((28, 28), np.uint8), "nothing is drawn"),
        (np.zeros((28, 28)), "nothing is drawn"),
        (np.full((28, 28), np.nan), "from 0 to 1"),
        (np.full((28, 28), 2.0), "from 0 to 1"),
        (np.ones((28, 28), int), "expected uint8 or float"),
        (np.ones(784), "expected rows and columns"),
        (np.ones((0, 28)), "expected rows and columns"),
        (np.ones((5000, 2)), "1 to 4096"),
    ],
)
def test_what_cannot_be_normalised_is_refused(drawing: np.ndarray, message: str) -> None:
    with pytest.raises(DataError, match=message):
        normalise(drawing)
