"""Letters and their Adaline in a browser: drawn, damaged, learned by the delta rule, one's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Page

from glassnet.adaline import features, for_glyphs
from glassnet.data.glyphs import SIDE, Glyph, our_letters
from support.after import NEVER_IDLE, frames, requested
from support.axe import faults
from support.insider import Insider
from support.server import SiteServer
from support.trainer import BOOT, OpenPage, until

PAGE = "network.html"
WHOLE, DAMAGED = our_letters()
MODEL = "document.querySelector('glass-adaline').adaline"
FLAT = "\n".join(["########"] * 8)


def told(page: Page, what: str) -> Any:
    return page.evaluate(f"() => {MODEL}.{what}")


def scores(page: Page) -> dict[str, float]:
    return dict(zip(told(page, "letters.classes.value"), told(page, "scores.value"), strict=True))


def cells(page: Page) -> list[int]:
    return [
        int(cell == "true")
        for cell in page.locator("glass-letter [data-at]").evaluate_all(
            "(all) => all.map((one) => one.ariaPressed)"
        )
    ]


def cell(page: Page, row: int, column: int) -> Any:
    return page.locator(f"glass-letter [data-at='{SIDE * (row - 1) + column - 1}']")


def status(page: Page) -> str:
    return page.locator("glass-adaline p[role=status]").inner_text()


def verdict(page: Page) -> str:
    return page.locator("glass-adaline [data-verdict]").inner_text()


def press(page: Page, command: str) -> None:
    page.locator(f"glass-adaline [data-command={command}]").click()


def chosen(page: Page, file: str) -> None:
    page.locator("glass-letter select").select_option(file)


def train(page: Page) -> None:
    """Until the error is small enough."""
    page.locator("glass-adaline [data-field=pace]").select_option("full")
    press(page, "start")
    until(lambda: status(page).startswith("Trained"), 2 * BOOT)


@pytest.fixture
def asked(server: SiteServer) -> int:
    """How much the server has been asked for before the page is there."""
    return len(server.requested)


@pytest.fixture
def page(asked: int, server: SiteServer, open_page: OpenPage) -> Page:
    """The letters, in sight; the network above them stands, and Python comes only when it is asked."""
    opened = open_page()
    opened.set_viewport_size({"width": 1280, "height": 900})
    opened.add_init_script(NEVER_IDLE)
    opened.goto(server.url + PAGE)
    Insider(opened).wait_for_step()
    opened.locator("#letters").scroll_into_view_if_needed()
    opened.locator("glass-letter").wait_for()
    until(lambda: "loads Python" in status(opened))
    opened.locator("glass-letter").scroll_into_view_if_needed()
    frames(opened)
    return opened


def test_a_recorded_one_answers_before_python_is_there(
    page: Page, server: SiteServer, asked: int
) -> None:
    """It has the package's own weights: whatever is on the paper, the sums are its."""
    model = for_glyphs(WHOLE)
    list(model.train(WHOLE))
    assert status(page).startswith("Recorded: these weights were learned in 226 passes")
    for trial in DAMAGED[::5]:
        chosen(page, trial.file)
        expected = dict(zip(model.classes, model.weights @ features(trial), strict=True))
        assert scores(page) == pytest.approx(expected, abs=1e-5)
        assert verdict(page).startswith(f"Taken for {trial.label}, score ")
    assert page.locator("glass-lessons td").all_inner_texts()[:2] == ["31 of 31", "30 of 30"]
    page.locator("glass-lessons li button").first.click()
    assert "is meant" in verdict(page)
    assert not [file for file in requested(page, server)[asked:] if "worker" in file]


