"""An array three ways and a formula with its numbers, each alone on a page: do they draw and say
what the numbers are, can they be pointed at and picked by hand and by keyboard, and saved?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.formulas import tree
from make import bundle, node
from make.settings import WEB
from make.settings import settings as read_settings
from support.axe import faults
from support.server import Answer, running

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).parent
PAGE = b"""<!doctype html><html lang=en><meta name=viewport content='width=device-width'>
<title>An array</title><link rel=icon href=data:,><link rel=stylesheet href=tokens.css>
<link rel=stylesheet href=base.css><main></main><script type=module src=page.js></script></html>"""
CLASSES = list("0123456789")
Mount = Callable[..., "Page"]
Floats = NDArray[np.float32]


def some(*shape: int) -> Floats:
    return np.random.default_rng(4).normal(0, 0.4, shape).astype(np.float32)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where there is a page with the two elements and nothing else."""
    script = bundle.text(node.find(read_settings(offline=True)), str(HERE / "array_page.js"))
    answers = {"index.html": Answer(PAGE), "page.js": Answer(script.encode())}
    for name in ("tokens", "base"):
        answers[f"{name}.css"] = Answer((WEB / "styles" / f"{name}.css").read_bytes())
    with running(tmp_path_factory.mktemp("arrays"), answers) as server:
        yield server.url + "index.html"


@pytest.fixture
def mount(open_page: Mount, url: str) -> Mount:
    """Opens a page with one element: `mount(tag, width=320, **properties)`."""

    def mounted(tag: str, width: int = 1280, scheme: str = "light", **properties: Any) -> Page:
        page = open_page(url, viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.wait_for_function("() => window.mount")
        page.evaluate("(given) => mount(...given)", [tag, properties])
        drawn(page)
        return page

    return mounted


def array(values: Floats, axes: list[str], **properties: Any) -> dict[str, Any]:
    told = values.ravel().tolist()
    given = {"name": "layers.0.z", "symbol": "z", "shape": list(values.shape), "axes": axes}
    return {**given, "values": told, "classes": CLASSES, **properties}


def drawn(page: Page) -> None:
    for _ in range(3):
        page.evaluate(
            "() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))"
        )


def fired(page: Page, kind: str) -> list[Any]:
    """What the events of a kind said, oldest first."""
    found: list[Any] = page.evaluate("() => fired")
    return [detail for name, detail in found if name == kind]


def colour(page: Page, x: float, y: float) -> list[int]:
    """Of the canvas, at a place in CSS pixels."""
    given: list[int] = page.evaluate(
        """([x, y]) => {
          const canvas = document.querySelector('glass-array').shadowRoot.querySelector('canvas');
          const scale = canvas.width / canvas.clientWidth;
          return [...canvas.getContext('2d').getImageData(x * scale, y * scale, 1, 1).data];
        }""",
        [x, y],
    )
    return given


def test_a_cell_is_drawn_pointed_at_and_picked(mount: Mount) -> None:
    """A matrix of 3 × 4: cells of 28 pixels, right of and below their labels."""
    values = np.zeros((3, 4), np.float32)
    values[1, 2], values[2, 0] = 2, -2
    page = mount("glass-array", **array(values, ["class", "hidden"], name="layers.1.weight"))
    assert colour(page, 30 + 28 * 2.5, 18 + 28 * 1.5) == [0x0B, 0x63, 0xA8, 255]  # positive
    assert colour(page, 30 + 28 * 0.5, 18 + 28 * 2.5) == [0xC2, 0x5A, 0x00, 255]  # negative
    assert colour(page, 30 + 28 * 0.5, 18 + 28 * 0.5) == [0xF2, 0xF3, 0xF5, 255]  # zero
    page.locator("canvas").hover(position={"x": 30 + 28 * 2.5, "y": 18 + 28 * 1.5})
    page.get_by_text("Class 1, hidden unit 3: 2").wait_for()
    page.locator("canvas").click(position={"x": 30 + 28 * 2.5, "y": 18 + 28 * 1.5})
    page.locator("canvas").hover(position={"x": 5, "y": 5})
    assert fired(page, "point") == [{"at": 6}, {"at": -1}]
    assert fired(page, "pick") == [{"at": 6}]


def test_the_keyboard_reaches_every_cell(mount: Mount) -> None:
    """Also from one tile to the next: two maps of 2 × 2, side by side."""
    page = mount(
        "glass-array", **array(some(1, 2, 2, 2), ["batch", "row", "column", "channel"], selected=0)
    )
    page.locator("canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("Row 1 column 0, channel 2").wait_for()
    assert page.locator(".told").get_attribute("aria-live") == "polite"
    assert [detail["at"] for detail in fired(page, "point")] == [2, 1, 5]
    assert fired(page, "pick") == [{"at": 5}]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((1, 36), ["batch", "hidden"]),
        ((10,), ["class"]),
        ((36, 784), ["hidden", "pixel"]),
        ((1, 26, 26, 8), ["batch", "row", "column", "channel"]),
        ((16, 3, 3, 8), ["channel", "row", "column", "channel"]),
        ((676, 9), ["pixel", "pixel"]),
        ((), []),
    ],
    ids=str,
)
def test_every_shape_has_its_place(
    mount: Mount, width: int, shape: tuple[int, ...], axes: list[str]
) -> None:
    """Nothing is wider than the page; all cells lie in the picture, each under its own pointer."""
    values = np.asarray(some(*shape), np.float32)
    page = mount("glass-array", width, **array(values, axes))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    box = page.locator("canvas").bounding_box()
    assert box and 20 <= box["height"] <= 400
    text = page.locator(".head").inner_text()
    assert all(f"{length} {axis}" in text for length, axis in zip(shape, axes, strict=True))
    summary = page.locator(".legend").last.inner_text()
    assert f"{values.size:,} numbers from" in summary or values.size == 1


