"""The wall of all digits: what it shows, finds and arranges; its keys, its address, its exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from support.after import still
from support.axe import faults
from support.server import SiteServer
from support.trainer import OpenPage, until
from support.wall import Wall, settled, settled_at, truth

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Open = Callable[..., Wall]


@pytest.fixture(scope="module")
def digits(site: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    return truth(site)


@pytest.fixture(scope="module")
def shared(browser: Browser, server: SiteServer) -> Iterator[Wall]:
    """One open wall for many tests, each of which begins with `fresh`."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(server.url + "browse.html")
    yield Wall(page).wait()
    context.close()
    assert problems == []


@pytest.fixture
def wall(shared: Wall) -> Wall:
    """The shared wall, its settings as they were at first."""
    shared.page.set_viewport_size({"width": 1280, "height": 800})
    shared.value("(collection.select([]), collection.settings.fromQuery(''))")
    return shared


def test_every_digit_is_on_the_wall(wall: Wall, digits: tuple[NDArray[np.uint8], ...]) -> None:
    images, labels = digits
    assert wall.value("collection.about.value.count") == len(images)
    assert wall.found == list(range(len(images)))
    assert wall.value("[...collection.columns.value.label]") == labels.tolist()
    assert np.unique(wall.pixels()[200:600, 200:1000, 0]).size > 50  # no blank, no even grey


def test_pixels_are_the_bytes_of_the_files(
    server: SiteServer, open_page: OpenPage, digits: tuple[NDArray[np.uint8], ...]
) -> None:
    """A thousand random pixels, read off the canvas; paper black and ink white for the test."""
    images, _ = digits
    across, down = 80, 40
    page = open_page(viewport={"width": across * 28, "height": 200 + down * 28})
    page.goto(f"{server.url}browse.html?columns={across}&x=0&y=0&size=28")
    wall = Wall(page).wait()
    box = page.locator("glass-plane").bounding_box()
    assert box
    page.set_viewport_size({"width": across * 28, "height": int(box["y"]) + down * 28})
    page.evaluate(
        """() => {
          const { style } = document.querySelector('glass-browse');
          style.setProperty('--pixel-zero', '#000');
          style.setProperty('--pixel-one', '#fff');
          document.documentElement.setAttribute('data-theme', 'light');
        }"""
    )
    rng = np.random.default_rng(1)
    ids = np.sort(rng.choice(len(images), 1000, replace=False))
    rows, columns = rng.integers(1, 27, (2, 1000))  # a ring touches its neighbours' edges
    known = wall.value(
        "[collection.columns.value.label, collection.columns.value.prediction].map((one) => [...one])"
    )
    misread = np.not_equal(*known)  # these are ringed
    seen = 0
    for band in range(0, len(images), across * down):
        chosen = (ids >= band) & (ids < band + across * down)
        if not chosen.any():
            continue
        middle = band // across + down / 2
        wall.value(
            f"(collection.settings.set('x', '{across / 2}'), collection.settings.set('y', '{middle}'))"
        )
        tall = int(page.locator("glass-plane canvas").evaluate("(canvas) => canvas.height"))
        offset = -((down * 28 - tall) // 2)  # half a pixel is rounded up
        place = ids - band
        y = offset + (place // across) * 28 + rows
        x = (place % across) * 28 + columns
        inside = np.flatnonzero(chosen & ~misread[ids] & (y >= 0) & (y < tall))
        picture = settled_at(wall, [(int(y[i]), int(x[i])) for i in inside])
        for i, pixel in zip(inside, picture, strict=True):
            assert tuple(pixel[:3]) == (images[ids[i], rows[i], columns[i]],) * 3, ids[i]
        seen += len(inside)
    assert seen >= 930, seen  # the rest lies under the edge of the window, or under a ring


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", lambda c: c["label"] == 7),
        ("label:4 pred:9", lambda c: (c["label"] == 4) & (c["pred"] == 9)),
        ("3 5 split:test", lambda c: np.isin(c["label"], [3, 5]) & c["test"]),
        ("wrong loss>0.5 ink<0.1", lambda c: c["wrong"] & (c["loss"] > 0.5) & (c["ink"] < 0.1)),
        ("#18", lambda c: c["index"] == 18),
        ("#18 test", lambda c: (c["index"] == 18) & c["test"]),
        ("-wrong -1 conf<0.5", lambda c: ~c["wrong"] & (c["label"] != 1) & (c["conf"] < 0.5)),
        ("sim>=0.8 train index<100", lambda c: (c["sim"] >= 0.8) & ~c["test"] & (c["index"] < 100)),
        ("label>7", lambda c: c["label"] > 7),
        ("loss>99", lambda c: c["loss"] > 99),
    ],
)
def test_words_find_what_they_say(
    wall: Wall, columns: dict[str, NDArray[np.generic]], text: str, expected: Callable[..., object]
) -> None:
    wall.find(text)
    wanted = np.flatnonzero(np.asarray(expected(columns)))
    assert wall.found == wanted.tolist()
    shown = wall.page.locator("glass-search [role=status]").inner_text()
    assert shown.startswith(f"{len(wanted):,} of ")
    counts = np.bincount(np.asarray(columns["label"])[wanted].astype(int), minlength=10)
    buttons = wall.page.locator("glass-labels .classes button")
    for label in (0, 7):
        words = buttons.nth(label).inner_text().split()
        assert words == [str(label), f"{counts[label]:,}", "digits"]


