"""When figures and elements come to life on other people's pages, and what stands there until then.
Both are looked at: frames of a page that allows little, and elements, which need more of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from support.axe import faults
from support.post import TALL, alive, figure, posted
from support.server import SiteServer
from support.trainer import OpenPage, Serve, until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LOOSE = "default-src * blob: data: 'unsafe-inline' 'wasm-unsafe-eval'"
ALONE = ["glassnet.js", "posters.js"]


@pytest.fixture
def post(server: SiteServer, serve: Serve, open_page: OpenPage) -> Callable[..., Page]:
    return lambda *parts, **options: posted(server, serve, open_page, *parts, **options)


def living(figure: Locator) -> None:
    """Waits until it has come, of whichever kind it is."""
    kind = (
        "status" if figure.evaluate("(it) => it.localName").startswith("glass-") else "data-status"
    )
    until(lambda: figure.get_attribute(kind) in ("ready", "running"), 30)


def source(picture: Locator) -> str:
    picture.wait_for()
    return str(picture.evaluate("(it) => it.currentSrc || it.src"))


@pytest.mark.parametrize("kind", ["figure", "element"])
@pytest.mark.parametrize(
    ("name", "setting", "picture"),
    [
        ("train", "", "train/light"),
        ("train", "theme=dark", "train/dark"),
        ("network", "model=conv", "network-conv/light"),
        ("network", "digit=3 model=conv", "network/light"),  # of that state there is none
        ("race", "", "race/light"),
    ],
)
def test_without_a_picture_there_is_the_true_one(
    post: Callable[..., Page], server: SiteServer, kind: str, name: str, setting: str, picture: str
) -> None:
    asked = len(server.requested)
    said = "".join(f" data-{one}" for one in ["loading=touch", *setting.split()])
    tag = f"figure data-glassnet={name}" if kind == "figure" else f"glass-{name}"
    page = post(f"<{tag}{said}></{tag.split()[0]}>", color_scheme="light")
    image = page.locator(f"{tag.split()[0]} a img")
    assert source(image).endswith(f"/embed/{picture}.png")
    assert len(image.get_attribute("alt") or "") > 60
    until(lambda: image.evaluate("(it) => it.naturalWidth") == 1200)
    page.get_by_role("button", name="Show the living figure").wait_for()
    page.wait_for_load_state("networkidle")
    assert [one for one in server.requested[asked:] if "embed/" not in one] == ALONE
    assert faults(page) == []


@pytest.mark.parametrize("kind", ["figure", "element"])
def test_the_picture_of_a_dark_page_is_dark(post: Callable[..., Page], kind: str) -> None:
    tag = "figure data-glassnet=train" if kind == "figure" else "glass-train"
    page = post(f"<{tag} data-loading=touch></{tag.split()[0]}>", color_scheme="dark")
    assert source(page.locator("a img")).endswith("/embed/train/dark.png")


def test_a_poster_is_the_authors_and_what_is_in_the_text_goes_before(
    post: Callable[..., Page],
) -> None:
    poster = 'data-poster="picture.svg" data-alt="Mine" data-loading="touch"'
    text = f"<figure {poster} data-glassnet='race'></figure>"
    own = "<glass-race poster='picture.svg' loading='touch' alt='Hers'>Words</glass-race>"
    full = f"<figure {poster} data-glassnet='race'><a href='#'><img alt='Theirs' src='icon.svg'></a></figure>"
    page = post(text, own, full, policy=LOOSE)
    first, second, third = (page.locator(":is(figure, glass-race)").nth(at) for at in range(3))
    assert source(first.locator("img")).endswith("/picture.svg")
    assert first.locator("img").get_attribute("alt") == "Mine"
    assert second.locator("img").get_attribute("alt") == "Hers"
    assert third.locator("img").count() == 1
    assert source(third.locator("img")).endswith("/icon.svg")


@pytest.mark.parametrize("tag", ["figure data-glassnet=race", "glass-race"])
def test_what_waits_for_a_touch_comes_by_its_button(
    post: Callable[..., Page], server: SiteServer, tag: str
) -> None:
    name = tag.split()[0]
    page = post(f"<{tag} data-loading=touch></{name}>", policy=LOOSE)
    whole = page.locator(name)
    button = page.get_by_role("button", name="Show the living figure (about 150 KB)")
    button.focus()
    page.keyboard.press("Enter")
    living(whole)
    until(lambda: page.locator(f"{name} > button").count() == 0)
    until(lambda: not whole.locator("a img").is_visible())


@pytest.mark.parametrize("tag", ["figure data-glassnet=race", "glass-race"])
def test_what_is_eager_comes_wherever_it_is(post: Callable[..., Page], tag: str) -> None:
    name = tag.split()[0]
    page = post(TALL, f"<{tag} data-loading=eager></{name}>", policy=LOOSE)
    living(page.locator(name))
    assert page.evaluate("() => scrollY") == 0


def test_an_element_waits_until_it_is_near(post: Callable[..., Page], server: SiteServer) -> None:
    asked = len(server.requested)
    page = post(TALL, "<glass-race><p>Theirs</p></glass-race>", policy=LOOSE)
    whole = page.locator("glass-race")
    until(lambda: whole.get_attribute("status") == "idle")
    page.wait_for_load_state("networkidle")
    assert [one for one in server.requested[asked:] if one.startswith("assets/")] == []
    whole.scroll_into_view_if_needed()
    living(whole)
    assert whole.get_by_text("Theirs").is_hidden()


def test_one_waits_while_another_of_its_kind_lives(post: Callable[..., Page]) -> None:
    """Its module is there by then, and what it holds is seen all the same."""
    far = "<glass-race id=far><p>Theirs</p></glass-race><p id=after>After</p>"
    page = post("<glass-race id=near></glass-race>", TALL, far, policy=LOOSE)
    living(page.locator("#near"))
    assert page.locator("#far").get_attribute("status") == "idle"
    assert page.locator("#far").evaluate("(it) => it.race") is None
    box = page.get_by_text("Theirs").bounding_box()
    assert box and box["height"] > 0
    page.evaluate(  # ready is told once, when it is
        "() => { window.told = []; addEventListener('glass-ready', ({ target }) => told.push(target.id)); }"
    )
    page.locator("#after").scroll_into_view_if_needed()
    living(page.locator("#far"))
    assert page.evaluate("() => told") == ["far"]


def test_load_brings_what_waits(post: Callable[..., Page]) -> None:
    touch = "<glass-race id=far loading=touch></glass-race>"
    page = post("<glass-race id=near></glass-race>", TALL, touch, policy=LOOSE)
    living(page.locator("#near"))
    page.locator("#far").evaluate("(it) => it.load()")
    assert page.locator("#far").get_attribute("status") == "ready"


def test_a_waiting_element_that_is_moved_still_comes(post: Callable[..., Page]) -> None:
    page = post("<main></main>", TALL, "<glass-race></glass-race>", policy=LOOSE)
    whole = page.locator("glass-race")
    until(lambda: whole.get_attribute("status") == "idle")
    page.evaluate(
        "() => document.querySelector('main').append(document.querySelector('glass-race'))"
    )
    living(whole)


def test_the_older_name_says_the_same(post: Callable[..., Page]) -> None:
    page = post(figure("race", reveal="interaction"), figure("browse", reveal="auto"))
    page.get_by_role("button", name="Show the living figure").wait_for()
    alive(page, 1)
    assert page.locator("figure").first.get_attribute("data-status") == "idle"


@pytest.mark.parametrize("tag", ["glass-train", "glass-network", "glass-race", "glass-browse"])
@pytest.mark.parametrize("width", [360, 900])
def test_authors_put_in_a_caption_and_controls(
    post: Callable[..., Page], tag: str, width: int
) -> None:
    own = '<p slot="controls"><button id="own">Theirs</button></p><p slot="caption">A caption</p>'
    style = "<style>glass-browse { height: 700px }</style>"
    view = {"width": width, "height": 800}
    page = post(style, f"<{tag}>{own}</{tag}>", policy=LOOSE, viewport=view)
    whole = page.locator(tag)
    living(whole)
    button, caption = page.locator("#own"), page.get_by_text("A caption")
    button.click()  # nothing lies over it
    caption.scroll_into_view_if_needed()
    host, low = whole.bounding_box(), caption.bounding_box()
    high = button.bounding_box()
    assert host and low and high
    assert high["y"] < low["y"] < host["y"] + host["height"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    size = caption.evaluate("(it) => getComputedStyle(it).fontSize")
    assert size == whole.evaluate(
        "(it) => `${0.8125 * parseFloat(getComputedStyle(it).fontSize)}px`"
    )
