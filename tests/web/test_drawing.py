"""The visitor's own digit, before Python is there: drawn, read at once, undone, carried by a link."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from support.after import NEVER_IDLE, frames, requested
from support.axe import faults
from support.paper import FOUR, SEVEN, Paper, outputs_of
from support.server import SiteServer
from support.trainer import OpenPage, Trainer, until


class Opener:
    """Opens train.html where no Python comes by itself, the recorded run standing at its end."""

    def __init__(self, server: SiteServer, open_page: OpenPage) -> None:
        self.server = server
        self.open_page = open_page

    def __call__(self, query: str = "", **options: Any) -> Paper:
        page = self.open_page(reduced_motion="reduce", **options)
        page.add_init_script(NEVER_IDLE)
        self.asked = len(self.server.requested)
        page.goto(f"{self.server.url}train.html{query}")
        paper = Paper(Trainer(page))
        paper.trainer.wait_for_digits()
        until(lambda: paper.page.locator("glass-forward .say").count())
        until(lambda: "reads" in paper.said() or "empty" in paper.said())
        return paper

    def python(self, page: Page) -> list[str]:
        """The files of Python that were asked for since."""
        files = requested(page, self.server)[self.asked :]
        return [file for file in files if ".wasm" in file or "worker" in file]


@pytest.fixture
def opened(server: SiteServer, open_page: OpenPage) -> Opener:
    return Opener(server, open_page)


def test_a_drawn_seven_is_read_by_the_recorded_network(opened: Opener) -> None:
    paper = opened().take()
    assert paper.said().startswith("The paper is empty")
    assert paper.activity() is None
    cells = paper.page.locator("glass-outputs [role=row] > :nth-child(2)")
    assert set(cells.all_inner_texts()) == {"–"}

    paper.draw(SEVEN)
    activity = paper.until_read()
    np.testing.assert_allclose(activity["outputs"], outputs_of(activity), atol=1e-5)
    assert paper.said().startswith("The network reads this as 7 (")
    assert activity["label"] is None and "right" not in paper.said()
    assert cells.all_inner_texts() == [f"{value:.2f}" for value in activity["outputs"]]
    seen = paper.pixels()
    rows, columns = (np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert abs(seen.sum(1) @ np.arange(28) / seen.sum() - 14) <= 0.51
    assert abs(seen.sum(0) @ np.arange(28) / seen.sum() - 14) <= 0.51
    assert opened.python(paper.page) == []


def test_both_the_strokes_and_what_the_network_sees_are_shown(opened: Opener) -> None:
    paper = opened().take()
    paper.draw([[(0.1, 0.1), (0.1, 0.4)]])  # small, in a corner: the network sees it large, amid
    drawn, seen = paper.page.evaluate(
        """() => [...document.querySelector('glass-train').shadowRoot.querySelector('glass-forward')
          .shadowRoot.querySelector('glass-digit').shadowRoot.querySelector('glass-paper')
          .shadowRoot.querySelectorAll('canvas')].map((canvas) => [canvas.width,
            [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.width).data]])"""
    )
    size, data = drawn
    ink = np.array(data).reshape(size, size, 4)[..., 0] < 128
    assert ink[int(0.25 * size), int(0.1 * size)]
    assert not ink[:, size // 2 :].any() and not ink[size // 2 :].any()
    size, data = seen
    assert size == 84
    grey = np.array(data).reshape(84, 84, 4)[1::3, 1::3, 0]
    expected = 255 + (27 - 255) * (paper.pixels() / 255)
    assert np.abs(grey - expected).max() <= 1
    assert paper.pixels()[:, 12:16].any()


def test_it_is_read_while_the_pen_is_still_down(opened: Opener) -> None:
    paper = opened().take()
    paper.page.mouse.move(*paper.at(0.5, 0.2))
    paper.page.mouse.down()
    paper.page.mouse.move(*paper.at(0.5, 0.5), steps=8)
    first = paper.until_read()["outputs"]
    paper.page.mouse.move(*paper.at(0.8, 0.8), steps=8)
    until(lambda: paper.until_read()["outputs"] != first)
    paper.page.mouse.up()


def test_the_tiles_and_the_hover_follow_the_drawing(opened: Opener) -> None:
    paper = opened().take()
    paper.draw(SEVEN)
    shown = paper.page.evaluate(
        """() => {
          const root = document.querySelector('glass-train').shadowRoot.querySelector('glass-forward').shadowRoot;
          return [[...root.querySelector('glass-unit').input], [...root.querySelector('glass-tiles').activations]];
        }"""
    )
    np.testing.assert_allclose(np.array(shown[0]) * 255, paper.pixels().reshape(-1), atol=1e-4)
    activity = paper.until_read()
    weight, bias = activity["layers"][0]
    hidden = np.array(weight).reshape(36, 784) @ np.array(activity["input"]) + bias
    np.testing.assert_allclose(shown[1], 1 / (1 + np.exp(-hidden)), atol=1e-5)


def test_undo_clear_and_back(opened: Opener) -> None:
    paper = opened("?digit=3").take()
    press = paper.page.locator("glass-paper")
    undo, clear, back = (press.get_by_role("button", name=n) for n in ("Undo", "Clear", "Back"))
    assert undo.get_attribute("aria-disabled") == clear.get_attribute("aria-disabled") == "true"
    paper.draw(FOUR[:1])
    one = paper.code
    paper.draw(FOUR[1:])
    two = paper.code
    assert two.startswith(one + ".")
    undo.click()
    until(lambda: paper.code == one)
    undo.click()
    until(lambda: paper.code == "0")
    until(lambda: "empty" in paper.said())
    paper.draw(FOUR)
    clear.click()
    until(lambda: paper.code == "0")
    undo.click()  # what was cleared is not lost
    until(lambda: paper.code == two)
    back.click()
    until(lambda: paper.code == "")
    assert paper.page.get_by_role("img", name="Test digit 3, a ").is_visible()
    until(lambda: paper.page.evaluate("() => location.search") == "?digit=3")
    paper.take()  # nor what was put away
    assert paper.code == two


def test_choosing_a_digit_puts_the_paper_away(opened: Opener) -> None:
    paper = opened().take()
    paper.draw(SEVEN)
    option = paper.page.locator("glass-strip [role=option]")
    assert option.get_attribute("aria-selected") == "false"
    paper.page.locator("glass-strip [role=listbox]").click(position={"x": 14, "y": 14})
    paper.page.get_by_role("img", name="Test digit 0, a ").wait_for()
    assert paper.code == ""
    assert option.get_attribute("aria-selected") == "true"


def test_a_finger_draws_on_the_paper_and_scrolls_beside_it(opened: Opener) -> None:
    paper = opened(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 640}).take()
    wire = paper.page.context.new_cdp_session(paper.page)

    def swipe(x: float, y: float, by: float, end: str) -> None:
        """end: what becomes of the finger's pointer; one that scrolls is taken from the page."""
        paper.page.evaluate(
            """() => {
              window.ended = '';
              for (const name of ['pointerup', 'pointercancel'])
                addEventListener(name, () => void (window.ended = name), { once: true, capture: true });
            }"""
        )
        points = [[{"x": x, "y": y + by * k / 10}] for k in range(11)]
        wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[0]})
        for point in points[1:]:
            wire.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": point})
        wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        until(lambda: paper.page.evaluate("() => window.ended"))
        frames(paper.page)
        assert paper.page.evaluate("() => window.ended") == end

    # Clear of the controls, which stay at the window's top.
    paper.sheet.evaluate("(sheet) => scrollBy(0, sheet.getBoundingClientRect().top - 300)")
    frames(paper.page)
    x, y = paper.at(0.5, 0.75)
    before = paper.page.evaluate("() => scrollY")
    swipe(x, y, -80, "pointerup")
    assert paper.page.evaluate("() => scrollY") == before
    paper.settle()
    assert len(paper.code) > 10
    assert "reads this as" in paper.said()
    drawn = paper.code
    box = paper.sheet.bounding_box()
    assert box
    swipe(box["x"] + box["width"] + 60, y, -80, "pointercancel")
    until(lambda: paper.page.evaluate("() => scrollY") > before)
    assert paper.code == drawn


