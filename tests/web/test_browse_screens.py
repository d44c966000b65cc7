"""The wall on screens of all kinds: dense ones, changing ones, without a GPU; and how digits go from
one arrangement to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from make import browser as browsers
from support.after import frames
from support.server import SiteServer
from support.trainer import OpenPage, until
from support.wall import COLLECTION, Wall, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

WIDE = {"width": 1280, "height": 800}
# Which moments of a change the page asks its worker for, as shares of the way.
MOMENTS = """
window.shares = [];
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, transfer) {
  if (message?.type === 'moment') window.shares.push(message.moment.share);
  return post.call(this, message, transfer);
};
"""
CANVAS = """
() => {
  const plane = document.querySelector('glass-browse').renderRoot.querySelector('glass-plane');
  const canvas = plane.renderRoot.querySelector('canvas');
  const { width, height } = plane.getBoundingClientRect();
  return [canvas.width, canvas.height, width, height];
}
"""


def canvas(wall: Wall) -> tuple[float, float, float, float]:
    """The canvas's width and height in its own pixels, and the wall's in those of the page."""
    width, height, wide, high = wall.page.evaluate(CANVAS)
    return width, height, wide, high


@pytest.mark.parametrize("ratio", [1, 2, 3])
def test_sharp_at_every_pixel_ratio(server: SiteServer, open_page: OpenPage, ratio: int) -> None:
    """A pixel of a digit, two of the page, is 2 x ratio of the canvas: all of one colour."""
    page = open_page(
        server.url + "browse.html?columns=20&x=10&y=8&size=56",
        viewport={"width": 600, "height": 700},
        device_scale_factor=ratio,
    )
    wall = Wall(page).wait()
    width, height, wide, high = canvas(wall)
    assert (width, height) == (round(wide * ratio), round(high * ratio))
    picture = settled(wall)[..., 0].astype(int)
    edge = 2 * ratio
    # Of all places that a grid of such squares may begin at, one leaves few with two colours: those
    # that hairlines go through.
    corners = [rough(picture[top:, left:], edge) for top in range(edge) for left in range(edge)]
    assert min(corners) < 0.35
    assert np.median(corners) > 0.8


def rough(picture: np.ndarray, edge: int) -> float:
    """The part of the squares with ink in them that are not all of one colour."""
    rows, columns = (side // edge for side in picture.shape)
    squares = picture[: rows * edge, : columns * edge].reshape(rows, edge, columns, edge)
    low, high = squares.min(axis=(1, 3)), squares.max(axis=(1, 3))
    inked = low < low.max()
    return float((low != high)[inked].mean())


def test_follows_its_container(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(open_page(server.url + "browse.html?shape=grid", viewport=WIDE)).wait()

    def fits() -> bool:
        width, height, wide, high = canvas(wall)
        return abs(width - wide) <= 1 and abs(height - high) <= 1

    before = canvas(wall)
    wall.value("collection.settings.set('panel', 'help')")  # the drawer takes room beside the wall
    until(lambda: canvas(wall)[0] < before[0] - 300)
    until(fits)
    wall.value("collection.settings.set('panel', 'none')")
    for size in [(700, 500), (360, 740), (1600, 900)]:
        wall.page.set_viewport_size({"width": size[0], "height": size[1]})
        until(fits)
        columns = settled(wall)[..., 0].min(axis=0)
        inked = np.flatnonzero(columns < columns.max())
        assert inked[0] < 0.2 * len(columns)  # all of the set, as wide as the wall or as high
        assert inked[-1] > 0.8 * len(columns)


@pytest.fixture(scope="module")
def plain(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that has no WebGL at all."""
    flags = ["--disable-gpu", "--disable-software-rasterizer", "--disable-3d-apis"]
    launched = playwright.chromium.launch(executable_path=browsers.installed(), args=flags)
    yield launched
    launched.close()


def test_without_webgl(plain: Browser, server: SiteServer) -> None:
    page = plain.new_context(viewport={"width": 900, "height": 800}).new_page()
    page.goto(server.url + "browse.html")
    has = "() => document.createElement('canvas').getContext('webgl2') !== null"
    assert not page.evaluate(has)
    wall = Wall(page).wait()
    assert np.unique(settled(wall)[..., 0]).size > 50
    wall.lay_out("Columns")
    assert np.unique(settled(wall)[..., 0]).size > 50
    page.context.close()


def shares(wall: Wall) -> list[float]:
    found: list[float] = wall.page.evaluate("() => window.shares")
    return found


def with_moments(server: SiteServer, open_page: OpenPage, motion: str = "no-preference") -> Wall:
    page = open_page(viewport=WIDE, reduced_motion=motion)
    page.add_init_script(MOMENTS)
    page.goto(server.url + "browse.html?shape=grid")
    wall = Wall(page).wait()
    settled(wall)
    return wall


def test_digits_move_to_their_new_places(server: SiteServer, open_page: OpenPage) -> None:
    wall = with_moments(server, open_page)
    wall.lay_out("Columns")
    until(lambda: shares(wall)[-1:] == [1])
    seen = shares(wall)
    assert seen[0] < 1
    assert seen == sorted(seen)
    still = with_moments(server, open_page, "reduce")
    still.lay_out("Columns")
    np.testing.assert_array_equal(settled(wall), settled(still))  # it ends where it should


def test_a_change_can_be_interrupted_by_another(server: SiteServer, open_page: OpenPage) -> None:
    wall = with_moments(server, open_page)
    wall.lay_out("Columns")
    until(lambda: len(shares(wall)) > 0)
    first = len(shares(wall))
    wall.value("collection.set('shape', 'confusion')")
    wall.value("collection.set('sort', 'ink')")
    until(lambda: len(shares(wall)) > first and shares(wall)[-1] == 1)
    still = with_moments(server, open_page, "reduce")
    still.value("(collection.set('shape', 'confusion'), collection.set('sort', 'ink'))")
    np.testing.assert_array_equal(settled(wall), settled(still))


def test_moving_the_wall_ends_a_change_at_once(server: SiteServer, open_page: OpenPage) -> None:
    wall = with_moments(server, open_page)
    # From within the page, so that the wheel turns in the middle of the change on any machine.
    wall.page.evaluate(
        f"""async () => {{
          {COLLECTION}.set('shape', 'label');
          while (!shares.length) await new Promise(requestAnimationFrame);
          const plane = document.querySelector('glass-browse').renderRoot.querySelector('glass-plane');
          plane.renderRoot.querySelector('[role=listbox]').dispatchEvent(
            new WheelEvent('wheel', {{ deltaY: -300, clientX: 640, clientY: 500 }}));
        }}"""
    )
    assert wall.value("collection.settings.get('size')") > 0
    picture = settled(wall)
    assert np.unique(picture[..., 0]).size > 50
    asked = len(shares(wall))
    for _ in range(3):  # a change under way would ask at each frame, once it has the last answer
        wall.page.evaluate(f"() => {COLLECTION}.wall.ask('ping', {{}})")
        frames(wall.page)
    assert len(shares(wall)) == asked
    assert max(shares(wall)) < 1


def test_nothing_moves_under_reduced_motion(server: SiteServer, open_page: OpenPage) -> None:
    wall = with_moments(server, open_page, "reduce")
    for shape in ("Columns", "Confusion", "Map", "Wall"):
        wall.lay_out(shape)
        settled(wall)
    assert len(shares(wall)) > 0
    assert set(shares(wall)) == {1}