def test_a_cell_is_drawn_and_damaged_and_made_whole(page: Page) -> None:
    chosen(page, "L.txt")
    before = cells(page)
    assert "".join(map(str, before)) == "".join(str(one) for one in _pixels("L.txt"))
    one, other = cell(page, 1, 4).bounding_box(), cell(page, 1, 7).bounding_box()
    assert one and other
    page.mouse.move(one["x"] + 9, one["y"] + 9)
    page.mouse.down()
    page.mouse.move(other["x"] + 9, other["y"] + 9, steps=4)
    page.mouse.up()
    assert [cell ^ old for cell, old in zip(cells(page), before, strict=True)][:8] == [0, 0, 0] + [
        1
    ] * 4 + [0]
    assert page.get_by_text("4 of 64 cells changed").is_visible()
    cell(page, 1, 5).click()
    assert page.get_by_text("3 of 64 cells changed").is_visible()
    press(page, "restore")
    assert cells(page) == before
    page.locator("[data-field=seed]").fill("7")
    page.locator("[data-field=seed]").press("Tab")
    press(page, "damage")
    first = cells(page)
    assert sum(a != b for a, b in zip(first, before, strict=True)) == 6
    press(page, "restore")
    page.locator("[data-field=seed]").fill("7")
    page.locator("[data-field=seed]").press("Tab")
    press(page, "damage")
    assert cells(page) == first
    page.locator("[data-field=flips]").fill("65")
    page.locator("[data-field=flips]").press("Tab")
    assert "from 1 to 64" in page.locator("glass-letter [role=alert]").inner_text()


def test_by_the_keyboard_alone(page: Page) -> None:
    cell(page, 1, 1).focus()
    page.keyboard.press("r")
    assert cells(page) == _pixels("R.txt")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expected = _pixels("R.txt")
    expected[9] ^= 1
    assert cells(page) == expected
    page.keyboard.press("Enter")
    assert cells(page) == _pixels("R.txt")
    assert "Row 2, column 2 is ink: x = +1" in page.locator("glass-neuron .pointed").inner_text()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    page.keyboard.press("Backspace")
    assert cells(page) == _pixels("R.txt")
    page.locator("glass-neurons [aria-pressed=true]").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("heading", name="Neuron S, with").is_visible()


def test_it_is_trained_by_the_packages_rule(page: Page) -> None:
    press(page, "pass")
    until(lambda: status(page).startswith("Paused after 1 pass"), BOOT)
    model = for_glyphs(WHOLE)
    next(iter(model.train(WHOLE)))
    chosen(page, "Q.txt")
    glyph = next(one for one in WHOLE if one.file == "Q.txt")
    assert scores(page) == pytest.approx(_answers(model, glyph), abs=1e-5)
    until(lambda: page.locator("glass-lessons td").first.inner_text() == "15 of 31")

    press(page, "learn")  # on what is on the paper alone
    until(lambda: status(page).startswith("Learned what is on the paper as Q, once"))
    (epoch,) = model.train([glyph], epochs=1)
    assert scores(page) == pytest.approx(_answers(model, glyph), abs=1e-5)
    assert f"{epoch.mse:.2f}" in status(page)

    press(page, "reset")
    until(lambda: status(page).startswith("All weights are zero"))
    assert verdict(page) == "Every score is 0: nothing has been learned yet."
    train(page)
    fresh = for_glyphs(WHOLE)
    errors = [one.mse for one in fresh.train(WHOLE)]
    assert told(page, "errors.value") == pytest.approx(errors, rel=1e-6)
    assert scores(page) == pytest.approx(_answers(fresh, glyph), abs=1e-5)
    assert page.locator("glass-lessons td").all_inner_texts()[:2] == ["31 of 31", "30 of 30"]
    _numbers_of_one_neuron(page, fresh, glyph)


def test_too_large_a_rate_is_told_and_reset(page: Page) -> None:
    field = page.locator("[data-field=rate]")
    field.fill("2")
    field.press("Tab")
    assert "from 0.000001 to 1" in page.locator("glass-adaline #fault").inner_text()
    field.fill("0.5")
    field.press("Tab")
    page.locator("glass-adaline [data-field=pace]").select_option("full")
    press(page, "start")
    until(lambda: "each step overshot" in status(page), BOOT)
    told = page.locator("glass-adaline glass-status .failure", has_text="E-DIVERGED")
    until(lambda: told.count() == 1)
    assert told.is_visible()
    other = page.locator("glass-network glass-status .failure", has_text="E-DIVERGED")
    assert other.count() == 0  # it is no business of the network's above them
    press(page, "reset")
    until(lambda: told.count() == 0)
    field.fill("0.01")
    field.press("Tab")
    train(page)


