"""The wall in colours: the map that one sees first, what a colour tells, what is written on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from make.settings import WEB
from support.server import SiteServer
from support.trainer import OpenPage, until
from support.wall import Wall, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

VIEW: ViewportSize = {"width": 1280, "height": 800}


def hues() -> NDArray[np.int64]:
    """The light palette, (10, 3)."""
    css = (WEB / "styles/tokens.css").read_text(encoding="utf-8")
    found = re.findall(r"--class-\d: light-dark\(#(\w{6})", css)
    return np.array([[int(one[i : i + 2], 16) for i in (0, 2, 4)] for one in found])


@pytest.fixture(scope="module")
def shared(browser: Browser, server: SiteServer) -> Iterator[Wall]:
    context = browser.new_context(viewport=VIEW, reduced_motion="reduce", color_scheme="light")
    page = context.new_page()
    page.goto(server.url + "browse.html")
    yield Wall(page).wait()
    context.close()


@pytest.fixture
def wall(shared: Wall) -> Wall:
    """The shared wall on its map; a test says what else it wants."""
    shared.value("(collection.lit.value = -1, collection.settings.fromQuery(''))")
    shared.value("collection.setAll({ shape: 'neighbours', colour: 'label' })")
    return shared


def nearest(picture: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many pixels have the direction of each class's colour, away from paper."""
    pixels = picture.reshape(-1, 4)[:, :3].astype(float)
    away = pixels[0] - pixels
    lengths = np.linalg.norm(away, axis=1)
    away = away[lengths > 90] / lengths[lengths > 90, None]
    own = pixels[0] - hues()
    own /= np.linalg.norm(own, axis=1)[:, None]
    likeness = away @ own.T
    return np.bincount(likeness.argmax(axis=1)[likeness.max(axis=1) > 0.99], minlength=10)


