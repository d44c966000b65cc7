"""The page's strokes, ink and normalising (web/data/) against the package's own `normalise`."""

from __future__ import annotations

import base64
import random

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from glassnet.data.drawn import normalise
from make.settings import WEB
from support.server import Answer
from support.trainer import OpenPage, Serve

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
MODULES = ["drawn", "ink", "strokes"]

# The three modules themselves, as they are written; of each drawing the ink and what is seen.
READ = """async (codes) => {
  const [{ read, write, SIDE }, { inkOf }, { normalise }] = await Promise.all(
    ['strokes', 'ink', 'drawn'].map((name) => import(`./modules/${name}.js`)));
  const text = (bytes) => btoa(String.fromCharCode(...bytes));
  return codes.map((code) => {
    const strokes = read(code);
    const ink = inkOf(strokes);
    const again = write(strokes);
    const inside = strokes.flat().every(({ x, y }) => x >= 0 && y >= 0 && x < SIDE && y < SIDE);
    return [text(ink), text(normalise(ink, SIDE) ?? []), inside, again, JSON.stringify(read(again)) === JSON.stringify(strokes)];
  });
}"""
NORMALISE = """async ([ink, columns]) => {
  const { normalise } = await import('./modules/drawn.js');
  return normalise(Uint8Array.from(ink), columns) && [...normalise(Uint8Array.from(ink), columns)];
}"""


@pytest.fixture(scope="module")
def overlay() -> dict[str, Answer]:
    return {
        f"modules/{name}.js": Answer((WEB / "data" / f"{name}.js").read_bytes()) for name in MODULES
    }


@pytest.fixture
def page(serve: Serve, open_page: OpenPage, overlay: dict[str, Answer]) -> Page:
    """A page of the site, from whose server the modules can be imported."""
    return open_page(serve(overlay).url)


def image(text: str, side: int) -> NDArray[np.uint8]:
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(side, side)


def test_two_hundred_drawings_become_the_packages_bytes(page: Page) -> None:
    chance = random.Random(5)

    def stroke() -> str:
        """A walk that keeps its direction for a while, as a hand does."""
        word = "".join(chance.choices(LETTERS, k=3))
        for _ in range(chance.randint(0, 8)):
            word += chance.choice(LETTERS) * chance.randint(1, 12)
        return word

    codes = [".".join(stroke() for _ in range(chance.randint(1, 4))) for _ in range(200)]
    for code, (ink, seen, inside, again, same) in zip(
        codes, page.evaluate(READ, codes), strict=True
    ):
        np.testing.assert_array_equal(image(seen, 28), normalise(image(ink, 112)), code)
        assert inside and same, code
        assert len(again) <= len(code), code


def test_an_empty_paper_has_no_ink_and_nothing_is_seen(page: Page) -> None:
    [[ink, seen, _, again, _]] = page.evaluate(READ, ["0"])
    assert not image(ink, 112).any()
    assert seen == ""
    assert again == "0"


def test_any_grey_picture_becomes_the_packages_bytes(page: Page) -> None:
    """Also those whose means and centres lie exactly between two whole numbers."""
    rng = np.random.default_rng(3)
    pictures = [np.full(size, 255, np.uint8) for size in [(1, 1), (1, 30), (40, 40), (7, 20)]]
    pictures += [np.tile(np.array([[255, 254], [0, 1]], np.uint8), (20, 20))]
    for _ in range(40):
        size = rng.integers(1, 70, 2)
        pictures.append(rng.integers(0, 256, size, np.uint8) * (rng.random(size) < 0.3))
    for picture in pictures:
        if not picture.any():
            continue
        found = page.evaluate(NORMALISE, [picture.reshape(-1).tolist(), picture.shape[1]])
        np.testing.assert_array_equal(np.reshape(found, (28, 28)), normalise(picture))


def test_a_dot_is_as_large_as_the_pen_and_a_line_as_thick(page: Page) -> None:
    start = 56 * 112 + 56
    place = LETTERS[start // 49**2] + LETTERS[start // 49 % 49] + LETTERS[start % 49]
    dot, line = (image(one[0], 112) for one in page.evaluate(READ, [place, place + "r" * 10]))
    assert dot[56, 51:62].min() > 0 and not dot[56, :51].any() and not dot[56, 62:].any()
    assert dot.sum() / 255 == pytest.approx(np.pi * 5**2, rel=0.02)
    drawn = np.flatnonzero(line.any(axis=1))
    assert drawn[0] == 51 and drawn[-1] >= 56 + 30
