"""The corner menu of every figure: a link, its picture, the data behind it."""

from __future__ import annotations

import csv
import io
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest

from support.axe import faults
from support.server import SiteServer
from support.trainer import OpenPage, Trainer, until
from support.wall import Wall

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SVG = "{http://www.w3.org/2000/svg}"
VIEW = {"width": 1280, "height": 800}


def opened(where: Locator) -> Locator:
    """The menu there, unfolded."""
    menu = where.locator("glass-menu").first
    menu.locator("summary").click()
    return menu


def saved(page: Page, menu: Locator, name: str) -> Path:
    with page.expect_download() as download:
        menu.get_by_role("button", name=name).click()
    return Path(download.value.path())


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_the_curves_data(server: SiteServer, open_page: OpenPage) -> None:
    trainer = Trainer(open_page(server.url + "train.html", viewport=VIEW))
    trainer.wait_for_network()
    trainer.step(12)
    menu = opened(trainer.page.locator("glass-card[file=curves]"))
    path = saved(trainer.page, menu, "Save its data")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    losses = [float(row["lowest batch loss"]) for row in rows if row["lowest batch loss"]]
    np.testing.assert_allclose(losses, trainer.losses())
    assert [int(row["step"]) for row in rows] == list(range(1, 13))


def test_the_curves_drawing(server: SiteServer, open_page: OpenPage) -> None:
    trainer = Trainer(open_page(server.url + "train.html", viewport=VIEW))
    trainer.wait_for_network()
    trainer.step(12)
    page = trainer.page
    page.locator("glass-curve .loss canvas").wait_for()
    page.wait_for_timeout(300)  # charts are drawn ten times a second
    menu = opened(page.locator("glass-card[file=curves]"))
    svg = ElementTree.parse(saved(page, menu, "Save the drawing"))
    words = [one.text for one in svg.iter(f"{SVG}text")]
    assert {"Loss", "average", "lowest to highest", "steps"} <= set(words)
    # One line has a corner for each step's average: it falls and rises as they do.
    averages = rows_of(page, menu, "average loss")
    paths = [one.get("d", "") for one in svg.iter(f"{SVG}path")]
    corners = [re.findall(r"[\d.]+,([\d.-]+)", path) for path in paths]
    heights = next([float(y) for y in one] for one in corners if len(one) == len(averages) == 12)
    upwards = np.array(heights)[np.argsort(averages)]  # y counts downwards
    assert (np.diff(upwards) <= 0).all()  # two averages may be alike to a tenth of a pixel
    assert upwards[0] - upwards[-1] > 5


def rows_of(page: Page, menu: Locator, column: str) -> list[float]:
    """A column of the data that the menu saves."""
    text = saved(page, menu, "Save its data").read_text(encoding="utf-8")
    return [float(row[column]) for row in csv.DictReader(io.StringIO(text)) if row[column]]


def test_a_race_is_saved_as_lines(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "race.html", viewport=VIEW, reduced_motion="reduce")
    card = page.locator("glass-card[file=losses-over-time]")
    card.scroll_into_view_if_needed()
    card.locator("canvas").wait_for()
    page.wait_for_timeout(500)
    svg = ElementTree.parse(saved(page, opened(card), "Save the drawing"))
    words = {one.text for one in svg.iter(f"{SVG}text")}
    assert {"python", "numpy", "simd", "seconds of its own computing"} <= words
    network = page.locator("glass-card[file=race] glass-menu")
    assert network.get_by_role("button", name="drawing").count() == 0


@pytest.mark.parametrize("file", ["network", "curves", "digits"])
def test_a_figures_picture(server: SiteServer, open_page: OpenPage, file: str) -> None:
    page = open_page(server.url + "train.html", viewport=VIEW)
    Trainer(page).wait_for_network()
    card = page.locator(f"glass-card[file={file}]")
    card.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # what has just come into sight is drawn at the next frames
    box = card.bounding_box()
    assert box
    width, height = size(saved(page, opened(card), "Save the picture").read_bytes())
    assert 0.4 * box["width"] < width <= box["width"] + 26
    assert 0.2 * box["height"] < height <= box["height"] + 26


def test_the_walls_picture_is_the_wall(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "browse.html?find=7", viewport=VIEW)
    wall = Wall(page).wait()
    until(lambda: page.locator("glass-plane").evaluate("one => one.whole"))
    menu = opened(page.locator("glass-browse .wall"))
    data = saved(page, menu, "Save the picture").read_bytes()
    shown = page.locator("glass-plane canvas").evaluate("({ width, height }) => [width, height]")
    assert size(data) == (shown[0] + 24, shown[1] + 24)
    assert len(data) > 20_000
    assert wall.found


def test_its_keys_and_its_words(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "race.html", viewport=VIEW)
    menu = page.locator("glass-card[file=race] glass-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    menu.get_by_role("button", name="Copy a link").wait_for()
    assert faults(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    menu.get_by_role("button", name="Copy a link").wait_for(state="hidden")
    assert menu.locator("summary").evaluate("one => one.matches(':focus')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_source_of_a_figure(server: SiteServer, open_page: OpenPage, scheme: str) -> None:
    page = open_page(server.url + "train.html", viewport=VIEW, color_scheme=scheme)
    menu = opened(page.locator("glass-card[file=network]"))
    assert faults(page) == []
    with page.context.expect_page() as other:
        menu.get_by_role("link", name="Source: how this is computed").click()
    source = other.value
    source.wait_for_load_state()
    assert source.url == server.url + "source/layers/dense.html#Dense.forward"
    lit = source.locator("span:target")
    assert "def forward(self" in lit.inner_text()
    assert lit.evaluate("one => one.getBoundingClientRect().top < innerHeight")
    assert faults(source) == []
    source.get_by_role("link", name="All files").click()
    source.get_by_role("heading", name="How it is computed").wait_for()
    assert faults(source) == []
