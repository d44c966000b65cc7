"""When something cannot be had the page says what, why and what to do; trying again works."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from support.forged import forged
from support.server import Answer
from support.trainer import BOOT, OpenPage, Serve, Trainer


def shard(site: Path, split: str, number: int) -> str:
    """A shard's path in the site."""
    folder = next(site.glob("data/mnist-*"))
    entry = json.loads((folder / "index.json").read_text(encoding="utf-8"))["splits"][split][
        "shards"
    ][number]
    return f"{folder.relative_to(site).as_posix()}/{entry['file']}"


def flipped(data: bytes) -> bytes:
    """The same bytes but for one bit."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def alert(page: Page) -> Locator:
    return page.locator("glass-status .failure")


FAULTS: dict[str, tuple[Callable[[bytes], Answer], str, str]] = {
    "missing": (lambda data: Answer(status=404), "E-NET-404", "the server answered 404"),
    "server": (lambda data: Answer(status=503), "E-NET-503", "the server answered 503"),
    "damaged": (lambda data: Answer(flipped(data)), "E-CHECKSUM", "its checksum differs"),
    "cut": (lambda data: Answer(data[:1000]), "E-SIZE", "is 1000 bytes long instead of"),
    "page": (
        lambda data: Answer(b"<!doctype html>", headers={"Content-Type": "text/html"}),
        "E-HTML",
        "a web page instead of the file",
    ),
}


def named(page: Page, path: str, code: str, words: str) -> bool:
    """Whether the page's failure names the file, the cause and its code."""
    alert(page).wait_for(timeout=BOOT * 1000)
    said = alert(page).inner_text()
    return code in said and words in said and path.split("/")[-1] in said


def forgive_the_network(problems: list[str]) -> None:
    """The console reports each request that fails; nothing else may be in it."""
    assert not [one for one in problems if "Failed to load resource" not in one]
    problems.clear()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_first_shard_that_fails_is_named_and_can_be_had_again(
    serve: Serve, site: Path, open_page: OpenPage, problems: list[str], fault: str
) -> None:
    answer, code, words = FAULTS[fault]
    path = shard(site, "test", 0)
    broken = serve({path: answer((site / path).read_bytes())})
    page = open_page(broken.url)
    assert named(page, path, code, words)
    broken.overlay.clear()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("listbox", name="Test digits 0 to").wait_for()
    assert alert(page).count() == 0
    forgive_the_network(problems)


@pytest.mark.parametrize("fault", ["missing", "damaged"])
def test_a_training_shard_that_fails_is_named_and_can_be_had_again(
    serve: Serve, site: Path, open_page: OpenPage, problems: list[str], fault: str
) -> None:
    answer, code, words = FAULTS[fault]
    path = shard(site, "train", 1)
    broken = serve({path: answer((site / path).read_bytes())})
    page = open_page(broken.url + "train.html")
    assert named(page, path, code, words)
    broken.overlay.clear()
    page.get_by_role("button", name="Try again").click()
    trainer = Trainer(page)
    trainer.wait_for_network()
    assert alert(page).count() == 0
    trainer.step(1)
    forgive_the_network(problems)


