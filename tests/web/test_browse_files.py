"""Sets of the visitor's own on the wall; bad files, which change nothing; Python over them."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from support.server import SiteServer
from support.trainer import BOOT, until
from support.wall import Wall, idx, upload

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RNG = np.random.default_rng(0)
IMAGES = (RNG.random((300, 28, 28)) * RNG.random((300, 1, 1)) * 255).astype(np.uint8)
LABELS = RNG.integers(0, 12, 300).astype(np.uint8)
GOOD = [
    upload("t10k-images-idx3-ubyte", idx(IMAGES[:100])),
    upload("t10k-labels-idx1-ubyte.gz", idx(LABELS[:100]), packed=True),
    upload("train-images-idx3-ubyte.gz", idx(IMAGES[100:]), packed=True),
    upload("train-labels-idx1-ubyte", idx(LABELS[100:])),
]
EMNIST = [
    upload("emnist-letters-test-images-idx3-ubyte", idx(IMAGES[:4])),
    upload("emnist-letters-test-labels-idx1-ubyte", idx(LABELS[:4])),
]


@pytest.fixture(scope="module")
def wall(browser: Browser, server: SiteServer) -> Iterator[Wall]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda one: problems.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(server.url + "browse.html?panel=help")
    yield Wall(page).wait()
    context.close()
    assert problems == []


def choose(wall: Wall, files: list[dict[str, Any]]) -> None:
    wall.value("collection.settings.set('panel', 'help')")
    with wall.page.expect_file_chooser() as chooser:
        wall.page.get_by_role("button", name="choose files").click()
    chooser.value.set_files(files)  # type: ignore[arg-type]


def images(name: str, *shape: int) -> dict[str, Any]:
    return upload(name, idx(np.zeros(shape, np.uint8)))


BAD: list[tuple[str, list[dict[str, Any]], str]] = [
    ("no IDX", [upload("a.idx", b"hello, this is no IDX file")], "not an IDX file"),
    ("a web page", [upload("a.idx", b"<!doctype html><p>404")], "a web page was saved"),
    ("a picture", [upload("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40))], "a PNG picture"),
    ("too short", [upload("a.idx", b"\0\0\x08")], "too few"),
    ("truncated", [upload("a.idx", idx(IMAGES)[:-1])], "truncated"),
    ("too long", [upload("a.idx", idx(IMAGES) + b"\0")], "too long"),
    ("floats", [upload("a.idx", b"\0\0\x0d\x01" + bytes(8))], "float32"),
    ("a type that is none", [upload("a.idx", b"\0\0\x77\x01" + bytes(8))], "type 0x77"),
    ("five dimensions", [upload("a.idx", b"\0\0\x08\x05" + bytes(40))], "5 dimensions"),
    ("huge sizes", [upload("a.idx", b"\0\0\x08\x03" + b"\xff" * 12 + bytes(99))], "truncated"),
    ("a broken gzip", [upload("a.gz", b"\x1f\x8b\x08" + bytes(60))], "a.gz"),
    ("labels alone", [images("train-labels", 9)], "no images among the files"),
    ("other counts", [images("i", 9, 28, 28), images("l", 8)], "8 labels for 9 images"),
    ("too large", [images("i", 1, 513, 4), images("l", 1)], "513 × 4 pixels; expected 1 × 1"),
    ("no pixels", [images("i", 9, 28, 0), images("l", 9)], "28 × 0 pixels"),
    (
        "too many",
        [images("i", 1_000_001, 1, 1)],
        "1,000,001 images together; the limit is 1,000,000",
    ),
    (
        "two sizes",
        [images("t10k-i", 9, 4, 5), images("train-i", 9, 5, 4)],
        "5 × 4 pixels; those of",
    ),
    ("no test split", [images("i", 9, 4, 4), images("j", 8, 4, 4)], "which split is for testing"),
    ("images of int32", [upload("i", struct.pack(">I4I", 0x0C03, 1, 1, 1, 5))], "values are int32"),
    (
        "a label too many",
        [EMNIST[0], upload(EMNIST[1]["name"], idx(np.full(4, 27, np.uint8)))],
        "label 27 at index 0; EMNIST letters has 1 to 26",
    ),
    ("names for nobody", [upload("names.txt", b"a\nb\n")], "belongs to files of your own"),
    (
        "too few names",
        [
            images("i", 9, 2, 2),
            upload("l", idx(np.arange(9, dtype=np.uint8))),
            upload("n.txt", b"a\nb"),
        ],
        "has 2, but there are labels up to 8",
    ),
    (
        "a name twice",
        [images("i", 9, 2, 2), upload("n.txt", b"a\nb\na")],
        "n.txt, line 3: “a” is the name of class 0",
    ),
    (
        "no text",
        [images("i", 9, 2, 2), upload("n.txt", b"a\n\xff\xfe")],
        "n.txt, line 2: a character that no name has",
    ),
    ("an empty list", [upload("n.txt", b"\n\n")], "n.txt: empty"),
    ("nothing in it", [images("i", 0, 28, 28), images("l", 0)], "holds no image"),
    ("two labels", [images("i", 9, 28, 28), images("l", 9), images("k", 9)], "one pair"),
    ("too many files", [images(f"f{k}", 9) for k in range(6)], "6 files at once"),
]


@pytest.mark.parametrize(("files", "words"), [case[1:] for case in BAD], ids=[c[0] for c in BAD])
def test_a_bad_file_is_told_and_changes_nothing(
    wall: Wall, files: list[dict[str, Any]], words: str
) -> None:
    before = wall.value("[collection.about.value.title, collection.arrangement.value.ids.length]")
    choose(wall, files)
    told = wall.page.locator("glass-browse .refusal")
    told.wait_for()
    assert words in told.inner_text()
    assert "The wall is as it was" in told.inner_text()
    assert before == wall.value(
        "[collection.about.value.title, collection.arrangement.value.ids.length]"
    )
    told.get_by_role("button", name="Close").click()
    told.wait_for(state="detached")


def test_own_files_are_on_the_wall(wall: Wall) -> None:
    choose(wall, GOOD)
    until(lambda: wall.value("collection.about.value.count") == 300)
    until(lambda: wall.value("collection.columns.value.ink?.length") == 300)
    assert wall.value("[...collection.columns.value.label]") == LABELS.tolist()
    ink = wall.value("[...collection.columns.value.ink]")
    np.testing.assert_allclose(ink, IMAGES.mean(axis=(1, 2)) / 255, atol=1e-6)
    wall.find("label:11 train")
    wanted = np.flatnonzero((LABELS == 11) & (np.arange(300) >= 100))
    assert wall.found == wanted.tolist()
    wall.value(f"(collection.choose({wanted[0]}), collection.settings.set('panel', 'digit'))")
    wall.panel.get_by_role(
        "heading", name=f"Training image {wanted[0] - 100}, labelled 11"
    ).wait_for()
    wall.panel.get_by_text("has not read this set").wait_for()
    wall.find("loss>2")
    assert "not known here" in wall.page.locator("glass-search [role=alert]").inner_text()
    wall.find("")


@pytest.fixture
def own(wall: Wall) -> Wall:
    """The wall with the files above on it: Python takes seconds to start, so tests share a page."""
    if wall.value("collection.about.value.count") != 300:
        choose(wall, GOOD)
        until(lambda: wall.value("collection.columns.value.ink?.length") == 300)
    return wall


def test_python_finds_in_own_files(own: Wall) -> None:
    wall = own
    wall.page.get_by_role("button", name="Python", exact=True).click()
    expression = "(y > 5) & train & (X[:, 3, 4] > 20)"
    wall.find(expression)
    wanted = (LABELS > 5) & (np.arange(300) >= 100) & (IMAGES[:, 3, 4] > 20)
    until(lambda: wall.found == np.flatnonzero(wanted).tolist(), BOOT)
    wall.find("(y > 5) & lost")
    alert = wall.page.locator("glass-search [role=alert]")
    until(lambda: alert.count() > 0 and "lost" in alert.inner_text())
    assert wall.found == np.flatnonzero(wanted).tolist()  # the wall stays as it was
    wall.find("open('/etc/passwd')")
    until(lambda: alert.count() > 0 and "cannot be called" in alert.inner_text())
    wall.find("y == 3")
    until(lambda: wall.found == np.flatnonzero(LABELS == 3).tolist())
    wall.find("")


def test_principal_components_by_python(own: Wall) -> None:
    wall = own
    wall.value("collection.set('python', 'y >= 0')")  # a map is made whatever is searched for
    until(
        lambda: len(wall.found) == 300 and wall.value("collection.python.busy.value") is None, BOOT
    )
    wall.lay_out("PCA")
    until(lambda: wall.value("collection.python.points.value?.length") == 600, BOOT)
    points = np.array(wall.value("[...collection.python.points.value]")).reshape(300, 2)
    flat = IMAGES.reshape(300, -1) - IMAGES.reshape(300, -1).mean(axis=0)
    spread = np.linalg.svd(flat, compute_uv=False)[:2] ** 2
    np.testing.assert_allclose((points**2).sum(axis=0), spread, rtol=1e-2)
    until(lambda: not wall.value("collection.arrangement.value.lattice"))
    assert "computed by Python" in wall.page.locator("glass-browse .told").inner_text()


def pixels(wall: Wall, digit: int) -> list[int]:
    found: list[int] = wall.value(
        f"collection.wall.ask('pixels', {{ id: {digit} }}).then((p) => [...p])"
    )
    return found


def test_many_images_are_read_piece_by_piece(wall: Wall) -> None:
    """More than were once allowed, in several pieces of a stream; the last piece is a short one."""
    many = RNG.integers(0, 256, (250_001, 3, 5), dtype=np.uint8)
    labels = RNG.integers(0, 7, len(many)).astype(np.uint8)
    choose(wall, [upload("i.gz", idx(many), packed=True), upload("labels", idx(labels))])
    until(lambda: wall.value("collection.about.value.count") == len(many))
    assert wall.value("[...collection.counts.value]") == np.bincount(labels).tolist()
    for digit in [0, 133_332, 133_333, 133_334, 250_000]:  # 2 MB are 133,333 of them
        assert pixels(wall, digit) == many[digit].ravel().tolist()


def test_emnist_is_turned_upright_in_every_piece(wall: Wall) -> None:
    many = RNG.integers(0, 256, (6_000, 28, 28), dtype=np.uint8)
    labels = RNG.integers(1, 27, len(many)).astype(np.uint8)
    stem = "emnist-letters-train"
    files = [upload(f"{stem}-images-idx3-ubyte", idx(many))]
    files.append(upload(f"{stem}-labels-idx1-ubyte", idx(labels)))
    choose(wall, files)
    until(lambda: wall.value("collection.about.value.title") == "EMNIST letters")
    for digit in [0, 2_550, 2_551, 5_999]:
        assert pixels(wall, digit) == many[digit].T.ravel().tolist()


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_breaks_off_late_changes_nothing(wall: Wall, packed: bool) -> None:
    """What is wrong with a file may be told only after most of it has been read."""
    before = wall.value("collection.about.value.title")
    data = idx(RNG.integers(0, 256, (6_000, 28, 28), dtype=np.uint8))
    file = upload("i.gz", data, packed=True)
    if packed:  # the size at its end is right, the data are not
        file["buffer"] = file["buffer"][:3_000_000] + file["buffer"][3_100_000:]
    else:
        file["buffer"] = gzip.compress(data[:-9])[:-4] + struct.pack("<I", len(data))
    choose(wall, [file])
    told = wall.page.locator("glass-browse .refusal")
    told.wait_for()
    assert "i.gz" in told.inner_text()
    assert before == wall.value("collection.about.value.title")
    assert wall.value("collection.reading.value") is None
    told.get_by_role("button", name="Close").click()
