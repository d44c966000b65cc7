"""The page of all digits on a phone: what is too much for it is folded away, and one press from here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from support.axe import faults
from support.server import SiteServer
from support.trainer import until
from support.wall import Wall, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PEEK = 96  # CSS pixels that the drawer takes


@pytest.fixture
def phone(browser: Browser, server: SiteServer) -> Iterator[Wall]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(server.url + "browse.html?shape=grid")
    yield Wall(page).wait()
    context.close()


def test_classes_lie_in_two_rows_that_a_finger_meets(phone: Wall) -> None:
    boxes = [
        button.bounding_box()
        for button in phone.page.get_by_role("group", name="Show only the label")
        .get_by_role("button")
        .all()
    ]
    assert len(boxes) == 10
    assert len({round(box["y"]) for box in boxes if box}) == 2
    assert all(box and box["width"] >= 44 and box["height"] >= 32 for box in boxes)


def test_the_view_is_a_sheet(phone: Wall) -> None:
    page = phone.page
    shapes = page.get_by_role("group", name="Lay out as")
    assert not shapes.is_visible()
    view = page.locator("glass-arrange summary")
    assert view.inner_text().startswith("View: Wall")
    view.tap()
    assert faults(page) == []
    for name in ["Largest first", "Fit", "The set", "Keys"]:
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
    shapes.get_by_role("button", name="Columns").tap()
    until(lambda: view.inner_text().startswith("View: Columns"))
    page.keyboard.press("Escape")
    until(lambda: not shapes.is_visible())
    assert phone.value("collection.settings.get('shape')") == "label"


def test_a_tap_lets_the_digit_peek_and_more_shows_all(phone: Wall) -> None:
    page = phone.page
    box = phone.listbox.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    peek = page.locator("glass-peek")
    peek.wait_for()
    drawer = phone.panel.bounding_box()
    assert drawer and drawer["height"] == pytest.approx(PEEK, abs=2)
    digit = phone.value("collection.chosen.value")
    assert peek.locator("p").inner_text() == phone.value(f"collection.describe({digit})")
    assert faults(page) == []
    page.touchscreen.tap(box["x"] + box["width"] / 2 - 40, box["y"] + box["height"] / 2 - 40)
    until(lambda: phone.value("collection.chosen.value") != digit)
    assert peek.is_visible()  # the next one peeks as well
    settled(phone)
    peek.get_by_role("button", name="More").tap()
    phone.panel.get_by_role("heading", name="Most like it", exact=True).wait_for()
    phone.panel.get_by_role("button", name="Close").tap()
    until(lambda: phone.panel.count() == 0)


def test_a_link_to_a_digit_shows_all_of_it(phone: Wall) -> None:
    phone.page.goto(phone.address.partition("?")[0] + "?digit=test-8&panel=digit")
    phone.panel.get_by_role("heading", name="Test digit 8, labelled").wait_for()
    assert phone.page.locator("glass-peek").count() == 0
