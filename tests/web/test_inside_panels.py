"""The panels around a network, each alone on a page: with answers that numpy computes about a small
network, do they say and draw what is true, and do they tell what their visitor does?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from make import bundle, node
from make.settings import WEB
from make.settings import settings as read_settings
from support.axe import faults
from support.panels import ASKED, CLASSES, UNITS, Asked, as_json
from support.server import Answer, running

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HERE = Path(__file__).parent
PAGE = b"""<!doctype html><html lang=en><meta name=viewport content='width=device-width'>
<title>A panel</title><link rel=icon href=data:,><link rel=stylesheet href=tokens.css>
<link rel=stylesheet href=base.css><main></main><script type=module src=page.js></script></html>"""
WIDTHS = [320, 1280]

Mount = Callable[..., "Page"]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where there is a page with the panels and nothing else."""
    script = bundle.text(node.find(read_settings(offline=True)), str(HERE / "inside_page.js"))
    answers = {"index.html": Answer(PAGE), "page.js": Answer(script.encode())}
    for name in ("tokens", "base"):
        answers[f"{name}.css"] = Answer((WEB / "styles" / f"{name}.css").read_bytes())
    with running(tmp_path_factory.mktemp("panels"), answers) as server:
        yield server.url + "index.html"


@pytest.fixture(scope="module")
def asked() -> Asked:
    return Asked()


@pytest.fixture(scope="module")
def misread(asked: Asked) -> int:
    """A test digit that is read wrongly."""
    answers = asked.logits(asked.images.reshape(-1, 784) / 255).argmax(1)
    return int(np.flatnonzero(answers != asked.labels)[0])