@pytest.fixture(scope="module")
def columns(shared: Wall) -> dict[str, NDArray[np.generic]]:
    names = ["label", "prediction", "loss", "confidence", "ink", "similarity", "index", "test"]
    given = shared.value(f"{names}.map((name) => [...collection.columns.value[name]])")
    y, pred, loss, conf, ink, sim, index, test = (np.array(column) for column in given)
    known = {"label": y, "pred": pred, "loss": loss, "conf": conf, "ink": ink, "sim": sim}
    return {**known, "index": index, "test": test == 1, "wrong": y != pred}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("frobnicate", "is not understood"),
        ("loss>much", "is not a number"),
        ("colour:red", "is no property"),
        ("split:middle", "expected split:test or split:train"),
        ("<script>alert(1)</script>", "is not understood"),
    ],
)
def test_words_that_mean_nothing_are_told_so_and_change_nothing(
    wall: Wall, text: str, words: str
) -> None:
    before = wall.found
    wall.find(text)
    assert words in wall.page.locator("glass-search [role=alert]").inner_text()
    assert wall.search.get_attribute("aria-invalid") == "true"
    assert wall.found == before


@pytest.mark.parametrize("sort", ["label", "ink", "similarity", "loss", "confidence", "prediction"])
def test_sorting(wall: Wall, columns: dict[str, NDArray[np.generic]], sort: str) -> None:
    short = {"similarity": "sim", "confidence": "conf", "prediction": "pred"}.get(sort, sort)
    key = np.asarray(columns[short])
    wall.page.get_by_label("Sort by").select_option(sort)
    np.testing.assert_array_equal(wall.found, np.argsort(key, kind="stable"))
    wall.page.get_by_role("button", name="Largest first").click()
    assert (np.diff(key[wall.found]) <= 0).all()


