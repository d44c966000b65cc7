"""Pages on paper: as sharp as a printer is, ink on white, nothing that can be pressed, all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.server import SiteServer
from support.trainer import OpenPage, Trainer, until
from support.wall import Wall

if TYPE_CHECKING:
    from playwright.sync_api import Page

VIEW = {"width": 1280, "height": 500}
PAGES = ["index", "train", "race", "browse", "network", "learn", "reading"]
# Every canvas that takes part in the page: device pixels in a CSS pixel, and how many are not blank.
CANVASES = """() => {
  const all = (root) => [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  return all(document).filter((one) => one.localName === 'canvas' && !one.closest('.uplot') && one.getBoundingClientRect().width > 8).map((canvas) => {
    const data = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    const { width } = canvas.getBoundingClientRect();
    return { host: canvas.getRootNode().host.localName, scale: canvas.width / width, drawn: data.some((pixel) => pixel !== data[0]), corner: data[0] & 255, alpha: data[0] >>> 24 };
  });
}"""
ON_PAPER = f"""() => matchMedia('print').addEventListener('change', ({{ matches }}) => {{
  if (matches) window.onPaper = ({CANVASES})();
}})"""


def opened(open_page: OpenPage, server: SiteServer, name: str, **options: Any) -> Page:
    """A page with all that it shows at once."""
    page = open_page(f"{server.url}{name}.html", viewport=VIEW, **options)
    if name == "train":
        Trainer(page).wait_for_network()
    elif name == "browse":
        Wall(page).wait()
        until(lambda: page.locator("glass-plane").evaluate("one => one.whole"))
    elif name == "index":
        page.locator("glass-home glass-outputs").wait_for()
        page.locator("glass-doors glass-thumb").first.wait_for()
    page.wait_for_timeout(500)  # what has come is drawn at the next frames
    return page


@pytest.mark.parametrize("name", ["index", "train", "browse"])
def test_canvases_are_finer_on_paper(server: SiteServer, open_page: OpenPage, name: str) -> None:
    page = opened(open_page, server, name)
    before = page.evaluate(CANVASES)
    assert all(one["scale"] == pytest.approx(1, abs=0.03) for one in before if one["drawn"])
    page.emulate_media(media="print")
    page.wait_for_timeout(500)
    paper = page.evaluate(CANVASES)
    assert len(paper) > (name != "browse")
    assert all(one["scale"] > 1.97 for one in paper), paper
    blank = {one["host"] for one in paper if not one["drawn"]}
    assert not blank - {"glass-forward"}, blank  # whose lines are not on every layout
    page.emulate_media(media="screen")
    page.wait_for_timeout(500)
    after = page.evaluate(CANVASES)
    assert [one["scale"] for one in after if one["drawn"]] == pytest.approx(
        [1] * sum(one["drawn"] for one in after), abs=0.03
    )


@pytest.mark.parametrize("name", ["index", "train", "browse"])
def test_they_are_when_the_page_is_printed(
    server: SiteServer, open_page: OpenPage, name: str
) -> None:
    """A printer does not wait for a frame: all has been drawn when the page is told of it."""
    page = opened(open_page, server, name, color_scheme="dark")
    page.evaluate(ON_PAPER)
    page.pdf()
    paper = page.evaluate("window.onPaper")
    assert len(paper) > (name != "browse")
    assert all(one["scale"] > 1.9 for one in paper), paper
    assert all(one["drawn"] for one in paper if one["host"] not in ("glass-forward", "glass-thumb"))


@pytest.mark.parametrize("theme", ["system", "chosen"])
@pytest.mark.parametrize("name", PAGES)
def test_ink_on_white(server: SiteServer, open_page: OpenPage, name: str, theme: str) -> None:
    page = opened(open_page, server, name, color_scheme="dark" if theme == "system" else "light")
    if theme == "chosen":
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(21, 24, 29)"
    page.emulate_media(media="print")
    page.wait_for_timeout(500)
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    digits = ("glass-digit", "glass-paper", "glass-thumb")
    opaque = [one for one in page.evaluate(CANVASES) if one["alpha"] == 255]
    opaque = [one for one in opaque if one["host"] in digits]
    if name == "browse":  # its tiles are as they were, and turned to ink on white as a whole
        canvas = page.locator("glass-plane canvas")
        assert "invert(1)" in canvas.evaluate("one => getComputedStyle(one).filter")
    else:
        assert all(one["corner"] > 200 for one in opaque), opaque
    page.emulate_media(media="screen")
    assert page.evaluate(ground) == "rgb(21, 24, 29)"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_to_press_and_nothing_cut_off(
    server: SiteServer, open_page: OpenPage, name: str
) -> None:
    page = opened(open_page, server, name)
    page.set_viewport_size({"width": 720, "height": 1000})
    page.emulate_media(media="print")
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth <= 720")
    for what in ("nav", "glass-menu", "glass-theme", "glass-present", "input", "select", "summary"):
        shown = page.locator(what)
        assert [n for n in range(shown.count()) if shown.nth(n).is_visible()] == [], what
    for words in ("Start", "Train it yourself", "Draw one", "Undo", "Save the run", "See all"):
        assert not any(one.is_visible() for one in page.get_by_text(words, exact=True).all()), words


def test_curves_are_there_when_the_page_is_printed(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "train.html", viewport={"width": 1280, "height": 800})
    Trainer(page).wait_for_network()
    page.locator("glass-curve .loss canvas").wait_for()
    curve = page.locator("glass-curve")
    curve.evaluate("""one => matchMedia('print').addEventListener('change', ({ matches }) => {
      if (matches) window.onPaper = one.shadowRoot.querySelectorAll('svg.paper path').length;
    })""")
    page.pdf()
    assert page.evaluate("window.onPaper") > 10


def test_curves_are_vectors_on_paper(server: SiteServer, open_page: OpenPage) -> None:
    trainer = Trainer(open_page(server.url + "train.html", viewport={"width": 1280, "height": 800}))
    trainer.wait_for_network()
    trainer.step(5)
    page = trainer.page
    page.locator("glass-curve .loss canvas").wait_for()
    page.wait_for_timeout(300)
    curve = page.locator("glass-curve")
    assert curve.locator("svg.paper").count() == 0
    page.emulate_media(media="print")
    curve.locator(".loss svg.paper").wait_for()
    curve.locator(".accuracy svg.paper").wait_for()
    assert not curve.locator(".loss canvas").is_visible()
    box = curve.locator(".loss svg.paper").bounding_box()
    plot = curve.locator(".loss").bounding_box()
    assert box and plot and box["height"] > 150 and plot["height"] >= box["height"]
    page.emulate_media(media="screen")
    curve.locator(".loss canvas").wait_for()
    until(lambda: curve.locator("svg.paper").count() == 0)