@pytest.fixture
def mount(open_page: Mount, url: str, asked: Asked) -> Mount:
    """Opens a page with one panel: `mount(tag, width=320, **properties)`."""

    def mounted(tag: str, width: int = 1280, scheme: str = "light", **properties: Any) -> Page:
        page = open_page(url, viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.wait_for_function("() => window.mount")
        given = as_json({"classes": CLASSES, **properties})
        page.evaluate("(given) => mount(...given)", [tag, given, asked.packed])
        return page

    return mounted


def give(page: Page, **properties: Any) -> None:
    page.evaluate("(given) => give(given)", as_json(properties))


def fired(page: Page, kind: str) -> list[Any]:
    """What the events of a kind said, oldest first."""
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    found: list[Any] = page.evaluate("() => fired")
    return [detail for name, detail in found if name == kind]


def words(page: Page) -> str:
    """All that a panel says, its parts included; numbers with a plain minus."""
    text = page.locator("main > *").evaluate(
        """(panel) => { const read = (root) => [...root.childNodes].map((one) =>
            one.nodeType === 3 ? one.data : one.nodeType !== 1 || one.localName === 'style' ? '' :
            ` ${one.shadowRoot ? read(one.shadowRoot) : ''} ${read(one)} `).join('');
          return read(panel.shadowRoot); }"""
    )
    return re.sub(r"\s+", " ", text).replace("−", "-").strip()


def whole(page: Page) -> None:
    """Nothing sticks out at the side, and axe finds nothing serious."""
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
    assert faults(page) == []


def picture(one: Locator) -> Any:
    """The colours of a picture's canvas, one a pixel of the digit (28, 28, 3)."""
    data = one.evaluate(
        """(element) => { const canvas = (element.shadowRoot ?? element.getRootNode()).querySelector('canvas');
          const { width, height } = canvas, { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
          return Array.from({ length: 784 }, (_, i) => { const x = Math.floor(((i % 28) + 0.5) * width / 28);
            const y = Math.floor((Math.floor(i / 28) + 0.5) * height / 28);
            return [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 3)]; }); }"""
    )
    return np.array(data, int).reshape(28, 28, 3)


# Why ----------------------------------------------------------------------------------------------


def why(asked: Asked, index: int) -> dict[str, Any]:
    return {
        "map": asked.map(index),
        "pixels": asked.images[index],
        "outputs": asked.shares(asked.x(index)).astype(np.float32),
        "label": int(asked.labels[index]),
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_the_equality_holds_in_the_numbers_that_are_printed(
    mount: Mount, asked: Asked, misread: int, width: int
) -> None:
    page = mount("glass-why", width, **why(asked, misread))
    logits = asked.logits(asked.x(misread))
    read, right = int(logits.argmax()), int(asked.labels[misread])
    numbers = [
        [float(text.replace("−", "-")) for text in one.locator("dd").all_inner_texts()]
        for one in page.locator("dl").all()
    ]
    signs = page.locator("dt:nth-of-type(2)").all_inner_texts()
    for (product, constant, logit), sign, wanted in zip(
        numbers, signs, [logits[read], logits[right], logits[read] - logits[right]], strict=True
    ):
        added = constant if sign.startswith("+") else -constant
        assert product + added == pytest.approx(logit, abs=2e-5)
        assert logit == pytest.approx(wanted, abs=1e-5)
    assert words(page).count("Holds to the last decimal") == 3
    assert f"{read}’s logit is {logits[read] - logits[right]:.2f} above {right}’s" in words(page)
    whole(page)


def test_an_equality_that_does_not_hold_is_told(mount: Mount, asked: Asked, misread: int) -> None:
    given = why(asked, misread)
    given["map"]["products"][int(asked.labels[misread])] += 1e-3
    page = mount("glass-why", **given)
    assert "Does not hold : off by 0.0010" in words(page)
    assert words(page).count("Holds to the last decimal") == 1


def test_templates_are_drawn_on_one_range_and_compared(
    mount: Mount, asked: Asked, misread: int
) -> None:
    given = why(asked, misread)
    page = mount("glass-why", **given)
    templates = given["map"]["templates"]["data"].reshape(10, 784)
    read, right = int(given["outputs"].argmax()), given["label"]
    shown = page.locator("section glass-picture")
    of = [shown.nth(i).evaluate("(one) => [...one.values]") for i in range(6)]
    less = templates[read] - templates[right]
    for i, template in enumerate([templates[read], templates[right], less]):
        assert of[2 * i] == pytest.approx(template)
        assert of[2 * i + 1] == pytest.approx(template * asked.x(misread), abs=1e-6)
    ranges = {one.evaluate("(one) => one.range") for one in page.locator("glass-picture").all()}
    assert len(ranges) == 1 and f"+{ranges.pop():g}, linear" in words(page)
    colours = picture(shown.nth(4))[:, :, 0]  # less red: blue, more: orange
    most, least = np.argmax(less), np.argmin(less)
    assert colours.ravel()[most] < 100 < colours.ravel()[least]


def test_any_two_classes_can_be_compared(mount: Mount, asked: Asked, misread: int) -> None:
    page = mount("glass-why", **why(asked, misread))
    chosen = page.locator("select")
    first, second = (chosen.nth(i).input_value() for i in (0, 1))
    page.locator("summary").click()
    tiles = page.locator(".tiles button")
    assert tiles.count() == 10
    other = next(k for k in range(10) if str(k) not in (first, second))
    tiles.nth(other).press("Enter")
    assert [chosen.nth(i).input_value() for i in (0, 1)] == [first, str(other)]
    assert tiles.nth(other).get_attribute("aria-pressed") == "true"
    chosen.nth(0).select_option(str(other))  # one against itself: they change places
    assert [chosen.nth(i).input_value() for i in (0, 1)] == [str(other), first]
    page.get_by_role("button", name="As it is read").click()
    assert [chosen.nth(i).input_value() for i in (0, 1)] == [first, second]


def test_a_digit_read_rightly_is_compared_with_the_runner_up(mount: Mount, asked: Asked) -> None:
    logits = asked.logits(asked.images.reshape(-1, 784) / 255)
    index = int(np.flatnonzero(logits.argmax(1) == asked.labels)[0])
    page = mount("glass-why", **why(asked, index))
    order = np.argsort(logits[index])[::-1]
    chosen = [page.locator("select").nth(i).input_value() for i in (0, 1)]
    assert chosen == [str(k) for k in order[:2]]


def test_what_is_not_exact_is_called_a_gradient(mount: Mount) -> None:
    asked = Asked("sigmoid")
    page = mount("glass-why", 320, **why(asked, 0))
    text = words(page)
    assert "Not exact here , because of sigmoid in layers.0" in text
    assert "Holds" not in text and "All 10 gradients" in text
    assert page.locator("figcaption").all_inner_texts() == [
        "gradient",
        "× digit",
        "gradient",
        "× digit",
        "gradients’ difference",
        "× digit",
    ]
    whole(page)


def test_units_that_switch_between_two_digits_are_counted_and_named(
    mount: Mount, asked: Asked
) -> None:
    here, there = (asked.map(i)["on"]["layers.0"] for i in (0, 1))
    page = mount("glass-why", **why(asked, 0), other=asked.map(1))
    text = words(page)
    total = int((here != there).sum())
    assert f"{total} switch between this digit and the pinned one" in text
    only = [str(i + 1) for i in np.flatnonzero(here > there)]
    listed = re.search(r"On for this digit only: ([^;]*);", text)
    assert listed and re.findall(r"\d+", listed[1]) == only
    give(page, other=asked.map(0))
    assert "Nothing switches" in words(page)


# Disturb ------------------------------------------------------------------------------------------


def slider(page: Page, name: str) -> Locator:
    return page.locator("label.slider", has_text=name).locator("input")


def last(page: Page) -> Any:
    return np.array(fired(page, "pixels")[-1]["pixels"], np.uint8).reshape(28, 28)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_digit_is_shifted_turned_thickened_and_restored(
    mount: Mount, asked: Asked, width: int
) -> None:
    digit = asked.images[0]
    page = mount("glass-disturb", width, pixels=digit)
    slider(page, "Across").press("ArrowRight")
    slider(page, "Across").press("ArrowRight")
    assert (last(page) == np.pad(digit, ((0, 0), (1, 0)))[:, :-1]).all()
    slider(page, "Across").press("ArrowLeft")
    slider(page, "Across").press("ArrowLeft")
    assert (last(page) == digit).all()
    slider(page, "Strokes").press("ArrowRight")
    assert (last(page) >= digit).all() and last(page).sum() > digit.sum()
    slider(page, "Turn").press("ArrowRight")
    assert "1° to the right" in words(page)
    whole(page)
    page.get_by_role("button", name="Restore").click()
    assert fired(page, "restore") == [None]
    assert "0.25 px thicker" not in words(page)
    told = len(fired(page, "pixels"))
    page.get_by_role("button", name="Restore").click(force=True)  # there is nothing to restore
    assert fired(page, "restore") == [None] and len(fired(page, "pixels")) == told


def test_ink_is_rubbed_out_by_pointer_and_by_keys(mount: Mount, asked: Asked) -> None:
    digit = np.full((28, 28), 255, np.uint8)
    page = mount("glass-disturb", pixels=digit)
    paper = page.locator("canvas.rub")
    box = paper.bounding_box()
    assert box
    cell = box["width"] / 28
    page.mouse.move(box["x"] + 5.5 * cell, box["y"] + 7.5 * cell)
    page.mouse.down()
    page.mouse.move(box["x"] + 20.5 * cell, box["y"] + 7.5 * cell)
    page.mouse.up()
    assert (last(page)[7, 5:21] == 0).all() and (last(page)[6, 5:21] == 0).all()
    assert (last(page)[10] == 255).all()
    paper.focus()
    page.keyboard.press("ArrowDown")  # from the middle
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert (last(page)[15:19, 14] == 0).all() and last(page)[20, 14] == 255
    assert "Row 20, column 15, ink" in words(page)
    colours = picture(paper)
    assert (colours[7, 5:21] > 240).all() and (colours[10, 5:13] < 60).all()


def test_what_was_rubbed_out_of_a_shifted_digit_is_where_it_was_touched(
    mount: Mount, asked: Asked
) -> None:
    page = mount("glass-disturb", pixels=np.full((28, 28), 255, np.uint8))
    page.get_by_role("button", name="Off centre").click()
    shifted = last(page)
    assert (shifted[:, :6] == 0).all() and (shifted[:, 6:] == 255).all()
    assert "centre of mass" in words(page)
    page.locator("canvas.rub").click(position={"x": 12.5 * 8 + 1, "y": 3.5 * 8 + 1})
    assert np.argwhere(last(page)[:, 6:] == 0).mean(0) == pytest.approx([3, 6])


def test_the_digit_told_comes_back_without_being_taken_for_another(
    mount: Mount, asked: Asked
) -> None:
    page = mount("glass-disturb", pixels=asked.images[0])
    slider(page, "Down").press("ArrowRight")
    slider(page, "Down").press("ArrowRight")
    give(page, pixels=last(page))
    assert "1 px down" in words(page)
    give(page, pixels=asked.images[1])
    assert "1 px down" not in words(page)
    slider(page, "Down").press("ArrowRight")
    slider(page, "Down").press("ArrowRight")
    assert (last(page)[1:] == asked.images[1][:-1]).all()


def test_a_digit_that_comes_back_late_is_no_other_digit(mount: Mount, asked: Asked) -> None:
    page = mount("glass-disturb", pixels=asked.images[0])
    page.locator("main > *").evaluate(
        """(panel) => panel.addEventListener('pixels', ({ detail }) => {
          window.late ??= detail.pixels;
        })"""
    )
    for _ in range(4):
        slider(page, "Down").press("ArrowRight")
        fired(page, "pixels")
    page.locator("main > *").evaluate("(panel) => { panel.pixels = window.late; }")
    slider(page, "Down").press("ArrowLeft")
    slider(page, "Down").press("ArrowLeft")
    assert "1 px down" in words(page)
    assert (last(page)[1:] == asked.images[0][:-1]).all()


def test_the_reading_is_told_beside_what_it_was(mount: Mount, asked: Asked) -> None:
    own = np.eye(10, dtype=np.float32)[7]
    page = mount("glass-disturb", pixels=asked.images[0], outputs=own, undisturbed=own)
    assert "The network reads this as 7" in words(page) and "As it was" not in words(page)
    slider(page, "Turn").press("ArrowRight")
    assert "It is still read as it was." in words(page)
    give(page, outputs=np.eye(10, dtype=np.float32)[3])
    assert "reads this as 3" in words(page) and "As it was: 7." in words(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_smallest_change_is_asked_for_and_walked_along(
    mount: Mount, asked: Asked, width: int
) -> None:
    page = mount("glass-disturb", width, pixels=asked.images[0])
    page.get_by_role("button", name="Find it").click()
    page.get_by_label("What it is to be read as").select_option("9")
    page.get_by_role("button", name="Find it").click()
    assert fired(page, "flip") == [{"to": None}, {"to": 9}]
    give(page, busy=True)
    page.get_by_role("button", name="Looking…").click(force=True)
    assert len(fired(page, "flip")) == 2
    order = np.argsort(asked.logits(asked.x(0)))[::-1]
    flip = asked.flip(0, int(order[1]))
    assert flip["flipped"]
    give(page, busy=False, flip=flip)
    text = words(page)
    assert f"So little makes a {order[1]} of this {order[0]}." in text
    assert f"Its length is {flip['distance']:.2f}" in text
    steps = flip["path"]["shape"][0] - 1
    assert f"After {steps} steps the network reads this as {order[1]}" in text
    change = page.locator("glass-flip glass-picture").nth(1).evaluate("(one) => [...one.values]")
    path = flip["path"]["data"].reshape(steps + 1, 784)
    assert change == pytest.approx(path[-1] - path[0], abs=1e-6)
    page.locator("glass-flip input").press("Home")
    assert f"After 0 steps the network reads this as {order[0]}" in words(page)
    whole(page)
    give(page, flip={**flip, "flipped": False})
    assert "No change was found" in words(page)


# Surgery ------------------------------------------------------------------------------------------


def surgery(asked: Asked, unit: int = 2) -> dict[str, Any]:
    weights = asked.parts[0][unit].astype(np.float32)
    return {
        "weights": weights, "array": "layers.0.weight", "at": unit * 784, "layer": 0, "unit": unit,
        "range": 0.3, "edits": [], "told": asked.edited([]),
    }  # fmt: skip


def edits(page: Page, asked: Asked) -> list[dict[str, Any]]:
    """The list told last, answered as the worker would."""
    found: list[dict[str, Any]] = fired(page, "edits")[-1]["edits"]
    give(page, told=asked.edited(found))
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_a_unit_is_switched_off_and_the_digits_it_costs_are_shown(
    mount: Mount, asked: Asked, width: int
) -> None:
    cost = [len(asked.edited([{"kind": "off", "unit": unit}])["worse"]) for unit in range(UNITS)]
    unit = int(np.argmax(cost))
    page = mount("glass-surgery", width, **surgery(asked, unit))
    before = asked.edited([])["before"]["right"]
    assert f"Of 1,000 test digits it reads {before} rightly" in words(page)
    off = page.get_by_role("button", name=f"Switch unit {unit + 1} off")
    off.click()
    assert edits(page, asked) == [{"kind": "off", "layer": 0, "unit": unit}]
    told = asked.edited([{"kind": "off", "unit": unit}])
    text = words(page)
    assert f"Layer 1, unit {unit + 1}: off." in text
    assert f"Right of 1,000 test digits: {before} → {told['after']['right']}" in text
    assert f"Loss: {told['before']['loss']:.4f} → {told['after']['loss']:.4f}" in text
    assert f"{len(told['worse'])} read worse" in text
    thumbs = page.locator("glass-thumb")
    shown = min(12, len(told["worse"])) + min(12, len(told["better"]))
    assert thumbs.count() == shown
    first = told["worse"][0]
    assert f"{first['before']} → {first['after']}" in thumbs.first.locator("button").inner_text()
    thumbs.first.locator("button").click()
    assert fired(page, "pick") == [{"index": first["index"]}]
    whole(page)
    assert off.get_attribute("aria-pressed") == "true"
    off.click()
    assert edits(page, asked) == []


def test_a_weight_is_set_by_number(mount: Mount, asked: Asked) -> None:
    page = mount("glass-surgery", **surgery(asked))
    page.get_by_role("button", name="chooses a weight").click()
    page.locator("canvas.weights").click(position={"x": 5.5 * 8 + 1, "y": 9.5 * 8 + 1})
    field = page.get_by_label("Weight at row 10, column 6")
    assert float(field.input_value()) == pytest.approx(asked.parts[0][2, 9 * 28 + 5], abs=1e-4)
    assert fired(page, "edits") == []
    field.fill("0.75")
    field.press("Enter")
    assert edits(page, asked) == [
        {"kind": "set", "array": "layers.0.weight", "at": 2 * 784 + 9 * 28 + 5, "value": 0.75}
    ]
    assert "Layer 1, unit 3: the weight at row 10, column 6 is 0.750." in words(page)
    assert field.input_value() == "0.7500"
    field.fill("")
    field.press("Enter")
    assert len(fired(page, "edits")) == 1 and field.input_value() == "0.7500"
    page.locator("canvas.weights").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("Weight at row 17, column 15").count() == 1


def test_weights_are_brushed_over_taken_back_and_restored(mount: Mount, asked: Asked) -> None:
    page = mount("glass-surgery", **surgery(asked))
    canvas = page.locator("canvas.weights")
    box = canvas.bounding_box()
    assert box
    own = picture(canvas)
    page.get_by_role("button", name="+0.30").click()
    page.mouse.move(box["x"] + 1 + 4 * 8, box["y"] + 1 + 10.5 * 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 1 + 13.5 * 8, box["y"] + 1 + 10.5 * 8)
    page.mouse.up()
    (stroke,) = edits(page, asked)
    values = np.array(stroke["values"]).reshape(28, 28)
    weights = surgery(asked)["weights"].reshape(28, 28)
    assert values[10, 4:14] == pytest.approx(0.3)
    assert (np.delete(values, 10, 0) == np.delete(weights, 10, 0)).all()
    assert "Layer 1, unit 3: 10 weights brushed." in words(page)
    blue = picture(canvas)
    assert (np.abs(blue[10, 4:13] - [0x0B, 0x63, 0xA8]) < 3).all()
    page.get_by_role("button", name="Undo").click()
    assert edits(page, asked) == []
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    assert (picture(canvas)[8:12, :12] == own[8:12, :12]).all()
    page.get_by_role("button", name="Redo").click()
    assert edits(page, asked) == [stroke]
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert len(edits(page, asked)) == 2
    page.get_by_role("button", name="Restore all").click()
    assert edits(page, asked) == []
    page.get_by_role("button", name="Undo").click()
    assert len(edits(page, asked)) == 2


# Spectrum -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_digits_stand_along_a_units_range(mount: Mount, asked: Asked, width: int) -> None:
    index = 5
    unit = int(np.argmax(asked.parts[0] @ asked.x(index) + asked.parts[1]))
    told = asked.unit(unit, index)
    page = mount("glass-spectrum", width, told=told, unit=unit)
    notes = [
        float(one.inner_text())
        for one in page.locator("ul").first.locator("glass-thumb button").all()
    ]
    assert notes == pytest.approx([one["activation"] for one in told["along"]], abs=0.005)
    assert notes == sorted(notes) and len(notes) == 9
    text = words(page)
    assert f"This digit makes unit {unit + 1} answer {told['here']:.3f}" in text
    below = int(told["counts"][told["edges"][1:] <= told["here"]].sum())
    assert f"{100 * below / ASKED:.0f}\u202f% of the 1,000 test digits" in text.replace(
        " %", "\u202f%"
    )
    thumb = page.locator("glass-thumb").nth(8)
    thumb.locator("button").click()
    assert fired(page, "pick") == [{"index": told["along"][8]["index"]}]
    whole(page)
    page.locator("summary").press("Enter")
    assert page.locator("details glass-thumb").count() == 9
    give(page, told={**told, "here": 1e3})
    assert "more than any of the 1,000 test digits" in words(page)


def test_the_mark_stands_at_the_digits_activation(mount: Mount, asked: Asked) -> None:
    told = asked.unit(0, 0)
    low, high = float(told["edges"][0]), float(told["edges"][-1])
    page = mount("glass-spectrum", told={**told, "here": low + 0.75 * (high - low)})
    dark = page.locator("canvas").first.evaluate(
        """(canvas) => { const { width } = canvas, row = canvas.getContext('2d').getImageData(0, 0, width, 1).data;
          return Array.from({ length: width }, (_, x) => x).filter((x) => row[4 * x + 3] > 200).map((x) => x / width); }"""
    )
    assert np.mean(dark) == pytest.approx(0.75, abs=0.01)


def test_odd_units_are_told_in_words(mount: Mount, asked: Asked) -> None:
    none = {"dead": 0, "saturated": 0, "twin": -1, "likeness": 0}
    page = mount("glass-spectrum", told=asked.unit(0, 0), flags=none)
    assert page.locator(".flag").count() == 0
    give(page, flags={**none, "dead": 1})
    assert "Dead" in words(page)
    give(page, flags={**none, "saturated": 1, "twin": 7, "likeness": 0.9876})
    assert "Saturated" in words(page) and "unit 8 answers nearly the same" in words(page)
    assert "0.988" in words(page)
