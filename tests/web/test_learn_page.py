"""The pages that explain: read without scripts, in a narrow window, by keys, and on paper."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page

from support.after import frames
from support.axe import faults
from support.server import SiteServer
from support.trainer import OpenPage

PAGES = ["learn.html", "reading.html"]
# Elements that stick out of the window although nothing around them scrolls.
WIDER = """() => [...document.querySelectorAll('main *')].filter((one) => {
  for (let up = one.parentElement; up; up = up.parentElement) {
    if (['auto', 'hidden', 'scroll'].includes(getComputedStyle(up).overflowX)) return false;
  }
  return one.getBoundingClientRect().right > innerWidth + 1;
}).map((one) => one.outerHTML.slice(0, 80))"""
# Formulas that have to be scrolled, and that keys do not reach.
OUT_OF_REACH = """() => [...document.querySelectorAll('.wide:not([tabindex])')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"""


@pytest.fixture(params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def said(page: Page, formula: int = 0) -> list[str]:
    """What is told of the symbols of a formula at the moment."""
    spans = page.locator(".formula").nth(formula).locator(".says span")
    return [one.inner_text() for one in spans.all() if one.is_visible()]


def test_it_is_read_without_scripts(server: SiteServer, open_page: OpenPage, name: str) -> None:
    page = open_page(server.url + name, java_script_enabled=False)
    assert page.locator("h1").count() == 1
    maths = page.locator("math")
    assert maths.count() > 6
    assert all(one.is_visible() for one in maths.all())
    fold = page.locator("details.fold:not([open])").first
    if fold.count():
        fold.locator("summary").click()
    assert page.locator(".excerpt pre").first.is_visible()


def test_mathml_is_laid_out_as_such(server: SiteServer, open_page: OpenPage) -> None:
    """What stands above the line of a fraction is above it; the power of a sum is raised."""
    page = open_page(server.url + "learn.html")
    fraction = page.locator("mfrac").first
    boxes = [one.bounding_box() for one in fraction.locator("xpath=./*").all()]
    above, below = boxes
    assert above and below and above["y"] + above["height"] <= below["y"] + 2
    display = page.locator("math").first.evaluate("one => getComputedStyle(one).display")
    assert "math" in display


def test_a_symbol_that_is_pointed_at_says_what_it_is(
    server: SiteServer, open_page: OpenPage
) -> None:
    page = open_page(server.url + "learn.html", java_script_enabled=False)
    formula = page.locator(".formula").first
    assert said(page) == []
    weights = formula.locator("math [class]", has_text="W")
    weights.hover()
    assert said(page) == ["W weights; row j belongs to unit j (U, I)"]
    formula.locator("math [class]", has_text="b").hover()
    assert said(page) == ["b biases, one a unit (U,)"]
    page.mouse.move(2, 2)
    assert said(page) == []
    weights.click()  # as a finger does
    page.mouse.move(2, 2)
    assert len(said(page)) == 1


def test_keys_have_all_symbols_told(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "learn.html")
    page.locator("#forward").evaluate("one => { one.tabIndex = -1; one.focus(); }")
    page.keyboard.press("Tab")
    assert [one.split()[0] for one in said(page)] == ["z", "x", "W", "b"]


def test_the_same_symbol_means_another_thing_elsewhere(
    server: SiteServer, open_page: OpenPage
) -> None:
    page = open_page(server.url + "learn.html")
    pooled = page.locator("#layers-for-images ~ .group .formula").first
    shape = pooled.locator(".says span", has_text="images").locator("i")
    assert "height" in str(shape.text_content())


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_sticks_out(server: SiteServer, open_page: OpenPage, name: str, width: int) -> None:
    page = open_page(server.url + name, viewport={"width": width, "height": 800})
    page.evaluate(
        "() => { for (const one of document.querySelectorAll('details')) one.open = true; }"
    )
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate(WIDER) == []
    assert page.evaluate(OUT_OF_REACH) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(
    server: SiteServer,
    open_page: OpenPage,
    name: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_page(
        server.url + name, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page.evaluate(
        "() => { for (const one of document.querySelectorAll('details')) one.open = true; }"
    )
    frames(page)
    assert faults(page) == []


def test_the_type_is_a_books(server: SiteServer, open_page: OpenPage, name: str) -> None:
    page = open_page(server.url + name, viewport={"width": 1280, "height": 800})
    paragraph = page.locator("article > p").first
    style = paragraph.evaluate("one => getComputedStyle(one).fontFamily")
    assert style.startswith("ui-serif, Georgia")
    measure = paragraph.evaluate(
        "one => one.clientWidth / Number.parseFloat(getComputedStyle(one).fontSize)"
    )
    assert 28 < measure < 38  # some 65 characters, half an em each


def test_contents_lead_to_their_headings(
    server: SiteServer, open_page: OpenPage, name: str
) -> None:
    page = open_page(server.url + name, viewport={"width": 1280, "height": 800})
    link = page.locator(".contents a").last
    link.click()
    heading = page.locator(f"[id='{str(link.get_attribute('href'))[1:]}']")
    box = heading.bounding_box()
    assert box and 0 <= box["y"] < 800


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_five_pages_are_named_at_the_top(
    server: SiteServer, open_page: OpenPage, width: int
) -> None:
    page = open_page(server.url + "learn.html", viewport={"width": width, "height": 800})
    links = page.locator("header.bar nav a")
    assert links.all_inner_texts() == ["Browse", "Network", "Train", "Race", "Learn"]
    tops = {round(box["y"]) for one in links.all() if (box := one.bounding_box())}
    assert len(tops) == 1
    header = page.locator("header.bar").bounding_box()
    assert header and header["height"] < 90
