"""Where the pixels of all digits are: as bytes in Python only, and there no longer than needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.server import SiteServer
from support.trainer import BOOT, OpenPage, until
from support.wall import Wall

if TYPE_CHECKING:
    from playwright.sync_api import Page

STILL = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
PIXELS = "X[:, 14, 14] > 200"
PART = 4_000_000  # bytes that may be on their way at a time
# A minute without a question is a second.
HASTE = """
const wait = window.setTimeout;
window.setTimeout = (act, time, ...rest) => wait(act, time === 60_000 ? 1000 : time, ...rest);
"""
# Of the pixels that are handed to Python: how large each part was, and what the page kept of it.
HANDED = """
window.handed = [];
window.Worker = class extends Worker {
  postMessage(message, ...how) {
    const pixels = message.type === 'images_part' ? message.images.buffer : null;
    const size = pixels?.byteLength;
    super.postMessage(message, ...how);
    if (pixels) window.handed.push([size, pixels.byteLength]);
  }
};
"""


@pytest.fixture
def wall(server: SiteServer, open_page: OpenPage) -> Wall:
    page: Page = open_page(**STILL)
    page.add_init_script(HASTE + HANDED)
    page.goto(server.url + "browse.html")
    return Wall(page).wait()


def ask(wall: Wall, expression: str) -> list[int]:
    """The ids that Python finds, once it has answered."""
    wall.page.evaluate(
        "(text) => document.querySelector('glass-browse').collection.set('python', text)",
        expression,
    )
    until(lambda: wall.value("collection.python.found.value.expression") == expression, BOOT)
    ids: list[int] = wall.value("[...collection.python.found.value.ids]")
    return ids


def pythons(wall: Wall) -> int:
    wall.page.wait_for_timeout(1)  # until its news is here
    return sum("/worker-" in one.url for one in wall.page.workers)


def test_the_page_keeps_nothing_of_the_pixels_that_python_gets(wall: Wall) -> None:
    found = ask(wall, PIXELS)
    assert found == wall.page.evaluate(
        """async () => {
          const { wall, all } = document.querySelector('glass-browse').collection;
          const images = await wall.ask('images', { ids: all });
          return [...all].filter((id) => images[id * 784 + 14 * 28 + 14] > 200);
        }"""
    )
    handed = wall.page.evaluate("window.handed")
    count = wall.value("collection.about.value.count")
    assert sum(size for size, _ in handed) >= 784 * count
    assert max(size for size, _ in handed) <= PART
    assert [kept for _, kept in handed if kept] == []


def test_python_is_ended_once_nothing_is_asked_and_brought_back(wall: Wall) -> None:
    found = ask(wall, PIXELS)
    assert len(found) > 0
    wall.page.wait_for_timeout(2500)
    assert pythons(wall) == 1, "it is ended while its answer is looked at"
    wall.page.get_by_role("button", name="Python").click()
    wall.value("collection.set('python', '')")
    until(lambda: pythons(wall) == 0)
    assert wall.value("collection.python.phase.value") == "off"
    told = wall.page.locator("glass-search [role=status]")
    assert "Python starts again with your next expression" in told.inner_text()
    assert ask(wall, "y == 9") == wall.value(
        "[...collection.all].filter((id) => collection.columns.value.label[id] === 9)"
    )
    assert ask(wall, PIXELS) == found
    wall.value("collection.settings.set('shape', 'pca')")
    wall.value("collection.set('python', '')")
    until(lambda: wall.value("collection.python.mapped.value !== null"), BOOT)
    assert pythons(wall) == 1, "the map is asked for"
    assert wall.page.locator("glass-status .failure").count() == 0