def test_tiles_are_images_of_their_rows(mount: Mount) -> None:
    """A row of W is a picture, if it is told so."""
    values = np.zeros((4, 6), np.float32)
    values[3, 5] = 1  # the last tile's last cell
    tile = {"rows": 2, "columns": 3}
    page = mount("glass-array", **array(values, ["hidden", "pixel"], tile=tile))
    # Two tiles of three cells and one between: 7 by 5 cells of 28 pixels, 3 from the edge.
    assert colour(page, 3 + 28 * 6.5, 3 + 28 * 4.5) == [0x0B, 0x63, 0xA8, 255]
    assert colour(page, 3 + 28 * 3.5, 3 + 28 * 2.5)[3] == 0  # between tiles
    page.locator("canvas").hover(position={"x": 3 + 28 * 6.5, "y": 3 + 28 * 4.5})
    page.get_by_text("Hidden unit 4, row 1 column 2: 1").wait_for()


def test_pixels_are_ink_and_the_range_is_printed(mount: Mount) -> None:
    values = np.linspace(0, 1, 4, dtype=np.float32).reshape(1, 2, 2)
    axes = ["batch", "row", "column"]
    page = mount("glass-array", **array(values, axes, name="x", symbol="x"))
    assert colour(page, 30 + 28 * 1.5, 18 + 28 * 1.5)[:3] == [0x1B, 0x1F, 0x24]
    assert page.locator(".legend").first.inner_text().split() == ["0", "1"]
    page = mount("glass-array", **array(values, axes, range=2.5))
    assert page.locator(".legend").first.inner_text().split() == ["−2.5", "2.5"]


def test_the_table_has_heads_and_turns_pages(mount: Mount) -> None:
    values = some(36, 784)
    page = mount(
        "glass-array",
        **array(values, ["hidden", "pixel"], selected=35 * 784 + 783, lit=[35 * 784 + 782]),
    )
    page.get_by_role("button", name="Table").click()
    cells = page.locator("td")
    assert cells.count() == 28 * 14 <= 400
    assert page.locator("td[aria-current]").get_attribute("data-at") == str(35 * 784 + 783)
    assert page.locator("td[data-lit]").get_attribute("data-at") == str(35 * 784 + 782)
    assert page.locator("tbody th").last.inner_text() == "36"
    assert page.locator("thead th").last.inner_text() == "783"
    page.get_by_role("button", name="Earlier pixels").click()
    assert page.locator("thead th").last.inner_text() == "769"
    cells.last.click()
    assert fired(page, "pick") == [{"at": 35 * 784 + 769}]
    shown = float(cells.last.inner_text().replace("−", "-"))
    assert shown == pytest.approx(values[35, 769], rel=1e-3)


def test_a_map_s_table_is_turned_to_another_channel(mount: Mount) -> None:
    values = some(1, 4, 4, 3)
    page = mount("glass-array", **array(values, ["batch", "row", "column", "channel"]))
    page.get_by_role("button", name="Table").click()
    page.get_by_label("channel").fill("3")
    page.get_by_label("channel").press("Enter")
    last = page.locator("td").last
    assert last.get_attribute("data-at") == str(4 * 4 * 3 - 1)


def test_the_histogram_says_what_there_is(mount: Mount) -> None:
    values = np.array([0, 0, 0, -1, 3, np.nan, 2], np.float32)
    told = [None if np.isnan(value) else float(value) for value in values]
    page = mount("glass-array", **{**array(values, ["hidden"]), "values": told})
    page.get_by_role("button", name="Histogram").click()
    words = page.locator(".legend").last.inner_text()
    assert words == "7 numbers from −1 to 3, mean 0.667; 3 are zero, 1 is NaN."
    heights = page.locator("rect").evaluate_all(
        "(all) => all.map((one) => +one.getAttribute('height'))"
    )
    assert sum(height > 0 for height in heights) == 4
    assert max(heights) == 100


def test_numpy_reads_what_is_saved(mount: Mount) -> None:
    values = some(1, 3, 5, 2)
    page = mount("glass-array", **array(values, ["batch", "row", "column", "channel"]))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save .npy").click()
    assert waiting.value.suggested_filename == "layers.0.z.npy"
    data = Path(waiting.value.path()).read_bytes()
    found = np.load(BytesIO(data), allow_pickle=False)
    assert found.dtype == np.dtype("<f4")
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, values)


