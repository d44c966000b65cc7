"""Words for people: few below a figure, the rest beside the part that they explain."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from support.after import frames
from support.axe import faults
from support.server import SiteServer
from support.trainer import OpenPage, until

MOST = 200
BELOW = """() => [...document.querySelectorAll('main > :not(h1)')]
  .filter((one) => !one.localName.includes('-')).map((one) => one.innerText).join(' ').split(/\\s+/).length"""


@pytest.fixture(params=["train.html", "race.html", "network.html"])
def page(server: SiteServer, open_page: OpenPage, request: pytest.FixtureRequest) -> Page:
    opened = open_page(server.url + request.param, viewport={"width": 360, "height": 740})
    opened.locator("glass-words summary").first.wait_for()
    return opened


@pytest.mark.parametrize(
    "name", ["index.html", "browse.html", "train.html", "race.html", "network.html"]
)
def test_few_words_below_a_figure(server: SiteServer, open_page: OpenPage, name: str) -> None:
    page = open_page(server.url + name)
    assert page.evaluate(BELOW) <= MOST


def test_what_is_asked_for_is_explained_beside_it(page: Page) -> None:
    for summary in page.locator("glass-words summary").all():
        words = summary.locator("xpath=../div")
        assert not words.is_visible()
        summary.focus()
        page.keyboard.press("Enter")
        words.wait_for()
        box = words.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
        assert (
            len(
                page.locator("glass-words")
                .evaluate_all("all => all.map((one) => one.innerText).join(' ')")
                .split()
            )
            > 40
        )
        page.keyboard.press("Escape")
        until(lambda words=words: not words.is_visible())  # type: ignore[misc]
        assert summary.evaluate("one => one === one.getRootNode().activeElement")


def test_a_click_elsewhere_folds_it_away(page: Page) -> None:
    summary = page.locator("glass-words summary").first
    summary.click()
    summary.locator("xpath=../div").wait_for()
    frames(page)
    assert faults(page) == []
    page.locator("header .brand").dispatch_event("pointerdown", {"bubbles": True, "composed": True})
    summary.locator("xpath=../div").wait_for(state="hidden")
