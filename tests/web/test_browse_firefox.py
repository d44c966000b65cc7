"""A smoke set in stock Firefox: the wall comes up, is the same, and answers pointer and words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from support.server import SiteServer
from support.trainer import until
from support.wall import Wall, truth


@pytest.fixture(scope="module")
def wall(server: SiteServer, firefox: Browser) -> Iterator[Wall]:
    page = firefox.new_page(viewport={"width": 1280, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(server.url + "browse.html")
    yield Wall(page).wait()
    page.close()
    assert problems == []


def test_all_digits_are_there(wall: Wall, site: Path) -> None:
    images, labels = truth(site)
    assert wall.value("[...collection.columns.value.label]") == labels.tolist()
    assert np.unique(wall.pixels()[200:600, 200:1000, 0]).size > 50
    own = wall.page.evaluate(
        """async () => [...await document.querySelector('glass-browse').collection.wall
             .ask('pixels', { id: 123 })]"""
    )
    np.testing.assert_array_equal(np.array(own).reshape(28, 28), images[123])


def test_words_arrangement_and_wheel(wall: Wall) -> None:
    wall.find("wrong 4")
    label, prediction = wall.value(
        "[[...collection.columns.value.label], [...collection.columns.value.prediction]]"
    )
    wanted = np.flatnonzero((np.array(label) == 4) & (np.array(prediction) != 4))
    assert wall.found == wanted.tolist()
    wall.lay_out("Confusion")
    until(lambda: wall.value("collection.arrangement.value.headings.length") == 21)
    wall.page.mouse.move(640, 480)
    wall.page.mouse.wheel(0, -600)
    until(lambda: wall.value("collection.settings.get('size')") > 1)


def test_a_digit_by_keys(wall: Wall) -> None:
    wall.find("")
    wall.lay_out("Wall")
    wall.listbox.focus()
    wall.page.keyboard.press("Home")
    wall.page.keyboard.press("Enter")
    wall.panel.get_by_role("heading", name="Test digit 0").wait_for()