def test_it_opens_on_the_map_in_ten_colours(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(open_page(server.url + "browse.html", viewport=VIEW)).wait()
    until(lambda: "shape=neighbours" in wall.address)
    until(lambda: not wall.value("collection.arrangement.value.lattice"))
    counts = nearest(settled(wall))
    assert counts.min() > 500, counts
    buttons = wall.page.locator("glass-labels .classes strong")
    shown = [buttons.nth(k).evaluate("one => getComputedStyle(one).color") for k in range(10)]
    assert shown == [f"rgb({r}, {g}, {b})" for r, g, b in hues()]


def test_classes_are_named_where_they_are(wall: Wall) -> None:
    marks = wall.value("collection.arrangement.value.landmarks")
    x, y = (np.array(wall.value(f"[...collection.arrangement.value.{axis}]")) for axis in "xy")
    label = np.array(wall.value("[...collection.columns.value.label]"))
    assert [mark["text"] for mark in marks] == list("0123456789")
    for mark in marks:
        near = np.argsort((x + 0.5 - mark["x"]) ** 2 + (y + 0.5 - mark["y"]) ** 2)[:100]
        assert (label[near] == mark["label"]).mean() > 0.8, mark


def test_an_old_link_looks_as_it_did(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(open_page(server.url + "browse.html?find=7", viewport=VIEW)).wait()
    assert wall.value("collection.arrangement.value.lattice")
    picture = settled(wall).reshape(-1, 4)[:, :3].astype(int)
    assert (picture.max(axis=1) - picture.min(axis=1)).max() < 24  # ink is nearly grey


@pytest.mark.parametrize(
    ("colour", "column"), [("label", "label"), ("prediction", "prediction"), ("split", "test")]
)
def test_a_colour_tells_what_it_says(wall: Wall, colour: str, column: str) -> None:
    """Each hue's digits, asked for alone, are of one colour, and of another than the others'."""
    wall.value(f"collection.setAll({{ shape: 'grid', colour: '{colour}' }})")
    seen = []
    for value in (0, 1):
        words = {
            "label": f"label:{value}",
            "prediction": f"pred:{value}",
            "test": ["train", "test"][value],
        }
        wall.find(words[column])
        pixels = settled(wall).reshape(-1, 4)[:, :3].astype(int)
        darkest = pixels[np.argsort(pixels.sum(axis=1))[:2000]]
        spread = np.ptp(darkest, axis=0).max()
        assert spread < 60, (colour, value, spread)
        seen.append(darkest.mean(axis=0))
    wall.find("")
    assert np.abs(seen[0] - seen[1]).max() > 60


def test_large_losses_are_hot(wall: Wall) -> None:
    wall.value("collection.setAll({ shape: 'grid', colour: 'loss' })")

    def warmth(words: str) -> float:
        wall.find(words)
        wall.value("collection.setAll({ x: '5', y: '5', size: '10' })")
        pixels = settled(wall).reshape(-1, 4)[:, :3].astype(int)
        darkest = pixels[np.argsort(pixels.sum(axis=1))[:2000]]
        return float((darkest[:, 0] - darkest[:, 2]).mean())

    assert warmth("loss<0.001") < 10 < 100 < warmth("loss>0.9")
    wall.find("")


def test_pointing_at_a_class_greys_the_others(wall: Wall) -> None:
    before = nearest(settled(wall))
    wall.page.locator("glass-labels .classes button").nth(8).hover()
    until(lambda: wall.value("collection.lit.value") == 8)
    lit = nearest(settled(wall))
    assert lit[8] > 0.9 * before[8]
    assert lit.sum() - lit[8] < 0.02 * before.sum()
    wall.page.mouse.move(5, 5)
    until(lambda: wall.value("collection.lit.value") == -1)
    np.testing.assert_array_equal(nearest(settled(wall)), before)


def test_ink_is_plain_where_a_digit_can_be_read(wall: Wall) -> None:
    wall.value("collection.setAll({ shape: 'grid', find: 'right label:4' })")
    strength = []
    for size in (10, 24, 60):
        wall.value(f"collection.setAll({{ x: '20', y: '20', size: '{size}' }})")
        pixels = settled(wall)[200:].reshape(-1, 4)[:, :3].astype(int)
        strength.append((pixels.max(axis=1) - pixels.min(axis=1)).max())
    wall.find("")
    assert strength[0] > strength[1] > strength[2], strength


def home_of_zeros(wall: Wall) -> tuple[float, float]:
    """Where on the screen the map, all of which is seen, has its zeros."""
    left, top = wall.page.evaluate(
        """() => {
          const { collection, renderRoot } = document.querySelector('glass-browse');
          const { landmarks: [mark], width: wide, height: high } = collection.arrangement.value;
          const { left, top, width, height } = renderRoot.querySelector('glass-plane').getBoundingClientRect();
          const edge = Math.min((width - 24) / wide, (height - 24) / high);
          return [left + width / 2 + (mark.x - wide / 2) * edge, top + height / 2 + (mark.y - high / 2) * edge];
        }"""
    )
    return float(left), float(top)


def test_the_lens_shows_what_is_under_the_pointer(wall: Wall) -> None:
    """Beside a digit as well: at two pixels none can be hit."""
    settled(wall)
    wall.page.mouse.move(*home_of_zeros(wall))
    lens = wall.page.locator("glass-lens")
    until(lambda: lens.count() == 1 and "labelled 0" in lens.locator("span").inner_text())
    until(lambda: lens.evaluate("one => one.pixels !== null"))
    shown, wanted = wall.page.evaluate(
        """async () => {
          const lens = document.querySelector('glass-browse').renderRoot.querySelector('glass-plane').renderRoot.querySelector('glass-lens');
          const { collection } = document.querySelector('glass-browse');
          return [[...lens.pixels], [...(await collection.wall.ask('pixels', { id: lens.digit }))]];
        }"""
    )
    assert shown == wanted
    canvas = lens.locator("canvas").bounding_box()
    assert canvas is not None
    assert (canvas["width"], canvas["height"]) == (84, 84)
    wall.page.mouse.move(5, 5)
    lens.wait_for(state="detached")


def test_a_tooltip_does_not_stay_behind(wall: Wall) -> None:
    settled(wall)
    wall.page.mouse.move(*home_of_zeros(wall))
    lens = wall.page.locator("glass-lens")
    lens.wait_for()
    wall.page.mouse.wheel(0, -200)
    lens.wait_for(state="detached")


def test_what_was_misread_says_as_what(wall: Wall) -> None:
    """From 40 pixels on; below, and of what was read right, nothing is written."""
    wall.value("collection.setAll({ shape: 'grid', colour: 'none', find: 'wrong' })")

    def orange(size: int, words: str) -> int:
        wall.find(words)
        wall.value(f"collection.setAll({{ x: '10', y: '10', size: '{size}' }})")
        pixels = settled(wall).reshape(-1, 4)[:, :3].astype(int)
        return int(((pixels[:, 0] - pixels[:, 2]) > 90).sum())

    assert orange(44, "wrong") > 500
    assert orange(38, "wrong") == 0
    assert orange(44, "right") == 0
    wall.find("")


def test_few_are_fitted_large(wall: Wall) -> None:
    """160 pixels a digit: the ink of two spans more than a digit of 56 would."""
    wall.value("collection.setAll({ shape: 'grid', colour: 'none', find: '#5' })")
    paper = settled(wall)
    inked = np.flatnonzero((paper[..., 0] < 128).any(axis=0))
    assert 180 < np.ptp(inked) < 320
    wall.find("")


def test_what_was_misread_is_ringed(wall: Wall) -> None:
    """Between 16 and 40 pixels a digit; nothing where nearly all are."""

    def orange(size: int, words: str) -> int:
        wall.value(f"collection.setAll({{ shape: 'grid', colour: 'none', find: '{words}' }})")
        wall.value(f"collection.setAll({{ x: '30', y: '20', size: '{size}' }})")
        pixels = settled(wall).reshape(-1, 4)[:, :3].astype(int)
        return int(((pixels[:, 0] - pixels[:, 2]) > 90).sum())

    assert orange(20, "test") > 500
    assert orange(14, "test") == 0
    assert orange(20, "right test") == 0
    assert orange(20, "wrong test") == 0
    wall.find("")
