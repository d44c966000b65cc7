"""The panel from which a figure is taken to other pages: it says what the page's address says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from support.after import frames
from support.axe import faults
from support.server import Answer, SiteServer
from support.trainer import OpenPage, Serve, until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
FIGURES = {
    "train": "train.html?digit=7&rate=0.5",
    "network": "network.html?digit=5&unit=3",
    "race": "race.html",
    "browse": "browse.html?find=7+test&sort=ink&shape=grid",
}
FORMS = ["snippet", "link", "markdown", "iframe", "element", "hugo", "quarto", "jupyter"]


@pytest.fixture(scope="module")
def own(serve: Serve) -> SiteServer:
    """The site, with a page for the frame that says nothing."""
    html = b'<!doctype html><html lang="en"><title>A figure</title><p>A figure.</p>'
    return serve({"frame.html": Answer(html, headers={"Content-Type": "text/html"})})


def opened(page: Page, keyboard: bool = False) -> Locator:
    """The panel of the page's first figure."""
    menu = page.locator("glass-menu").first
    menu.wait_for()
    if keyboard:
        menu.locator("summary").focus()
        for key in ("Enter", "Tab", "Tab", "Enter"):
            page.keyboard.press(key)
    else:
        menu.locator("summary").click()
        menu.get_by_role("button", name="Share or embed…").click()
    panel = page.locator("glass-share")
    panel.get_by_role("dialog").wait_for()
    panel.locator("iframe").wait_for()
    return panel


def text(panel: Locator, form: str = "") -> str:
    """What there is to paste; of a form, if it is named."""
    if form:
        panel.locator(f"input[value={form}]").check()
    return panel.locator("textarea").input_value()


def preview(panel: Locator) -> list[tuple[str, str]]:
    """What the preview's address says."""
    return parse_qsl(urlsplit(panel.locator("iframe").get_attribute("src") or "").query)


def says(panel: Locator) -> str:
    return panel.get_by_role("status").inner_text()


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize("figure", FIGURES)
def test_it_says_what_the_address_says(
    own: SiteServer, open_page: OpenPage, figure: str, keyboard: bool
) -> None:
    page = open_page(own.url + FIGURES[figure], viewport=WIDE)
    panel = opened(page, keyboard)
    assert panel.locator("[data-command=copy]").evaluate("one => one.matches(':focus')")
    state = parse_qsl(urlsplit(FIGURES[figure]).query)
    assert preview(panel) == [("figure", figure), *state]
    assert urlsplit(panel.locator("iframe").get_attribute("src") or "").path == "/frame.html"
    snippet = text(panel)
    written = "".join(f' data-{name}="{value}"' for name, value in state)
    assert snippet.startswith(f'<figure data-glassnet="{figure}"{written}>\n<a href="{own.url}')
    assert snippet.endswith(f'<script async type="module" src="{own.url}glassnet.js"></script>')
    link = text(panel, "link")
    assert parse_qsl(urlsplit(link).query) == state
    assert link.split("?")[0] == f"{own.url}{figure}.html"
    until(lambda: page.url == link)  # the address follows in its time
    for form in FORMS:
        assert own.url in text(panel, form)
    page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    menu = page.locator("glass-menu").first
    assert menu.locator("summary").evaluate("one => one.matches(':focus')")
    assert menu.get_by_role("button").count() == 0  # it is folded away
    assert page.locator("iframe").count() == 0


@pytest.mark.parametrize("figure", FIGURES)
def test_what_is_left_out(own: SiteServer, open_page: OpenPage, figure: str) -> None:
    page = open_page(own.url + FIGURES[figure], viewport=WIDE)
    panel = opened(page)
    boxes = panel.get_by_role("checkbox")
    names = [box.get_attribute("value") or "" for box in boxes.all()]
    usual = [box.is_checked() for box in boxes.all()]
    assert any(usual) and not all(usual)
    assert not re.search("data-(controls|theme)", text(panel))
    for box in boxes.all():
        box.check()
    assert ' data-controls="all"' in text(panel)
    boxes.first.uncheck()
    panel.get_by_role("radio", name="Dark").check()
    assert f' data-theme="dark" data-controls="{" ".join(names[1:])}">' in text(panel)
    assert f'theme=dark&amp;controls={"+".join(names[1:])}"' in text(panel, "iframe")
    until(lambda: preview(panel)[-2:] == [("theme", "dark"), ("controls", " ".join(names[1:]))])
    for box in boxes.all()[1:]:
        box.uncheck()
    assert ' data-controls="none"' in text(panel, "snippet")
    for box, shown in zip(boxes.all(), usual, strict=True):
        box.set_checked(shown)
    panel.get_by_role("radio", name="As the page’s").check()
    assert not re.search("data-(controls|theme)", text(panel))
    until(lambda: preview(panel)[-1][0] not in ("theme", "controls"))


