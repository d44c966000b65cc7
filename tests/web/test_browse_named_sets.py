"""Sets that were built into the site: opened by their names in the address, or by the links beside
the number of digits; in a copy of the site that the build itself added stand-ins to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glassnet.data.catalog import CATALOG
from support.axe import faults
from support.grown import Checkout, stand_in, write_set
from support.server import Answer, SiteServer, running
from support.trainer import BOOT, OpenPage, until
from support.wall import Wall

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LETTERS = stand_in("emnist-letters", 300, 100)
DIGITS = stand_in("emnist-digits", 60, 40)
IMAGES, LABELS = (np.concatenate([LETTERS[name][k] for name in ("test", "train")]) for k in (0, 1))
READY = "complete.value && collection.columns.value?.ink?.length === collection.about.value.count"


@pytest.fixture(scope="module")
def grown(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grown")
    sets = {"emnist-letters": LETTERS, "emnist-digits": DIGITS}
    written = {
        name.replace("-", "_"): write_set(folder / name, name, splits)
        for name, splits in sets.items()
    }
    checkout = Checkout(folder / "checkout")
    checkout.build(**written)
    return checkout.site


@pytest.fixture(scope="module")
def there(grown: Path) -> Iterator[SiteServer]:
    with running(grown) as server:
        yield server


def settle(page: Page) -> Wall:
    """A page with a set that no facts came with, once it is here and measured."""
    wall = Wall(page)
    until(lambda: wall.value(f"collection?.{READY}"), 60)
    return wall


@pytest.fixture(scope="module")
def shared(browser: Browser, there: SiteServer) -> Iterator[Wall]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(there.url + "browse.html?set=emnist-letters")
    yield settle(page)
    context.close()
    assert problems == []


@pytest.fixture
def wall(shared: Wall) -> Wall:
    shared.value("(collection.select([]), collection.settings.fromQuery('?set=emnist-letters'))")
    return shared


def pixels(page: Page, number: int) -> list[int]:
    script = "(id) => document.querySelector('glass-browse').collection.wall.ask('pixels', { id }).then((all) => [...all])"
    found: list[int] = page.evaluate(script, number)
    return found


def test_an_address_names_it(there: SiteServer, open_page: OpenPage) -> None:
    page = open_page(there.url + "browse.html?set=emnist-letters")
    wall = settle(page)
    about = wall.value("collection.about.value")
    assert (about["name"], about["title"], about["noun"]) == (
        "emnist-letters", "EMNIST letters", "image",
    )  # fmt: skip
    assert about["classes"] == list(CATALOG["emnist-letters"].classes)
    assert wall.value("[...collection.columns.value.label]") == LABELS.tolist()
    for number in (0, 99, 100, 399):
        assert pixels(page, number) == IMAGES[number].ravel().tolist()
    ink = wall.value("[...collection.columns.value.ink]")
    np.testing.assert_allclose(ink, IMAGES.mean(axis=(1, 2)) / 255, atol=1e-6)
    status = page.locator("glass-search [role=status]")
    assert status.inner_text() == "All 400 images of EMNIST letters."
    assert page.title() == "Browse EMNIST letters · glassnet"
    assert page.locator("h1").inner_text() == "Browse EMNIST letters"
    until(lambda: "set=emnist-letters&shape=grid&colour=label" in wall.address)
    requested = [name for name in there.requested if name.startswith("model-")]
    assert requested == [], "what the network makes of MNIST is of no use here"
    assert faults(page) == []


def chosen(page: Page) -> str:
    return page.locator("glass-sets a[aria-current=page]").inner_text()


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_the_sets_are_named_beside_the_digits(
    by: str, there: SiteServer, open_page: OpenPage
) -> None:
    page = open_page(there.url + "browse.html")
    Wall(page).wait()
    links = page.get_by_role("navigation", name="Data sets").get_by_role("link")
    links.nth(2).wait_for()
    assert links.all_inner_texts() == ["MNIST", "EMNIST digits", "EMNIST letters"]
    assert chosen(page) == "MNIST"
    if by == "mouse":
        links.nth(2).click()
    else:
        page.get_by_role("button", name="Python", exact=True).focus()
        for _ in range(3):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    page.wait_for_url("**/browse.html?set=emnist-letters*")
    wall = settle(page)
    assert wall.value("collection.about.value.name") == "emnist-letters"
    assert chosen(page) == "EMNIST letters"
    wall.find("label:Q")
    until(lambda: "find=label%3AQ" in wall.address)
    assert wall.found == np.flatnonzero(LABELS == 16).tolist()
    page.reload()
    assert settle(page).found == np.flatnonzero(LABELS == 16).tolist()
    page.go_back()
    until(
        lambda: (
            "find=" not in wall.address and wall.value("collection?.found.value.ids.length") == 400
        )
    )
    assert chosen(page) == "EMNIST letters"
    page.go_back()
    Wall(page).wait()
    assert wall.value("collection.about.value.name") == "mnist"
    assert wall.value("collection.settings.get('shape')") == "neighbours"
    assert chosen(page) == "MNIST"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kmnist-2", "The address names the data set “kmnist-2”, which was not built into this site; it has MNIST, EMNIST digits, EMNIST letters. MNIST is shown."),
        ("../x", "Data set has to be the name of a data set that was built into the site, such as fashion-mnist; the address says “../x”, so mnist is used."),
    ],
)  # fmt: skip
def test_an_unknown_name_is_told_and_mnist_opens(
    name: str, words: str, there: SiteServer, open_page: OpenPage
) -> None:
    page = open_page(f"{there.url}browse.html?set={name}")
    wall = Wall(page).wait()
    page.locator("glass-status").get_by_text(words).wait_for()
    assert wall.value("collection.about.value.name") == "mnist"
    until(lambda: "set=" not in wall.address)
    assert "MNIST" in page.title()


def test_a_site_without_other_sets_names_none(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "browse.html")
    wall = Wall(page).wait()
    others = wall.value("collection.sets.others.value.map(({ name }) => name)")
    assert page.locator("glass-sets a").count() == (len(others) + 1 if others else 0)


def test_what_needs_the_network_is_absent_and_says_why(wall: Wall) -> None:
    options = wall.page.locator("glass-arrange option[disabled]").all_inner_texts()
    assert len(options) == 5
    wall.find("wrong")
    assert "not known here" in wall.page.locator("glass-search [role=alert]").inner_text()
    wall.find("")
    wall.value("(collection.choose(200), collection.settings.set('panel', 'digit'))")
    wall.panel.get_by_role(
        "heading", name=f"Training image 100, labelled {chr(65 + LABELS[200])}"
    ).wait_for()
    wall.panel.get_by_text("has not read this set").wait_for()
    assert wall.panel.get_by_role("link", name="Look inside").count() == 0
    wall.panel.get_by_text("Where it comes from").wait_for()
    assert wall.panel.get_by_text("Pixels: bytes").count() == 0  # they were turned
    wall.page.get_by_role("button", name="The set").click()
    wall.panel.get_by_text("here they are turned upright").wait_for()
    assert wall.panel.get_by_role("link", name="Back to MNIST").count() == 0


def test_colours_repeat_after_ten_classes(wall: Wall) -> None:
    buttons = wall.page.locator("glass-labels .classes button")
    assert buttons.count() == 26
    wall.value("collection.settings.set('colour', 'label')")
    until(lambda: buttons.nth(0).get_attribute("class") == "class-0")
    assert buttons.nth(25).get_attribute("class") == "class-5"


def test_a_selection_is_in_the_link_and_not_trained_on(
    wall: Wall, there: SiteServer, open_page: OpenPage
) -> None:
    wall.value("collection.select([3, 130, 131])")
    bar = wall.page.locator("glass-selected")
    reason = bar.get_by_text(
        "The training page has MNIST’s digits, and not those of EMNIST letters."
    )
    reason.wait_for()
    assert bar.get_by_role("link").count() == 0
    until(lambda: "#train=emnist-letters.300." in wall.address)
    other = settle(open_page(wall.address))
    until(lambda: other.value("[...collection.selected.value]") == [3, 130, 131])
    page = open_page(there.url + "train.html#" + wall.address.partition("#")[2])
    page.get_by_text("are of the data set “emnist-letters”, and this is mnist").first.wait_for()


def test_python_finds_and_lays_out(wall: Wall) -> None:
    wall.page.get_by_role("button", name="Python", exact=True).click()
    wall.find("(y > 5) & train & (X[:, 3, 4] > 20)")
    wanted = (LABELS > 5) & (np.arange(400) >= 100) & (IMAGES[:, 3, 4] > 20)
    until(lambda: wall.found == np.flatnonzero(wanted).tolist(), BOOT)
    wall.find("y == lost")
    until(lambda: "lost" in wall.page.locator("glass-search [role=alert]").inner_text())
    wall.find("")
    wall.lay_out("PCA")
    until(lambda: wall.value("collection.python.points.value?.length") == 800, BOOT)


def overlaid(grown: Path, change: Callable[[Any], Any]) -> dict[str, Answer]:
    """The list of the sets as somebody else would have it."""
    path = next(grown.glob("data/sets-*.json"))
    text = json.dumps(change(json.loads(path.read_text(encoding="utf-8"))))
    return {path.relative_to(grown).as_posix(): Answer(text.encode())}


def test_a_list_that_is_not_the_builds_is_not_believed(grown: Path, browser: Browser) -> None:
    with running(grown, overlaid(grown, lambda told: {**told, "sets": []})) as server:
        context = browser.new_context()
        page = context.new_page()
        page.goto(server.url + "browse.html?set=emnist-digits")
        page.locator("glass-status").get_by_text("bytes long instead of").first.wait_for()
        server.overlay.clear()
        page.get_by_role("button", name="Try again").click()
        assert settle(page).value("collection.about.value.title") == "EMNIST digits"
        context.close()


def test_own_files_take_its_place_and_a_reload_brings_it_back(
    there: SiteServer, open_page: OpenPage, tmp_path: Path
) -> None:
    folder = write_set(tmp_path, "emnist-digits", DIGITS)
    page = open_page(there.url + "browse.html?set=emnist-letters&panel=help")
    wall = settle(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="choose files").click()
    chooser.value.set_files(list(folder.iterdir()))
    until(lambda: wall.value("collection.about.value.name") == "own")
    assert page.locator("glass-sets a[aria-current]").count() == 0
    assert page.locator("glass-sets a").count() == 3
    until(lambda: "set=emnist-letters" in wall.address and "panel" not in wall.address)
    page.reload()
    assert settle(page).value("collection.about.value.name") == "emnist-letters"