def test_the_keyboard_draws_too_and_says_what_it_does(opened: Opener) -> None:
    paper = opened()
    page = paper.page
    page.locator("glass-digit [data-command=draw]").focus()
    page.keyboard.press("Enter")
    focused = "() => { let a = document.activeElement; while (a?.shadowRoot?.activeElement) a = a.shadowRoot.activeElement; return a.ariaLabel ?? a.textContent.trim(); }"
    until(lambda: page.evaluate(focused) == "Paper to draw a digit on")
    told = page.locator("glass-paper [role=status]")
    for _ in range(6):
        page.keyboard.press("ArrowUp")
    assert told.inner_text() == "Column 15, row 9 of 28."
    assert paper.code == "0"
    page.keyboard.press(" ")
    assert told.inner_text() == "Pen down."
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    assert told.inner_text() == "Column 15, row 23 of 28, drawing."
    page.keyboard.press(" ")
    until(lambda: told.inner_text().startswith("Pen up. The network reads this as "))
    assert paper.said().startswith("The network reads this as 1 (")
    line = paper.code
    assert "." not in line and len(line) > 20
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # lifts the pen
    until(lambda: paper.code.startswith(line + "."))
    page.keyboard.press("Control+z")
    until(lambda: paper.code == line)
    page.keyboard.press("Backspace")
    until(lambda: paper.code == "0")
    page.keyboard.press("Escape")
    until(lambda: paper.code == "")
    assert page.evaluate(focused) == "Draw one"
    assert opened.python(paper.page) == [], "space has drawn, and started nothing"