def test_copying(own: SiteServer, open_page: OpenPage) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    page = open_page(own.url + FIGURES["train"], viewport=WIDE, permissions=allowed)
    panel = opened(page)
    page.keyboard.press("Enter")  # which is on Copy
    until(lambda: says(panel) == "Copied.")
    assert page.evaluate("() => navigator.clipboard.readText()") == text(panel)
    panel.get_by_role("button", name="Copy the link").click()
    until(lambda: page.evaluate("() => navigator.clipboard.readText()") == page.url)
    assert text(panel, "element").startswith(
        '<glass-train digit="7" rate="0.5" controls="controls curves">'
    )
    assert says(panel) == ""


def test_copying_where_that_is_denied(own: SiteServer, open_page: OpenPage) -> None:
    page = open_page(own.url + FIGURES["train"], viewport=WIDE)
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
    )
    panel = opened(page)
    selected = """() => { let at = document.activeElement; while (at.shadowRoot) at = at.shadowRoot.activeElement;
      return at.value?.slice(at.selectionStart, at.selectionEnd) }"""
    for name, form in (("Copy", "snippet"), ("Copy the link", "link")):
        panel.get_by_role("button", name=name, exact=True).click()
        until(lambda: "copy it by hand" in says(panel))
        assert page.evaluate(selected) == text(panel)
        assert panel.locator(f"input[value={form}]").is_checked()


def test_a_picture_of_ones_own(own: SiteServer, open_page: OpenPage) -> None:
    page = open_page(own.url + FIGURES["train"], viewport=WIDE)
    panel = opened(page)
    assert "Its picture shows the figure in another state" in panel.locator(".notes").inner_text()
    page.locator("glass-tiles canvas").first.wait_for()
    with page.expect_download() as download:
        panel.get_by_role("button", name="Save the picture as it is here").click()
    assert Path(download.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    panel.get_by_label("its address").fill("https://example.org/my.png")
    assert re.search(r'<img src="https://example\.org/my\.png" alt="[^"]+" /></a>', text(panel))
    assert "(https://example.org/my.png)" in text(panel, "markdown")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_looks(own: SiteServer, open_page: OpenPage, scheme: str) -> None:
    for address in (FIGURES["train"], FIGURES["browse"]):
        page = open_page(own.url + address, viewport=WIDE, color_scheme=scheme)
        panel = opened(page)
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            for form in ("snippet", "link"):
                text(panel, form)
                frames(page)
                assert faults(page) == [], (size, form)
                wide = panel.get_by_role("dialog").evaluate(
                    "one => [one.scrollWidth - one.clientWidth, one.getBoundingClientRect().right - innerWidth]"
                )
                assert max(wide) <= 0


def test_keys_in_it_are_not_the_figures(own: SiteServer, open_page: OpenPage) -> None:
    page = open_page(own.url + FIGURES["train"], viewport=WIDE)
    panel = opened(page)
    page.evaluate(
        "() => { window.heard = 0; document.addEventListener('keydown', () => heard++); }"
    )
    for key in (".", "r", "f", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("() => heard") == 0
    page.mouse.click(5, 5)  # outside it
    panel.wait_for(state="detached")
    page.keyboard.press("Tab")
    assert page.evaluate("() => heard") == 1


def code(site: Path) -> str:
    """The script with the panel."""
    (found,) = (
        path
        for path in site.glob("assets/*.js")
        if 'customElements.define("glass-share"' in path.read_text(encoding="utf-8")
    )
    return found.relative_to(site).as_posix()


def test_its_code_comes_when_it_is_asked_for(
    serve: Serve, site: Path, open_page: OpenPage, problems: list[str]
) -> None:
    broken = serve({code(site): Answer(status=404)})
    page = open_page(broken.url + "race.html", viewport=WIDE)
    menu = page.locator("glass-menu").first
    menu.locator("summary").click()
    assert code(site) not in broken.requested
    menu.get_by_role("button", name="Share or embed…").click()
    until(lambda: "Its panel did not come" in menu.locator("output").inner_text())
    assert code(site) in broken.requested
    problems.clear()  # the 404, which the console reports


def test_what_cannot_be_embedded_does_not_offer_it(own: SiteServer, open_page: OpenPage) -> None:
    page = open_page(own.url + "network.html", viewport=WIDE)
    page.locator("#letters").scroll_into_view_if_needed()
    menu = page.locator("glass-adaline glass-menu").first
    menu.locator("summary").click()
    menu.get_by_role("button", name="Copy a link").wait_for()
    assert menu.get_by_role("button", name="Share or embed…").count() == 0
