"""What people come to the wall for, each done in at most three actions; and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from support.server import SiteServer
from support.trainer import OpenPage, until
from support.wall import Wall, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

VIEW: ViewportSize = {"width": 1280, "height": 800}
COLUMNS = """(() => {
  const { label, prediction, confidence, loss, ink, similarity } = collection.columns.value;
  return [label, prediction, confidence, loss, ink, similarity].map((one) => [...one]);
})()"""


@pytest.fixture(scope="module")
def shared(browser: Browser, server: SiteServer) -> Iterator[Wall]:
    context = browser.new_context(viewport=VIEW, reduced_motion="reduce")
    page = context.new_page()
    page.goto(server.url + "browse.html")
    yield Wall(page).wait()
    context.close()


@pytest.fixture
def wall(shared: Wall) -> Wall:
    """The shared wall as one comes to it."""
    shared.page.set_viewport_size(VIEW)
    shared.value("(collection.select([]), collection.settings.fromQuery('?shape=neighbours'))")
    return shared


@pytest.fixture(scope="module")
def known(shared: Wall) -> dict[str, np.ndarray]:
    names = ["label", "prediction", "confidence", "loss", "ink", "similarity"]
    return {
        name: np.array(column) for name, column in zip(names, shared.value(COLUMNS), strict=True)
    }


def press(wall: Wall, name: str) -> None:
    wall.page.locator("glass-presets").get_by_role("button", name=name).click()


def test_find_the_surest_mistakes(wall: Wall, known: dict[str, np.ndarray]) -> None:
    press(wall, "Surest mistakes")
    wrong = np.flatnonzero(known["label"] != known["prediction"])
    assert sorted(wall.found) == wrong.tolist()
    sure = known["confidence"][wall.found]
    assert (np.diff(sure) <= 0).all()
    assert wall.value("collection.arrangement.value.lattice")
    press(wall, "Surest mistakes")  # and back
    assert len(wall.found) == len(known["label"])


@pytest.mark.parametrize(
    ("name", "column", "rising"),
    [("Odd", "similarity", True), ("Thin", "ink", True), ("Thick", "ink", False)],
)
def test_the_ends_of_what_can_be_measured(
    wall: Wall, known: dict[str, np.ndarray], name: str, column: str, rising: bool
) -> None:
    press(wall, name)
    values = known[column][wall.found]
    assert len(values) == len(known["label"])
    assert (np.diff(values) * (1 if rising else -1) >= 0).all()


def test_labels_that_may_be_wrong_and_why(wall: Wall, known: dict[str, np.ndarray]) -> None:
    press(wall, "Label errors?")
    found = np.array(wall.found)
    assert 5 < len(found) < 200
    assert (known["label"][found] != known["prediction"][found]).all()
    assert known["confidence"][found].min() > 0.98
    wall.listbox.focus()
    wall.page.keyboard.press("Home")
    wall.page.keyboard.press("Enter")
    first = found[0]
    own, other = known["label"][first], known["prediction"][first]
    reason = wall.panel.get_by_text("digits most like it")
    reason.wait_for()
    told = reason.inner_text()
    assert f"sure of {other} ({known['confidence'][first]:.2f})" in told
    assert f"rules {own} out" in told
    near = wall.value("[...collection.closeUp.near.value.ids]")
    labels = known["label"][near]
    many = int((labels == other).sum())
    assert (
        f"Of the 12 digits most like it, {many} {'is' if many == 1 else 'are'} labelled {other}, {int((labels == own).sum())} {own}."
        in told
    )


def test_compare_the_fours_that_look_like_nines(wall: Wall, known: dict[str, np.ndarray]) -> None:
    wall.lay_out("Confusion")
    x, y = wall.page.evaluate(
        """() => {
          const { collection, renderRoot } = document.querySelector('glass-browse');
          const plane = renderRoot.querySelector('glass-plane');
          const cell = collection.arrangement.value.cells.find(({ label, answer }) => label === 4 && answer === 9);
          const { left, top, width, height } = plane.getBoundingClientRect();
          const { width: wide, height: high } = collection.arrangement.value;
          const edge = Math.min((width - 24 - 88) / wide, (height - 24 - 56) / high);
          const [x, y] = [wide / 2 - 44 / edge, high / 2 - 28 / edge];
          return [left + width / 2 + (cell.x + 4.9 - x) * edge, top + height / 2 + (cell.y + 4.9 - y) * edge];
        }"""
    )
    settled(wall)
    wall.page.mouse.click(x, y)  # where the cell's count is
    wanted = np.flatnonzero((known["label"] == 4) & (known["prediction"] == 9))
    until(lambda: wall.found == wanted.tolist())
    assert wall.value("collection.settings.get('shape')") == "grid"


def test_two_digits_side_by_side(wall: Wall) -> None:
    wall.value("(collection.choose(115), collection.settings.set('panel', 'digit'))")
    wall.panel.get_by_role("button", name="Pin, to compare").click()
    wall.value("collection.choose(18)")
    difference = wall.panel.get_by_role("img", name="less the pinned")
    difference.wait_for()
    one, other, told = wall.page.evaluate(
        """async () => {
          const { collection, renderRoot } = document.querySelector('glass-browse');
          const pixels = (id) => collection.wall.ask('pixels', { id });
          const compare = renderRoot.querySelector('glass-compare');
          await compare.updateComplete;
          return [[...(await pixels(18))], [...(await pixels(115))], compare.shadowRoot.textContent];
        }"""
    )
    apart = (np.array(one, float) - np.array(other, float)) / 255
    assert f"distance is {np.linalg.norm(apart):.2f}" in " ".join(told.split())
    # Blue where only this one has ink, orange where only the pinned one has, as the numbers say.
    colours = difference.evaluate(
        """(canvas) => {
          const data = canvas.getContext('2d').getImageData(0, 0, 224, 224).data;
          const at = (row, column) => [...data.subarray(4 * ((8 * row + 4) * 224 + 8 * column + 4)).subarray(0, 3)];
          return Array.from({ length: 784 }, (_, i) => at(Math.floor(i / 28), i % 28));
        }"""
    )
    warm = np.array([red - blue for red, _, blue in colours])
    assert (warm[apart > 0.8] < -60).all()
    assert (warm[apart < -0.8] > 60).all()
    assert (np.abs(warm[apart == 0]) < 30).all()
    until(lambda: "pin=test-115" in wall.address)
    wall.panel.get_by_role("button", name="Unpin").click()
    until(lambda: "pin=" not in wall.address)
    wall.value("collection.pinned.pin(115)")  # the same again
    until(lambda: wall.value("collection.pinned.pixels.value?.length") == 784)
    wall.value("collection.pinned.pin(-1)")


def test_share_exactly_this(wall: Wall, server: SiteServer, open_page: OpenPage) -> None:
    wall.value(
        "collection.setAll({ find: 'wrong', shape: 'grid', colour: 'prediction', sort: 'loss' })"
    )
    wall.value("(collection.choose(115), collection.pinned.pin(18))")
    until(lambda: "pin=test-18" in wall.address)
    other = Wall(open_page(wall.address, viewport=VIEW, reduced_motion="reduce")).wait()
    assert other.found == wall.found
    np.testing.assert_array_equal(settled(other), settled(wall))
    assert other.value("collection.pinned.digit.value") == 18


# What was broken ------------------------------------------------------------------------------


def test_typing_slowly_never_throws_the_wall_back(wall: Wall) -> None:
    """Half a word is no error before one pauses; what was found stays."""
    counts, alerts = wall.page.evaluate(
        """async () => {
          const { collection, renderRoot } = document.querySelector('glass-browse');
          const search = renderRoot.querySelector('glass-search');
          const input = search.renderRoot.querySelector('input');
          const [counts, alerts] = [[], []];
          for (const key of '4 pred:9') {
            input.value += key;
            input.dispatchEvent(new InputEvent('input', { bubbles: true }));
            await new Promise((resolve) => setTimeout(resolve, 250)); // more than the rest, less than a pause
            await search.updateComplete;
            counts.push(collection.found.value.ids.length);
            alerts.push(search.renderRoot.querySelectorAll('[role=alert]').length);
          }
          return [counts, alerts];
        }"""
    )
    assert max(alerts) == 0
    assert max(counts) < 10_000, counts
    assert 0 < counts[-1] < 100
    wall.find("4 pred:")  # now it is asked for
    assert "pred:" in wall.page.locator("glass-search [role=alert]").inner_text()
    assert len(wall.found) == counts[-1]
    wall.find("")


def test_a_pause_tells_what_cannot_be_read(wall: Wall) -> None:
    wall.search.focus()
    wall.page.keyboard.type("nonsense")
    wall.page.locator("glass-search [role=alert]").wait_for()
    wall.find("")


def test_go_to_an_index(wall: Wall) -> None:
    wall.listbox.focus()
    wall.page.keyboard.press("g")
    wall.page.keyboard.type("12345")
    wall.page.keyboard.press("Enter")
    wall.panel.get_by_role("heading", name="Training digit 12,345").wait_for()
    wall.page.keyboard.press("Escape")
    wall.find("")


def test_every_example_of_a_word_finds_some(wall: Wall) -> None:
    placeholder = str(wall.search.get_attribute("placeholder"))
    for word in placeholder.split():
        wall.find(word)
        assert wall.found, word
    wall.find("x>")
    told = wall.page.locator("glass-search [role=alert]").inner_text()
    for word in told.split("such as ")[1].split(", "):
        wall.find(word)
        assert wall.found, word
    wall.find("")


def test_the_skip_link_leads_onto_the_wall(wall: Wall) -> None:
    wall.page.locator(".skip").focus()
    wall.page.keyboard.press("Enter")
    assert wall.listbox.evaluate("one => one.matches(':focus')")


def test_back_undoes_a_step(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(
        open_page(server.url + "browse.html", viewport=VIEW, reduced_motion="reduce")
    ).wait()
    until(lambda: "shape=neighbours" in wall.address)
    wall.find("7")
    until(lambda: "find=7" in wall.address)
    wall.lay_out("Columns")
    until(lambda: "shape=label" in wall.address)
    wall.page.go_back()
    until(lambda: wall.value("collection.settings.get('shape')") == "neighbours")
    assert len(wall.found) < 10_000
    wall.page.go_back()
    until(lambda: len(wall.found) > 10_000)
    assert "browse.html" in wall.address


def test_all_found_can_be_selected_at_once(wall: Wall) -> None:
    wall.find("label:4 pred:9")
    many = len(wall.found)
    wall.page.get_by_role("button", name="Select", exact=True).click()
    wall.page.get_by_role("button", name=f"Select all {many}").click()
    assert wall.value("collection.selected.value.length") == many
    wall.page.get_by_role("button", name="Select", exact=True).click()
    wall.value("collection.select([])")
    wall.listbox.focus()
    wall.page.keyboard.press("Control+a")
    assert wall.value("collection.selected.value.length") == many
    wall.find("")


def test_a_click_during_a_change_counts(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(open_page(server.url + "browse.html?find=%235", viewport=VIEW)).wait()
    settled(wall)
    box = wall.listbox.bounding_box()
    assert box
    wall.value("collection.set('down', 'on')")
    wall.page.mouse.click(box["x"] + box["width"] / 2 - 60, box["y"] + box["height"] / 2)
    until(lambda: wall.value("collection.settings.get('panel')") == "digit")
    assert wall.value("collection.chosen.value") in wall.found


def test_the_chosen_digit_does_not_slide_under_the_drawer(wall: Wall) -> None:
    wall.value("collection.setAll({ shape: 'grid' })")
    wall.value("collection.setAll({ columns: '331', x: '150', y: '100', size: '40' })")
    settled(wall)
    wall.page.mouse.click(1240, 500)
    until(lambda: wall.value("collection.settings.get('panel')") == "digit")
    settled(wall)
    seen = wall.page.evaluate(
        """() => {
          const { collection, renderRoot } = document.querySelector('glass-browse');
          const { width } = renderRoot.querySelector('glass-plane').getBoundingClientRect();
          const { settings } = collection;
          const x = collection.chosen.value % collection.across.value;
          return [(x - settings.get('x')) * settings.get('size') + width / 2, width];
        }"""
    )
    assert 0 <= seen[0] <= seen[1] - 40, seen
    wall.value("collection.settings.set('panel', 'none')")


def test_the_keyboards_cursor_has_a_name(wall: Wall) -> None:
    """In a view in which a digit is a few pixels, the lens shows which one the keys are on."""
    wall.listbox.focus()
    wall.page.keyboard.press("ArrowRight")
    lens = wall.page.locator("glass-lens span")
    lens.wait_for()
    chosen = wall.value("collection.describe(collection.chosen.value)")
    until(lambda: chosen in lens.inner_text())
    wall.page.keyboard.press("ArrowRight")
    wall.page.keyboard.press("ArrowDown")
    until(lambda: lens.inner_text() == wall.value("collection.describe(collection.chosen.value)"))
    wall.search.focus()
    lens.wait_for(state="detached")
    wall.value("collection.choose(-1)")


def test_what_is_counted_while_digits_arrive(server: SiteServer, open_page: OpenPage) -> None:
    """So many of those that are here, not of those that there will be."""
    page = open_page(viewport=VIEW)
    page.route("**/data/mnist-*/train-0[5-9]*", lambda route: None)  # never answered
    page.goto(server.url + "browse.html?find=7")
    said = page.locator("glass-search [role=status]")
    until(lambda: " that are here" in said.inner_text() and not said.inner_text().startswith("0 "))
    words = said.inner_text().split()
    assert words[1:3] == ["of", "the"]
    assert int(words[0].replace(",", "")) < 0.2 * int(words[3].replace(",", ""))
