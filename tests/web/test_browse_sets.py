"""Other sets on the wall: pictures of any size, any number of classes, with and without labels and
names. The files are made here: nothing is fetched, and no published image is in the project."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.data import catalog
from make import node
from make.settings import WEB, settings
from support.after import still
from support.axe import faults
from support.server import SiteServer
from support.trainer import BOOT, OpenPage, until
from support.wall import Wall, idx, settled, upload

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RNG = np.random.default_rng(5)
COUNT, TESTS, ROWS, COLUMNS, CLASSES = 520, 120, 40, 30, 26
LETTERS = [chr(ord("a") + k) for k in range(CLASSES)]


def pictures(labels: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """A bright block whose place tells the class, and noise."""
    images = RNG.integers(0, 60, (len(labels), rows, columns)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        y, x = divmod(int(label), 6)
        high, wide = max(1, rows // 6), max(1, columns // 6)
        image[y * high : (y + 1) * high, x * wide : (x + 1) * wide] = 200 + label % 50
    return images


LABELS = RNG.integers(0, CLASSES, COUNT).astype(np.uint8)
IMAGES = pictures(LABELS, ROWS, COLUMNS)
FILES = [
    upload("t10k-images", idx(IMAGES[:TESTS])),
    upload("t10k-labels.gz", idx(LABELS[:TESTS]), packed=True),
    upload("train-images.gz", idx(IMAGES[TESTS:]), packed=True),
    upload("train-labels", idx(LABELS[TESTS:])),
    upload("letters.txt", "\r\n".join(LETTERS).encode()),
]


def choose(wall: Wall, files: list[dict[str, Any]]) -> None:
    """Opens files and waits for their set."""
    before = wall.value("(window.before = collection.about.value, collection.about.value.title)")
    wall.value("collection.settings.set('panel', 'help')")
    wall.page.get_by_role("button", name="Words", exact=True).click()
    with wall.page.expect_file_chooser() as chooser:
        wall.page.get_by_role("button", name="choose files").click()
    chooser.value.set_files(files)  # type: ignore[arg-type]
    until(
        lambda: wall.value("collection.about.value !== window.before || collection.refusal.value"),
    )
    assert wall.value("collection.refusal.value") is None, before
    until(
        lambda: wall.value("collection.columns.value.ink?.length === collection.about.value.count")
    )


@pytest.fixture(scope="module")
def shared(browser: Browser, server: SiteServer) -> Iterator[Wall]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(server.url + "browse.html")
    wall = Wall(page).wait()
    choose(wall, FILES)
    yield wall
    context.close()
    assert problems == []


@pytest.fixture
def wall(shared: Wall) -> Wall:
    """The shared wall with the set of 26 classes, its settings as they were at first."""
    if shared.value("collection.about.value.count") != COUNT:
        choose(shared, FILES)
    shared.value("(collection.select([]), collection.settings.fromQuery(''))")
    return shared


def test_all_of_it_is_on_the_wall(wall: Wall) -> None:
    about = wall.value("collection.about.value")
    assert (about["rows"], about["columns"], about["count"]) == (ROWS, COLUMNS, COUNT)
    assert about["classes"] == LETTERS
    assert wall.found == list(range(COUNT))
    assert wall.value("[...collection.columns.value.label]") == LABELS.tolist()
    assert "520 images" in wall.page.locator("glass-search [role=status]").inner_text()
    buttons = wall.page.locator("glass-labels .classes button")
    assert buttons.count() == CLASSES
    assert buttons.nth(3).inner_text().split() == ["d", str((LABELS == 3).sum()), "images"]


def test_pixels_are_the_bytes_of_the_files(wall: Wall) -> None:
    """At one page pixel a pixel, and at four; paper black and ink white for the test."""
    wall.page.evaluate(
        """() => {
          const { style } = document.querySelector('glass-browse');
          style.setProperty('--pixel-zero', '#000');
          style.setProperty('--pixel-one', '#fff');
          document.documentElement.setAttribute('data-theme', 'dark');
        }"""
    )
    for size in (40, 160):
        times = size // 40
        wall.value(
            f"['columns=26', 'x=10', 'y=4', 'size={size}'].map((one) => one.split('='))"
            ".forEach(([name, value]) => collection.settings.set(name, value))"
        )
        picture = settled(wall)[:, :, 0]
        height, width = picture.shape
        seen = 0
        for y in range(4, height - 4, 3):
            for x in range(4, width - 4, 7):
                column, right = divmod((x - (width + 1) // 2) // times + 10 * 40, 40)
                row, down = divmod((y - (height + 1) // 2) // times + 4 * 40, 40)
                place = row * 26 + column
                if not (0 <= column < 26 and row >= 0 and place < COUNT):
                    continue
                inside = 6 <= right < 35 and down >= 1  # at the cell's edges lies a hairline
                if not inside or (size > 84 and down < 6):  # and a label in its corner
                    continue
                assert picture[y, x] == IMAGES[place, down, right - 5], (place, down, right, size)
                seen += 1
        assert seen > 5000
    wall.page.evaluate("() => document.documentElement.removeAttribute('style')")


def test_values_are_written_on_the_pixels(wall: Wall) -> None:
    before = settled(wall)
    wall.value("(collection.choose(7), document.querySelector('glass-browse').renderRoot"
               ".querySelector('glass-plane').show(7))")  # fmt: skip
    wall.value("collection.settings.set('size', '1600')")
    at_rest = settled(wall)
    assert not np.array_equal(before, at_rest)
    # One pixel of the picture is 40 of the page's: a plain square, but for the number on it.
    middle = at_rest[at_rest.shape[0] // 2 - 60 :, at_rest.shape[1] // 2 - 60 :, 0][:120, :120]
    assert len(np.unique(middle)) > 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("label:c", LABELS == 2),
        ("c", LABELS == 2),
        ("C d test", np.isin(LABELS, [2, 3]) & (np.arange(COUNT) < TESTS)),
        ("-c index<10", (LABELS != 2) & (np.r_[0:TESTS, 0 : COUNT - TESTS] < 10)),
    ],
)
def test_words_find(wall: Wall, text: str, expected: NDArray[np.bool_]) -> None:
    wall.find(text)
    assert wall.found == np.flatnonzero(expected).tolist()


def test_arranging(wall: Wall) -> None:
    mean = IMAGES.reshape(COUNT, -1).mean(axis=1)
    wall.page.get_by_label("Sort by").select_option("ink")
    ink = mean[wall.found]
    assert (np.diff(ink) >= -1e-3).all()
    wall.page.get_by_label("Sort by").select_option("similarity")
    flat = IMAGES.reshape(COUNT, -1).astype(float)
    train = np.arange(COUNT) >= TESTS
    means = np.array([flat[train & (k == LABELS)].mean(axis=0) for k in range(CLASSES)])[LABELS]
    norms = np.linalg.norm(flat, axis=1) * np.linalg.norm(means, axis=1)
    likeness = (flat * means).sum(axis=1) / norms
    assert (np.diff(likeness[wall.found]) >= -1e-5).all()
    wall.lay_out("Columns")
    headings = wall.value("collection.arrangement.value.headings.map(({ text }) => text)")
    assert headings == LETTERS


def test_what_needs_the_network_is_absent_and_says_why(wall: Wall) -> None:
    options = wall.page.locator("glass-arrange option[disabled]").all_inner_texts()
    assert len(options) == 5
    assert all("not read by the network" in text for text in options)
    wall.find("wrong")
    assert "not known here" in wall.page.locator("glass-search [role=alert]").inner_text()
    wall.value("(collection.choose(200), collection.settings.set('panel', 'digit'))")
    wall.panel.get_by_text("has not read this set").wait_for()
    assert wall.panel.get_by_role("link", name="Look inside").count() == 0


def test_one_image(wall: Wall) -> None:
    wall.value("(collection.choose(200), collection.settings.set('panel', 'digit'))")
    panel = wall.panel
    panel.get_by_role(
        "heading", name=f"Training image 80, labelled {LETTERS[LABELS[200]]}"
    ).wait_for()
    canvas = panel.get_by_role("img", name="Training image 80")
    canvas.focus()
    canvas.press("ArrowDown")
    panel.get_by_text(f"Row 20, column 14: {IMAGES[200, 20, 14]}").wait_for()
    for _ in range(COLUMNS):
        canvas.press("ArrowRight")
    panel.get_by_text(f"Row 20, column {COLUMNS - 1}: {IMAGES[200, 20, COLUMNS - 1]}").wait_for()
    box = canvas.bounding_box()
    assert box
    assert box["height"] / box["width"] == pytest.approx(ROWS / COLUMNS, abs=0.01)
    panel.locator("glass-thumb").nth(11).wait_for()
    flat = IMAGES.reshape(COUNT, -1).astype(np.float32)
    nearest = np.argsort(np.linalg.norm(flat - flat[200], axis=1), kind="stable")[1:13]
    near = panel.locator("glass-thumb").evaluate_all("all => all.map(one => one.digit)")
    assert near[:12] == nearest.tolist()  # then those with another label
    first = 16 + 80 * ROWS * COLUMNS
    last = first + ROWS * COLUMNS - 1
    panel.get_by_text(f"bytes {first:,} to {last:,} of train-images").wait_for()


def test_the_set(wall: Wall) -> None:
    wall.page.get_by_role("button", name="The set").click()
    wall.panel.locator("td canvas").first.wait_for()
    rows, columns, counts, means, histogram = wall.page.locator("glass-set").evaluate(
        "set => [set.figures.rows, set.figures.columns, [...set.figures.counts],"
        " [...set.figures.means], [...set.figures.histogram]]"
    )
    assert (rows, columns) == (ROWS, COLUMNS)
    np.testing.assert_array_equal(counts, np.bincount(LABELS, minlength=CLASSES))
    wanted = [IMAGES[k == LABELS].mean(axis=0) for k in range(CLASSES)]
    np.testing.assert_allclose(means, np.ravel(wanted), atol=1e-3)
    np.testing.assert_array_equal(histogram, np.bincount(IMAGES.ravel(), minlength=256))
    wall.panel.get_by_text("40 × 30 pixels").wait_for()
    assert faults(wall.page) == []


def test_a_selection_is_saved_in_its_size(wall: Wall) -> None:
    wall.value("collection.select([3, 130, 131])")
    with wall.page.expect_download() as download:
        wall.page.get_by_role("button", name="Save .npz").click()
    data = io.BytesIO(Path(download.value.path()).read_bytes())
    with np.load(data, allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["images"], IMAGES[[3, 130, 131]])
        np.testing.assert_array_equal(arrays["labels"], LABELS[[3, 130, 131]])
    with wall.page.expect_download() as download:
        wall.page.get_by_role("button", name="Save CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [
        f"test,3,{LETTERS[LABELS[3]]}",
        *(f"train,{k - TESTS},{LETTERS[LABELS[k]]}" for k in (130, 131)),
    ]


def test_python_over_pixels_of_another_size(wall: Wall) -> None:
    wall.page.get_by_role("button", name="Python", exact=True).click()
    wall.find("(y == 5) | (X[:, 39, 29] > 50)")
    wanted = (LABELS == 5) | (IMAGES[:, 39, 29] > 50)
    until(lambda: wall.found == np.flatnonzero(wanted).tolist(), BOOT)
    wall.find("")
    wall.lay_out("PCA")
    until(lambda: wall.value("collection.python.points.value?.length") == 2 * COUNT, BOOT)
    until(lambda: not wall.value("collection.arrangement.value.lattice"))
    assert f"of all {COUNT:,}" in wall.page.locator("glass-browse .told").inner_text()
    flat = IMAGES.reshape(COUNT, -1)
    spread = np.linalg.svd(flat - flat.mean(axis=0), compute_uv=False)[:2] ** 2
    points = np.array(wall.value("[...collection.python.points.value]")).reshape(COUNT, 2)
    np.testing.assert_allclose((points**2).sum(axis=0), spread, rtol=1e-2)


def named(name: str, array: NDArray[np.uint8], packed: bool = False) -> dict[str, Any]:
    return upload(name, idx(array), packed)


def test_emnist_is_turned_upright_and_named(shared: Wall) -> None:
    labels = np.array([1, 26, 2, 5], np.uint8)
    images = pictures(labels, 28, 28)
    stored = np.ascontiguousarray(images.transpose(0, 2, 1))
    start = "emnist-letters-train-"
    choose(
        shared,
        [
            named(start + "images-idx3-ubyte", stored),
            named(start + "labels-idx1-ubyte.gz", labels, True),
        ],
    )
    assert shared.value("collection.about.value.title") == "EMNIST letters"
    pixels = shared.page.evaluate(
        "async () => [...await document.querySelector('glass-browse').collection"
        ".wall.ask('pixels', { id: 2 })]"
    )
    assert pixels == images[2].ravel().tolist()
    shared.find("Z")
    assert shared.found == [1]
    shared.find("")
    shared.page.get_by_role("button", name="The set").click()
    shared.panel.get_by_text("Known as EMNIST letters by its files’ names").wait_for()
    shared.panel.get_by_text("turned upright").wait_for()


def test_fashion_is_known_by_its_folder(shared: Wall) -> None:
    labels = np.array([9, 0, 1, 9], np.uint8)
    choose(
        shared,
        [
            named("fashion-t10k-images-idx3-ubyte", pictures(labels, 28, 28)),
            named("fashion-t10k-labels-idx1-ubyte", labels),
        ],
    )
    shared.page.get_by_role("button", name="Ankle boot").click()
    assert shared.search.input_value() == 'label:"Ankle boot"'
    assert shared.found == [0, 3]
    assert (
        shared.page.get_by_role("button", name="Ankle boot").get_attribute("aria-pressed") == "true"
    )
    shared.page.get_by_role("button", name="Trouser").click()
    assert shared.found == [0, 2, 3]
    shared.listbox.focus()
    shared.page.keyboard.press("Home")
    assert "Test image 0: labelled Ankle boot" in shared.option.inner_text()


def test_qmnists_labels_of_int32(shared: Wall) -> None:
    labels = np.array([3, 1, 4, 1, 5], np.uint8)
    rows = np.zeros((5, 8), ">i4")
    rows[:, 0], rows[:, 1:] = labels, 77
    rows[:, 2] = [300, 12, 300, 4099, 12]
    head = b"\0\0\x0c\x02" + np.array([5, 8], ">u4").tobytes()
    choose(
        shared,
        [
            named("qmnist-test-images-idx3-ubyte", pictures(labels, 28, 28)),
            upload("qmnist-test-labels-idx2-int.gz", head + rows.tobytes(), packed=True),
        ],
    )
    assert shared.value("[...collection.columns.value.label]") == labels.tolist()
    assert "5 digits" in shared.page.locator("glass-search [role=status]").inner_text()
    shared.find("writer:300")
    assert shared.found == [0, 2]
    shared.find("")
    shared.value("(collection.choose(4), collection.settings.set('panel', 'digit'))")
    shared.panel.get_by_text("Written by writer 12.").wait_for()
    shared.panel.get_by_role("button", name="All of this hand (2)").click()
    until(lambda: shared.found == [1, 4])


def test_images_without_labels_are_unlabelled(shared: Wall) -> None:
    labels = np.zeros(30, np.uint8)
    choose(shared, [named("photos.idx", pictures(labels, 9, 16))])
    assert shared.value("collection.about.value.classes") == ["unlabelled"]
    shared.find("unlabelled")
    assert shared.found == list(range(30))
    shared.value("(collection.choose(4), collection.settings.set('panel', 'digit'))")
    shared.panel.get_by_role("heading", name="Training image 4, unlabelled").wait_for()
    choose(
        shared,
        [
            named("test-images", pictures(labels[:10], 9, 16)),
            named("train-images", pictures(labels, 9, 16)),
            named("train-labels", np.arange(30, dtype=np.uint8) % 3),
        ],
    )
    assert shared.value("collection.about.value.classes") == ["0", "1", "2", "unlabelled"]
    assert shared.value("[...collection.columns.value.label]") == [3] * 10 + [0, 1, 2] * 10


def test_names_can_come_after_the_images(shared: Wall) -> None:
    labels = np.arange(20, dtype=np.uint8) % 2
    choose(shared, [named("images", pictures(labels, 5, 5)), named("labels", labels)])
    choose(shared, [upload("names.txt", "köttbulle\nСуп\n".encode())])
    shared.find("Суп")
    assert shared.found == list(range(1, 20, 2))


@pytest.mark.parametrize(
    ("rows", "columns", "count", "classes"), [(1, 1, 300, 2), (512, 512, 12, 3), (3, 200, 40, 256)]
)
def test_the_smallest_and_the_largest(
    shared: Wall, rows: int, columns: int, count: int, classes: int
) -> None:
    labels = (np.arange(count) * 7 % classes).astype(np.uint8)
    labels[-1] = classes - 1
    images = RNG.integers(0, 256, (count, rows, columns)).astype(np.uint8)
    choose(shared, [named("images", images), named("labels", labels)])
    assert len(shared.value("collection.about.value.classes")) == classes
    shared.page.get_by_role("button", name="The set").click()
    shared.panel.locator("td canvas").nth(1).wait_for()
    pixels = shared.page.evaluate(
        f"async () => [...await document.querySelector('glass-browse').collection"
        f".wall.ask('pixels', {{ id: {count - 1} }})]"
    )
    assert pixels == images[-1].ravel().tolist()
    assert np.unique(settled(shared)[..., 0]).size > 5
    shared.value("(collection.choose(3), collection.settings.set('size', '20000'))")
    assert shared.value("collection.settings.get('size')") == 20000
    assert np.unique(settled(shared)[..., 0]).size > 1


def test_a_set_is_known_by_the_checksum_of_its_labels() -> None:
    """The published files are not at hand; so a made one's sum is put in their place."""
    labels = idx(np.arange(10, dtype=np.uint8))
    script = f"""
      import {{ KNOWN, recognise }} from {json.dumps((WEB / "data/catalog.js").as_uri())};
      const bytes = new Uint8Array({list(labels)});
      const told = async () => JSON.stringify(await recognise(['a/train-images-idx3-ubyte'],
        {{ file: bytes, unpacked: bytes }}).then((found) => found?.source.title ?? null));
      const before = await told();
      KNOWN[2].md5[1] = '{hashlib.md5(labels, usedforsecurity=False).hexdigest()}';
      const packed = await told();
      KNOWN[2].md5[1] = '';
      KNOWN[0].sha256[0] = '{hashlib.sha256(labels).hexdigest()}';
      console.log(before, packed, await told());
    """
    assert run_node(script).split() == ["null", '"Kuzushiji-MNIST"', '"MNIST"']