def test_a_link_carries_the_drawing(opened: Opener) -> None:
    paper = opened("?digit=5").take()
    paper.draw(FOUR)
    address = paper.page.evaluate("() => location.search")
    assert len(address) < 300
    other = opened(address)
    np.testing.assert_array_equal(other.pixels(), paper.pixels())
    assert other.said() == paper.said()
    undo = other.page.locator("glass-paper").get_by_role("button", name="Undo")
    undo.click()
    until(lambda: "." not in other.code)  # stroke by stroke, as it was drawn
    until(lambda: other.page.evaluate("() => location.search").startswith("?digit=5&drawing="))


def test_a_link_may_hand_over_an_empty_paper(opened: Opener) -> None:
    paper = opened("?drawing=0")
    assert paper.sheet.is_visible()
    assert paper.said().startswith("The paper is empty")


def test_the_paper_is_full_before_a_link_is_too_long(opened: Opener) -> None:
    paper = opened().take()
    rows = np.linspace(0.02, 0.98, 60)
    zigzag = [
        (x, float(y)) for k, y in enumerate(rows) for x in ((0.02, 0.98), (0.98, 0.02))[k % 2]
    ]
    for first, second in zip(zigzag[::2], zigzag[1::2], strict=True):
        paper.page.mouse.move(*paper.at(*first))
        paper.page.mouse.down()
        paper.page.mouse.move(*paper.at(*second), steps=4)
        paper.page.mouse.up()
    told = paper.page.locator("glass-paper [role=status]")
    until(lambda: told.inner_text() == "The paper is full. Undo or clear makes room.")
    full = paper.code
    assert 800 < len(full) <= 900
    paper.page.locator("glass-paper").get_by_role("button", name="Undo").click()
    until(lambda: len(paper.code) < len(full))
    assert full.startswith(paper.code)


@pytest.mark.parametrize("code", ["A" * 900, "wwwA" * 225, "AAA." * 224 + "AAA", "wwwwww.AAA"])
def test_a_strange_drawing_is_still_a_drawing(opened: Opener, code: str) -> None:
    paper = opened(f"?drawing={code}")
    assert paper.pixels().any()
    assert paper.page.locator("glass-status .notes").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Opener, scheme: str) -> None:
    paper = opened(color_scheme=scheme).take()
    assert faults(paper.page) == []
    paper.draw(SEVEN)
    for width in [1280, 360]:
        paper.page.set_viewport_size({"width": width, "height": 900})
        assert faults(paper.page) == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_page_does_not_jump_when_the_paper_comes(opened: Opener, width: int) -> None:
    paper = opened(viewport={"width": width, "height": 900})
    say = "(p) => p.getBoundingClientRect().top + scrollY"
    before = paper.page.locator("glass-forward .say").evaluate(say)
    paper.page.locator("glass-digit [data-command=draw]").evaluate("(button) => button.click()")
    paper.sheet.wait_for()
    assert paper.page.locator("glass-forward .say").evaluate(say) == pytest.approx(before, abs=4)
    assert paper.page.evaluate("() => document.documentElement.scrollWidth") <= width