def test_letters_of_ones_own(page: Page, tmp_path: Path) -> None:
    good, bad = tmp_path / "Ä.txt", tmp_path / "B.mine.txt"
    good.write_text(FLAT, encoding="utf-8")
    bad.write_text(FLAT.replace("#######\n", "##x####\n", 1), encoding="utf-8")
    files = page.locator("glass-own input[type=file]")
    before = told(page, "weights.value")
    files.set_input_files([good, bad])
    alert = page.locator("glass-own [role=alert]")
    until(lambda: "B.mine.txt, line 1, column 4: expected # or ." in alert.inner_text())
    assert "Nothing was taken, and nothing is lost." in alert.inner_text()
    assert told(page, "weights.value") == before
    assert len(told(page, "letters.learned.value")) == 31

    files.set_input_files([good])
    until(lambda: "1 of yours: Ä.txt" in page.locator("glass-own .drop").inner_text())
    assert alert.inner_text() == "" and cells(page) == [1] * 64
    assert page.locator("glass-neurons button").count() == 27
    assert len(told(page, "weights.value")) == 27 * 65
    press(page, "take")
    until(lambda: "Ä.drawn-1.txt" in page.locator("glass-own .drop").inner_text())
    train(page)
    assert verdict(page).startswith("Taken for Ä, score 1.0")
    own = [Glyph(f"Ä{more}.txt", "Ä", np.ones((8, 8), np.uint8)) for more in (".drawn-1", "")]
    letters = sorted([*WHOLE, *own], key=lambda one: one.file)
    model = for_glyphs(letters)
    list(model.train(letters))
    assert scores(page) == pytest.approx(_answers(model, own[0]), abs=1e-5)

    page.get_by_label("learn these alone").check()
    until(lambda: page.locator("glass-neurons button").count() == 1)
    press(page, "forget")
    until(lambda: page.locator("glass-neurons button").count() == 26)


def test_files_are_dropped(page: Page) -> None:
    drop = """([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name));
      const place = document.querySelector('glass-adaline').shadowRoot.querySelector('glass-own').shadowRoot.querySelector('.drop');
      place.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true, composed: true }));
    }"""
    page.evaluate(drop, ["A.mine.txt", FLAT])
    until(lambda: "A.mine.txt" in page.locator("glass-own .drop").inner_text())
    page.evaluate(drop, ["photo.png", "\x89PNG"])
    alert = page.locator("glass-own [role=alert]")
    until(lambda: re.match(r"photo\.png, line 1, column 1: expected", alert.inner_text()))
    assert "A.mine.txt" in page.locator("glass-own .drop").inner_text()


def test_a_drawing_is_saved_as_its_text(page: Page) -> None:
    with page.expect_download() as saved:
        press(page, "save")
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert saved.value.suggested_filename == "A.txt"
    assert text.strip() == str(next(one for one in WHOLE if one.file == "A.txt"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    press(page, "damage")
    for width in [1280, 360]:
        page.set_viewport_size({"width": width, "height": 900})
        frames(page)
        assert faults(page) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_width_overflows(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    frames(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_the_source_that_is_shown_has_the_rule_in_it(page: Page) -> None:
    with page.context.expect_page() as other:
        page.get_by_role("link", name="The lines of Python that do it").click(
            modifiers=["ControlOrMeta"]
        )
    shown = other.value
    name = shown.url.partition("#")[2]
    assert name == "Adaline.train"
    assert "self.weights += 2 * rate * np.outer(e, x)" in shown.locator("body").inner_text()


def _pixels(file: str) -> list[int]:
    found = next(one for one in WHOLE if one.file == file).pixels
    return [int(pixel) for pixel in found.reshape(-1)]


def _answers(model: Any, glyph: Glyph) -> dict[str, float]:
    return dict(zip(model.classes, model.weights @ features(glyph), strict=True))


def _numbers_of_one_neuron(page: Page, model: Any, glyph: Glyph) -> None:
    """What the formulas say of the neuron of C, with a Q on the paper."""
    page.locator("glass-scores").get_by_role("button", name="C", exact=True).click()
    score = _answers(model, glyph)["C"]
    shown = {
        name: float(page.locator(f"[data-number={name}]").inner_text().replace("−", "-"))
        for name in ("score", "error", "step")
    }
    assert shown["score"] == pytest.approx(score, abs=6e-4)
    assert shown["error"] == pytest.approx(-1 - score, abs=6e-4)
    assert shown["step"] == pytest.approx(abs(0.02 * (-1 - score)), abs=6e-5)