def test_the_catalog_is_the_packages() -> None:
    """Names, classes, files, checksums and the turning of images, as pylib has them."""
    script = f"""
      import {{ KNOWN }} from {json.dumps((WEB / "data/catalog.js").as_uri())};
      console.log(JSON.stringify(KNOWN));
    """
    found = json.loads(run_node(script))
    assert found == [
        {
            "name": source.name,
            "title": source.title,
            "classes": list(source.classes),
            "files": list(source.files),
            "first": source.first_label,
            "transposed": source.transposed,
            "md5": list(source.md5[1::2]),
            "sha256": list(source.sha256[1::2]),
        }
        for source in catalog.KNOWN
    ]


def run_node(script: str) -> str:
    """What a module prints."""
    found = node.find(settings(offline=True))
    command = [str(found.program), "--input-type=module", "--eval", script]
    environment = {**os.environ, **found.env}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


def test_a_set_on_a_phone(server: SiteServer, open_page: OpenPage) -> None:
    page = open_page(server.url + "browse.html", viewport={"width": 360, "height": 740})
    wall = Wall(page).wait()
    choose(wall, FILES)
    for panel in ["none", "digit", "set"]:
        wall.value(f"(collection.choose(9), collection.settings.set('panel', '{panel}'))")
        still(page)
        assert faults(page) == [], panel
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