def test_a_damaged_copy_in_the_browsers_cache_heals_itself(
    serve: Serve, site: Path, open_page: OpenPage
) -> None:
    """Files are kept for a year: a bad one must not stay bad for a year."""
    path = shard(site, "test", 0)
    once = serve({path: Answer(flipped((site / path).read_bytes()))})
    page = open_page(once.url + "train.html", java_script_enabled=True)
    alert(page).wait_for()
    once.overlay.clear()
    page.goto(once.url)
    page.get_by_role("listbox", name="Test digits 0 to").wait_for()
    assert alert(page).count() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda index: index.update(version=9), "version 9 instead of 1"),
        (lambda index: index.pop("title"), "title is not a text"),
        (lambda index: index.update(rows=0), "not sizes of a picture"),
        (lambda index: index.update(classes="0123456789"), "classes is not a list"),
        (lambda index: index["splits"].pop("train"), "train: no count"),
        (lambda index: index["splits"]["test"].update(count=1), "examples instead of 1"),
        (lambda index: first(index).update(file="../../secret"), "not a plain name"),
        (lambda index: first(index).update(start=3), "starts at 3 instead of 0"),
        (lambda index: first(index).update(bytes=-1), "has no size"),
        (lambda index: first(index).update(sha256="x"), "has no checksum"),
    ],
)
def test_an_index_is_not_believed_unread(
    serve: Serve, site: Path, open_page: OpenPage, change: Callable[[Any], object], words: str
) -> None:
    path = next(site.glob("data/mnist-*/index.json"))
    index = json.loads(path.read_text(encoding="utf-8"))
    change(index)
    name = path.relative_to(site).as_posix()
    broken = serve(forged(site, {name: json.dumps(index).encode()}))
    page = open_page(broken.url)
    alert(page).wait_for()
    assert "E-INDEX" in alert(page).inner_text()
    assert words in alert(page).inner_text()


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("data/mnist-*/index.json", "index.html"),
        ("data/mnist-*/index.json", "browse.html"),
        ("model-*/model.json", "browse.html"),
        ("recording-*/recording.json", "train.html"),
        ("python/manifest-*.json", "train.html"),
    ],
)
def test_an_index_with_one_flipped_bit_is_named_and_can_be_had_again(
    serve: Serve, site: Path, open_page: OpenPage, pattern: str, name: str
) -> None:
    """A damaged index names files that are not there; and the copy in the cache would stay."""
    path = next(site.glob(pattern))
    broken = serve({path.relative_to(site).as_posix(): Answer(flipped(path.read_bytes()))})
    page = open_page(broken.url + name)
    alert(page).first.wait_for()
    words = alert(page).first.inner_text()
    assert path.name in words
    assert "E-CHECKSUM" in words
    assert "its checksum differs" in words
    broken.overlay.clear()
    page.get_by_role("button", name="Try again").first.click()
    alert(page).first.wait_for(state="detached")


def first(index: Any) -> Any:
    return index["splits"]["test"]["shards"][0]


def test_a_shard_that_holds_something_else_is_refused(
    serve: Serve, site: Path, open_page: OpenPage
) -> None:
    """Its checksum is right, so the one who made the site made the mistake."""
    import gzip
    import hashlib

    path = next(site.glob("data/mnist-*/index.json"))
    index = json.loads(path.read_text(encoding="utf-8"))
    folder = path.parent.relative_to(site).as_posix()
    entry = first(index)
    count = entry["count"]
    for content, words in [
        (bytes([12] * count) + bytes(784 * count), "no class of this data set"),
        (bytes(785 * count - 1), f"holds {785 * count - 1:,} bytes instead of"),
        (bytes(785 * count + 1), "holds more bytes instead of"),
        (None, "cannot be unpacked"),
    ]:
        packed = b"not gzip at all" if content is None else gzip.compress(content)
        entry.update(bytes=len(packed), sha256=hashlib.sha256(packed).hexdigest())
        overlay = forged(site, {f"{folder}/index.json": json.dumps(index).encode()})
        broken = serve({**overlay, f"{folder}/{entry['file']}": Answer(packed)})
        page = open_page(broken.url)
        alert(page).wait_for()
        assert words in alert(page).inner_text()


def test_python_that_does_not_come_leaves_the_digits(
    serve: Serve, site: Path, open_page: OpenPage, problems: list[str]
) -> None:
    manifest = next(site.glob("python*/manifest*.json"))
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    wasm = next(one for one in files if "wasm" in one["name"])
    path = (manifest.parent / wasm.get("file", wasm["name"])).relative_to(site).as_posix()
    broken = serve({path: Answer(status=404)})
    page = open_page(broken.url + "train.html")
    trainer = Trainer(page)
    alert(page).wait_for(timeout=BOOT * 1000)
    assert "E-NET-404" in alert(page).inner_text()
    assert trainer.status() == "Python did not start. The digits can still be looked at."
    page.locator("glass-strip [role=listbox]").click(position={"x": 70, "y": 14})
    assert page.get_by_label("Test digit", exact=True).input_value() != "0"
    broken.overlay.clear()
    page.get_by_role("button", name="Try again").click()
    trainer.wait_for_network()
    trainer.step(2)
    assert len(trainer.losses()) == 2
    problems.clear()