def test_columns_by_label_and_by_confusion(wall: Wall) -> None:
    wall.lay_out("Columns")
    x, label, across = wall.value(
        "[[...collection.arrangement.value.x], [...collection.arrangement.value.ids]"
        ".map((id) => collection.columns.value.label[id]), collection.across.value]"
    )
    np.testing.assert_array_equal(np.array(x) // (across + 2), label)
    wall.lay_out("Confusion")
    assert wall.value("collection.arrangement.value.headings.length") == 21
    spots = wall.value("[[...collection.arrangement.value.x], [...collection.arrangement.value.y]]")
    assert len(set(zip(*spots, strict=True))) == len(spots[0])
    counts = wall.value("collection.arrangement.value.cells.map(({ count }) => count)")
    assert sum(counts) == wall.value("collection.about.value.count")


def test_the_map_of_neighbours_keeps_classes_together(wall: Wall) -> None:
    wall.lay_out("Map")
    x, y, label = (
        np.array(column)
        for column in wall.value(
            "[[...collection.arrangement.value.x], [...collection.arrangement.value.y], "
            "[...collection.columns.value.label]]"
        )
    )
    rng = np.random.default_rng(0)
    same = []
    for i in rng.choice(len(x), 200, replace=False):
        far = (x - x[i]) ** 2 + (y - y[i]) ** 2
        far[i] = np.inf
        same.append(np.mean(label[np.argpartition(far, 5)[:5]] == label[i]))
    assert np.mean(same) > 0.8  # by chance it would be a tenth


def test_the_address_holds_the_view(wall: Wall, server: SiteServer, open_page: OpenPage) -> None:
    wall.find("wrong 4")
    wall.page.get_by_label("Sort by").select_option("loss")
    wall.listbox.focus()
    wall.page.keyboard.press("Home")
    wall.page.keyboard.press("+")
    wall.page.keyboard.press("Enter")

    def address() -> str:
        return str(wall.page.evaluate("() => location.href"))

    until(lambda: "panel=digit" in address() and "size=" in address())
    other = Wall(open_page(address(), viewport={"width": 1280, "height": 800})).wait()
    assert other.found == wall.found
    heading = "glass-example h2"
    assert other.page.locator(heading).inner_text() == wall.page.locator(heading).inner_text()
    for name in ["x", "y", "size", "columns"]:
        expression = f"collection.settings.get('{name}')"
        assert other.value(expression) == wall.value(expression) != 0


def test_a_bad_address_is_told_and_harmless(server: SiteServer, open_page: OpenPage) -> None:
    query = "?digit=<b>&sort=colour&size=-3&panel=x&find=%00%F0&shape=__proto__&down=maybe"
    wall = Wall(open_page(server.url + "browse.html" + query)).wait()
    notes = wall.page.locator("glass-status .notes li").all_inner_texts()
    assert len(notes) == 6
    assert all("is used" in note for note in notes)


def test_one_digit(wall: Wall, server: SiteServer, digits: tuple[NDArray[np.uint8], ...]) -> None:
    images, labels = digits
    wall.value("(collection.choose(18), collection.settings.set('panel', 'digit'))")
    panel = wall.panel
    panel.get_by_role("heading", name=f"Test digit 18, labelled {labels[18]}").wait_for()
    canvas = panel.get_by_role("img", name="Test digit 18")
    canvas.focus()
    for key, row, column in [("ArrowDown", 14, 13), ("ArrowRight", 14, 14), ("ArrowUp", 13, 14)]:
        canvas.press(key)
        value = images[18, row, column]
        panel.get_by_text(f"Row {row}, column {column}: {value}").wait_for()
    thumbs = panel.locator("glass-thumb")
    thumbs.nth(17).wait_for()
    flat = images.reshape(len(images), -1).astype(np.float32)
    far = np.linalg.norm(flat - flat[18], axis=1)
    nearest = np.argsort(far)[1:13]
    others = np.argsort(np.where(labels == labels[18], np.inf, far))[:6]
    shown = thumbs.evaluate_all("all => all.map(one => one.digit)")
    assert [int(v) for v in shown] == [*nearest, *others]
    outputs = [float(text) for text in panel.locator("tbody td:last-child").all_inner_texts()]
    assert len(outputs) == 10
    assert outputs[wall.value("collection.columns.value.prediction[18]")] == max(outputs)
    assert max(outputs) == pytest.approx(
        wall.value("collection.columns.value.confidence[18]"), abs=2e-3
    )
    link = panel.get_by_role("link", name="Look inside")
    assert link.get_attribute("href") == f"{server.url}network.html?digit=18"
    thumbs.first.locator("button").click()
    until(lambda: wall.value("collection.chosen.value") == nearest[0])


def test_the_set(wall: Wall, digits: tuple[NDArray[np.uint8], ...]) -> None:
    images, labels = digits
    wall.find("3 test")
    wall.page.get_by_role("button", name="The set").click()
    wall.panel.locator("td canvas").first.wait_for()
    chosen = np.array(wall.found)
    figures = wall.page.locator("glass-set").evaluate(
        "set => [[...set.figures.counts], [...set.figures.means.slice(3 * 784, 4 * 784)],"
        " [...set.figures.deviations.slice(3 * 784, 4 * 784)], [...set.figures.histogram]]"
    )
    counts, means, deviations, histogram = (np.array(part) for part in figures)
    threes = images[chosen].reshape(len(chosen), -1).astype(float)
    np.testing.assert_array_equal(counts, np.bincount(labels[chosen], minlength=10))
    np.testing.assert_allclose(means, threes.mean(axis=0), atol=1e-3)
    np.testing.assert_allclose(deviations, threes.std(axis=0), atol=1e-2)
    np.testing.assert_array_equal(histogram, np.bincount(images[chosen].ravel(), minlength=256))
    worst = [
        int(v)
        for v in wall.panel.locator("li glass-thumb").evaluate_all("a => a.map(o => o.digit)")
    ]
    loss = np.array(wall.value("[...collection.columns.value.loss]"))
    assert worst
    assert (np.diff(loss[worst]) <= 0).all()


def test_keys_alone(wall: Wall) -> None:
    keyboard = wall.page.keyboard
    wall.page.locator("body").click(position={"x": 600, "y": 20})
    keyboard.press("/")
    keyboard.type("test")
    keyboard.press("Enter")
    keyboard.press("Escape")
    assert wall.page.evaluate("() => document.activeElement.localName") == "glass-browse"
    across = wall.value("collection.across.value")
    for key, index in [
        ("Home", 0), ("ArrowRight", 1), ("ArrowDown", across + 1), ("ArrowLeft", across),
        ("ArrowUp", 0), ("End", wall.value("collection.about.value.parts[0].count") - 1),
    ]:  # fmt: skip
        keyboard.press(key)
        assert f"Test digit {index:,}" in wall.option.inner_text()
    assert wall.listbox.get_attribute("aria-activedescendant") == "chosen"
    keyboard.press("Home")
    for _ in range(4):
        keyboard.press("+")
    size = wall.value("collection.settings.get('size')")
    assert size > 8
    keyboard.press("PageDown")
    rows = int(wall.value("collection.chosen.value")) / wall.value("collection.across.value")
    assert rows > 1
    keyboard.press("Home")
    keyboard.press("Shift+ArrowRight")
    keyboard.press("Shift+ArrowRight")
    assert wall.value("[...collection.selected.value]") == [0, 1, 2]
    keyboard.press(" ")
    assert wall.value("[...collection.selected.value]") == [0, 1]
    keyboard.press("Enter")
    wall.panel.get_by_role("heading", name="Test digit 2,").wait_for()
    keyboard.press("Escape")
    wall.panel.wait_for(state="detached")
    keyboard.press("Escape")
    assert wall.value("collection.selected.value.length") == 0
    keyboard.press("0")
    assert wall.value("collection.settings.get('size')") == 0
    keyboard.press("g")
    assert wall.search.input_value() == "#"


def test_pointer_and_wheel(wall: Wall) -> None:
    mouse = wall.page.mouse
    settled(wall)
    mouse.move(640, 480)
    wall.page.locator("glass-plane .label span").wait_for()
    hovered = wall.page.locator("glass-plane .label span").inner_text()
    mouse.wheel(0, -600)
    until(lambda: wall.value("collection.settings.get('size')") > 5)  # they were 3.4
    mouse.move(641, 480)
    until(
        lambda: wall.page.locator("glass-plane .label span").inner_text() == hovered
    )  # it stayed there
    before = wall.value("[collection.settings.get('x'), collection.settings.get('size')]")
    mouse.down()
    mouse.move(741, 480, steps=5)
    mouse.up()
    x, size = wall.value("[collection.settings.get('x'), collection.settings.get('size')]")
    assert x == pytest.approx(before[0] - 100 / size, abs=0.2)
    mouse.click(640, 480)
    wall.panel.wait_for()
    assert wall.option.inner_text().startswith(("Test digit", "Training digit"))


def test_touch(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(
        open_page(
            server.url + "browse.html", has_touch=True, viewport={"width": 360, "height": 740}
        )
    ).wait()
    session = wall.page.context.new_cdp_session(wall.page)
    before = wall.value("collection.arrangement.value.width")

    def touch(kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    touch("touchStart", (150, 500), (200, 500))
    for k in range(1, 9):
        touch("touchMove", (150 - 10 * k, 500), (200 + 10 * k, 500))
    touch("touchEnd")
    until(lambda: wall.value("collection.settings.get('size')") > 3 * 300 / before)
    wall.page.touchscreen.tap(180, 500)
    wall.panel.wait_for()


def test_selecting_and_taking_along(wall: Wall, digits: tuple[NDArray[np.uint8], ...]) -> None:
    images, labels = digits
    wall.find("wrong 8 test")
    wall.page.keyboard.press("Escape")
    box = wall.listbox.bounding_box()
    assert box
    wall.page.get_by_role("button", name="Select", exact=True).click()
    wall.page.mouse.move(box["x"] + 2, box["y"] + 2)
    wall.page.mouse.down()
    wall.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2, steps=4)
    wall.page.mouse.up()
    wall.page.get_by_role("button", name="Select", exact=True).click()
    ids = wall.value("[...collection.selected.value]")
    assert 0 < len(ids) < len(wall.found)
    with wall.page.expect_download() as download:
        wall.page.get_by_role("button", name="Save .npz").click()
    with np.load(
        io.BytesIO(Path(download.value.path()).read_bytes()), allow_pickle=False
    ) as arrays:
        np.testing.assert_array_equal(arrays["images"], images[ids])
        np.testing.assert_array_equal(arrays["labels"], labels[ids])
        np.testing.assert_array_equal(arrays["index"], ids)  # test digits come first
        assert arrays["test"].all()
    with wall.page.expect_download() as download:
        wall.page.get_by_role("button", name="Save CSV").click()
    rows = list(
        csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8")))
    )
    assert [(row["split"], int(row["index"]), row["label"]) for row in rows] == [
        ("test", i, "8") for i in ids
    ]


def test_the_list_says_what_the_wall_shows(wall: Wall) -> None:
    wall.find("wrong 2")
    wall.page.get_by_role("button", name="List").click()
    rows = wall.panel.locator("tbody tr")
    assert rows.count() == min(50, len(wall.found)) > 10
    first = rows.first.locator("td").all_inner_texts()
    assert first[0] == "2"
    assert first[1] != "2"
    rows.first.get_by_role("button").click()
    assert wall.value("collection.chosen.value") == wall.found[0]


def test_what_the_facts_say_agrees_with_the_pixels(wall: Wall) -> None:
    """Ink and likeness were computed by numpy at build time; the page can compute them, too."""
    ink, similarity, own_ink, own_similarity = wall.page.evaluate(
        """async () => {
          const { collection } = document.querySelector('glass-browse');
          const { ink, similarity } = await collection.wall.ask('measures', {});
          const known = collection.columns.value;
          return [[...known.ink], [...known.similarity], [...ink], [...similarity]];
        }"""
    )
    np.testing.assert_allclose(own_ink, ink, atol=1e-6)
    np.testing.assert_allclose(own_similarity, similarity, atol=1e-5)


SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


def test_accessibility(server: SiteServer, open_page: OpenPage) -> None:
    wall = Wall(open_page(server.url + "browse.html?find=wrong&digit=test-18")).wait()

    def check(what: str) -> None:
        for scheme in SCHEMES:
            wall.page.emulate_media(color_scheme=scheme)
            still(wall.page)
            assert faults(wall.page) == [], (what, scheme)

    for panel in ["none", "digit", "set", "list", "help"]:
        wall.value(f"collection.settings.set('panel', '{panel}')")
        check(panel)
    wall.value("collection.select(collection.ordered.value.slice(0, 9))")
    wall.page.set_viewport_size({"width": 360, "height": 740})
    check("on a phone")
    assert wall.page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_nothing_of_python_is_fetched_unasked(
    serve: Callable[..., SiteServer], open_page: OpenPage
) -> None:
    own = serve(prefix="/a/b/")
    wall = Wall(open_page(own.url + "browse.html")).wait()
    wall.find("wrong")
    assert not [name for name in own.requested if name.startswith("python/")]


def test_a_missing_shard_is_told_and_tried_again(
    serve: Callable[..., SiteServer], site: Path, open_page: OpenPage, problems: list[str]
) -> None:
    from support.server import Answer

    shard = next(site.glob("data/mnist-*/test-01*")).relative_to(site).as_posix()
    broken = serve({shard: Answer(status=404)})
    page = open_page(broken.url + "browse.html")
    page.locator("glass-status .failure").wait_for()
    assert shard.rsplit("/", 1)[1] in page.locator("glass-status .failure").inner_text()
    del broken.overlay[shard]
    page.get_by_role("button", name="Try again").click()
    Wall(page).wait()
    problems.clear()  # the 404, which the console reports