def test_two_digits_and_their_difference(mount: Mount) -> None:
    values = some(1, 6)
    page = mount(
        "glass-array", **array(values, ["batch", "hidden"], other=(values - 1).ravel().tolist())
    )
    page.get_by_label("Of which digit").select_option("difference")
    page.get_by_text("6 numbers from 1 to 1, mean 1").or_(
        page.get_by_text("6 numbers: 1")
    ).wait_for()


def test_pointing_at_an_axis_tells_it(mount: Mount) -> None:
    page = mount("glass-array", **array(some(3, 4), ["class", "hidden"]))
    page.locator(".axis", has_text="hidden").hover()
    page.locator("canvas").hover()
    assert fired(page, "axis") == [{"axis": "hidden"}, {"axis": None}]


LINE = [
    {"text": "z", "key": "layers.0.z@1"},
    {"text": " = "},
    {"text": "0.25", "key": "layers.0.weight@7"},
    {"text": " · "},
    {"text": "0.5", "key": "x@3"},
    {"text": " = "},
    {"text": "0.125", "key": "layers.0.z@1"},
]
FORMULAS = [
    "L = −1/B Σₑ Σₖ yₖ ln aₖ",
    "∂L/∂x = γ/√(σ² + ε) ⊙ (∂L/∂a − 1/n ∂L/∂β − 1/n x̂ ⊙ ∂L/∂γ), for μ and σ² depend on x too",
    "θ ← θ − η v̂/(√r̂ + ε) − η λ θ, with v̂ = v/(1 − β₁ᵗ) and r̂ = r/(1 − β₂ᵗ)",
]


def test_a_formula_is_mathml_and_its_symbols_have_words(mount: Mount) -> None:
    page = mount("glass-formula", tree=tree("∂L/∂W = δᵀ x"), line=LINE, shapes={"δ": "1 × 36"})
    math = page.locator("math")
    assert math.evaluate("(node) => node.namespaceURI") == "http://www.w3.org/1998/Math/MathML"
    page.locator("[data-symbol=δ]").hover()
    page.get_by_text("δ: delta: ∂L/∂z").first.wait_for()
    assert "(1 × 36)" in page.locator(".what").inner_text()
    page.locator("mfrac mi").last.hover()
    page.get_by_text("∂L/∂W: how the loss follows W: its gradient").first.wait_for()
    assert [detail["symbol"] for detail in fired(page, "point")][-2:] == ["δ", "∂L/∂W"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_all_that_a_formula_says_is_written(mount: Mount, formula: str) -> None:
    page = mount("glass-formula", width=320, tree=tree(formula))
    told = (page.locator("math").text_content() or "").replace("\n", "").replace(" ", "")
    for letter in "θηvγΣaLB":
        if letter in formula:
            assert letter in told
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    if "Σₖ" in formula:
        index = page.locator("msub mi:nth-child(2)", has_text="k").first
        expected = page.evaluate(
            """() => {
              const probe = document.body.appendChild(document.createElement('i'));
              probe.style.color = 'var(--axis-class)';
              return getComputedStyle(probe).color;
            }"""
        )
        assert index.evaluate("(node) => getComputedStyle(node).color") == expected


def test_markup_in_a_formula_stays_text(mount: Mount) -> None:
    bad = ["mrow", ["script", "window.bad = 1"], ["mi", "<img src=x onerror=window.bad=1>"]]
    page = mount("glass-formula", tree=bad, line=[{"text": "<b>1</b>"}])
    assert "<img" in (page.locator("math").text_content() or "")
    assert page.evaluate("() => window.bad") is None
    assert page.locator("script", has_text="bad").count() == 0


def test_numbers_lead_to_their_cells_and_back(mount: Mount) -> None:
    page = mount("glass-formula", tree=None, line=LINE)
    page.get_by_role("button", name="0.25").hover()
    page.get_by_role("button", name="0.5", exact=True).click()
    keys = [detail["key"] for detail in fired(page, "point")]
    assert keys[:3] == ["layers.0.weight@7", None, "x@3"]
    assert fired(page, "pick") == [{"key": "x@3"}]
    page.evaluate("() => give({ lit: 'layers.0.z@1' })")
    drawn(page)
    assert page.locator("button.lit").all_inner_texts() == ["z", "0.125"]
    assert page.locator(".line").inner_text() == "z = 0.25 · 0.5 = 0.125"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_hinders_anybody(mount: Mount, scheme: str) -> None:
    given = array(some(10, 36), ["class", "hidden"], selected=4)
    page = mount("glass-array", scheme=scheme, **given)
    for view in ("Picture", "Table", "Histogram"):
        page.get_by_role("button", name=view).click()
        drawn(page)
        assert faults(page) == []
    page = mount("glass-formula", scheme=scheme, tree=tree(FORMULAS[0]), line=LINE)
    page.get_by_text("What the symbols are").click()
    assert faults(page) == []
