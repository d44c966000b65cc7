"""Other sets than MNIST, built into the site by name: read, refused, packed, listed, kept."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from glassnet.data import catalog
from glassnet.data.catalog import CATALOG
from glassnet.data.idx import write_idx
from make import clean, parts, published, sets, shards, site, stamp
from make import settings as places
from make.console import BuildError
from make.embed import step as embed
from make.mnist import PIXELS
from make.preview import step as preview
from make.settings import Settings
from support.grown import Arrays, Checkout, stand_in, write_set

TRAIN, TEST = 300, 100


@pytest.fixture(autouse=True)
def any_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins are smaller than what they stand for."""
    for source in catalog.KNOWN:
        monkeypatch.setitem(CATALOG, source.name, dataclasses.replace(source, count=None))
    monkeypatch.setattr(catalog, "KNOWN", tuple(CATALOG[one.name] for one in catalog.KNOWN))


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Writes a stand-in's files; returns their folder."""

    def put(name: str, splits: dict[str, Arrays] | None = None) -> Path:
        return write_set(tmp_path / name, name, splits or stand_in(name, TRAIN, TEST))

    return put


def packed(name: str, folder: Path) -> tuple[Path, list[Path]]:
    """A set's index and all its files, beside its folder."""
    with published.opened(name, folder, folder.parent / "cache") as digits:
        return shards.write(digits, folder.parent / "out", compressed)


def compressed(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: gzip.compress(data, mtime=0) for name, data in files.items()}


def test_all_but_mnist_can_be_added() -> None:
    assert {"mnist", *published.NAMES} == {source.name for source in catalog.KNOWN}


@pytest.mark.parametrize("name", published.NAMES)
def test_every_set_is_packed_upright_and_from_0(
    name: str, put: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "AT_ONCE", 2)
    monkeypatch.setattr(shards, "SIZE", 110)
    splits = stand_in(name, TRAIN, TEST)
    path, files = packed(name, put(name, splits))
    index = json.loads(path.read_text(encoding="utf-8"))
    assert (index["version"], index["name"], index["title"]) == (1, name, CATALOG[name].title)
    assert index["classes"] == list(CATALOG[name].classes)
    assert path.parent.name == f"{name}-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
    assert {file.name for file in files} == {file.name for file in path.parent.iterdir()}
    assert [child.name for child in (tmp_path / "out").iterdir()] == [path.parent.name]
    for split, (images, labels) in splits.items():
        assert index["splits"][split]["count"] == len(labels)
        start = 0
        for shard in index["splits"][split]["shards"]:
            data = (path.parent / shard["file"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == shard["sha256"]
            raw, count = np.frombuffer(gzip.decompress(data), np.uint8), shard["count"]
            assert shard["start"] == start
            np.testing.assert_array_equal(raw[:count], labels[start : start + count])
            pixels = raw[count:].reshape(count, 28, 28)
            np.testing.assert_array_equal(pixels, images[start : start + count])
            start += count
        assert start == len(labels)


def test_an_unknown_name_is_told_with_those_that_are(tmp_path: Path) -> None:
    for name in ("mnist", "idx", "../mnist", "fashion"):
        with pytest.raises(BuildError, match="can be added; there are fashion-mnist, kmnist"):
            packed(name, tmp_path)


@pytest.mark.parametrize("place", range(4))
def test_a_missing_file_is_named_with_where_to_get_it(place: int, put: Callable[..., Path]) -> None:
    folder = put("qmnist")
    name = CATALOG["qmnist"].files[place]
    next(folder.glob(f"{name}*")).unlink()
    with pytest.raises(BuildError, match=rf"no file {name} or {name}\.gz") as caught:
        packed("qmnist", folder)
    assert "the project qmnist" in str(caught.value)
    assert "fetch them by hand" in str(caught.value)


def test_without_a_folder_the_cache_is_looked_in(put: Callable[..., Path]) -> None:
    folder = put("kmnist")
    with published.opened("kmnist", None, folder.parent) as digits:
        assert digits.train.count == TRAIN
    with pytest.raises(BuildError) as caught, published.opened("qmnist", None, folder.parent):
        pass
    assert f"put them into {folder.parent / 'qmnist'}" in str(caught.value)


def harm(folder: Path, start: str, array: np.ndarray) -> None:
    path = next(folder.glob(f"{start}*"))
    write_idx(path, array)


@pytest.mark.parametrize(
    ("start", "array", "words"),
    [
        ("t10k-labels", np.zeros(99, np.uint8), "t10k-labels-idx1-ubyte: 99 labels for 100 images"),
        ("t10k-labels", np.full(100, 10, np.uint8), "t10k-labels.*: label 10 at index 0, expected"),
        ("t10k-labels", np.zeros((100, 1), np.uint8), "t10k-labels.*: expected any values"),
        ("t10k-images", np.zeros((100, 28, 27), np.uint8), "t10k-images.*: expected anyx28x28"),
        ("t10k-images", np.zeros((100, 28, 28), np.int32), "t10k-images.*: expected bytes"),
        (
            "train-images",
            np.zeros((7, 28, 28), np.uint8),
            "train-labels.*: 300 labels for 7 images",
        ),
    ],
)
def test_headers_that_do_not_fit_each_other(
    start: str, array: np.ndarray, words: str, put: Callable[..., Path]
) -> None:
    folder = put("fashion-mnist")
    harm(folder, start, array)
    with pytest.raises(BuildError, match=words):
        packed("fashion-mnist", folder)


def test_a_split_without_images_is_refused(put: Callable[..., Path]) -> None:
    folder = put("kmnist")
    harm(folder, "t10k-images", np.zeros((0, 28, 28), np.uint8))
    harm(folder, "t10k-labels", np.zeros(0, np.uint8))
    with pytest.raises(BuildError, match="t10k-images-idx3-ubyte: no images in it"):
        packed("kmnist", folder)


def test_damaged_files_are_named(put: Callable[..., Path]) -> None:
    folder = put("emnist-letters")
    path = next(folder.glob("*train-images*.gz"))
    whole = path.read_bytes()
    for harmed in (whole[:-5], whole[:400] + bytes([whole[400] ^ 255]) + whole[401:], b"<html>"):
        path.write_bytes(harmed)
        with pytest.raises(BuildError, match=path.name):
            packed("emnist-letters", folder)
    assert list((folder.parent / "out").iterdir()) == []  # not even a part of it


def test_counts_are_those_of_the_set(
    put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = dataclasses.replace(CATALOG["kmnist"], count=(60_000, 10_000))
    monkeypatch.setitem(CATALOG, "kmnist", source)
    with pytest.raises(BuildError, match=r"train-labels.*: expected 60000 values"):
        packed("kmnist", put("kmnist"))


def test_checksums_tell_the_published_files_and_those_of_another_set(
    put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = put("kmnist")
    packed("kmnist", folder)
    assert "NOT known to be the set as published" in capsys.readouterr().out
    files = [next(folder.glob(f"{name}*")) for name in CATALOG["kmnist"].files]
    sums = tuple(hashlib.md5(file.read_bytes()).hexdigest() for file in files)
    sealed = dataclasses.replace(CATALOG["kmnist"], md5=sums)
    monkeypatch.setitem(CATALOG, "kmnist", sealed)
    others = tuple(sealed if one.name == "kmnist" else one for one in catalog.KNOWN)
    monkeypatch.setattr(catalog, "KNOWN", others)
    packed("kmnist", folder)
    assert "checksums of its labels are those of the files as published" in capsys.readouterr().out
    with pytest.raises(
        BuildError, match="expected Fashion-MNIST, but the labels are Kuzushiji-MNIST"
    ):
        packed("fashion-mnist", folder)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of the test's own, in which no step has made anything yet."""
    root = tmp_path / "checkout"
    (root / "_site" / "data").mkdir(parents=True)
    for module in (places, published, site, clean):
        monkeypatch.setattr(module, "SITE", root / "_site")
    monkeypatch.setattr(places, "ROOT", root)
    monkeypatch.setattr(places, "STAMPS", root / "stamps")
    monkeypatch.setattr(clean, "STAMPS", root / "stamps")
    monkeypatch.setattr(clean, "DIST", root / "dist")
    monkeypatch.setattr(parts, "STEPS", ["sets"])
    monkeypatch.setattr(published, "gzipped", lambda program, files, level: compressed(files))
    for step in ("pages", preview.STEP, embed.STEP):
        stamp.write(step, "", [], "made")
    return root / "_site"


def add(name: str, folder: Path) -> Path:
    chosen = Settings(True, None, None, folder.parent / "cache")
    return published.add(name, folder, chosen, None)  # type: ignore[arg-type]


def names_listed(found: Path) -> list[str]:
    rows = json.loads((found / sets.make()).read_text(encoding="utf-8"))["sets"]
    for row in rows:
        data = (found / "data" / row["index"]["path"]).read_bytes()
        assert len(data) == row["index"]["bytes"]
        assert hashlib.sha256(data).hexdigest() == row["index"]["sha256"]
    return [row["name"] for row in rows]


def test_sets_stay_until_clean(elsewhere: Path, put: Callable[..., Path]) -> None:
    assert names_listed(elsewhere) == []
    first, second = add("kmnist", put("kmnist")), add("emnist-letters", put("emnist-letters"))
    for _ in range(2):
        assert names_listed(elsewhere) == ["emnist-letters", "kmnist"]
        site._prune()
        assert first.is_dir() and second.is_dir()
    newer = add("kmnist", put("kmnist", stand_in("kmnist", 310, 50)))
    assert names_listed(elsewhere) == ["emnist-letters", "kmnist"]
    site._prune()
    assert newer.is_dir() and not first.exists()
    assert len(list((elsewhere / "data").glob("sets-*"))) == 1
    clean.clean(False, False, Settings(True, None, None, elsewhere))
    assert not elsewhere.exists()
    assert sets.built() == {}


def test_a_set_that_is_not_whole_is_left_out(elsewhere: Path, put: Callable[..., Path]) -> None:
    folder = add("kmnist", put("kmnist"))
    next(folder.glob("train-*")).unlink()
    assert names_listed(elsewhere) == []


def test_a_set_of_a_former_format_is_left_out(
    elsewhere: Path, put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    add("kmnist", put("kmnist"))
    monkeypatch.setattr(shards, "VERSION", 2)
    assert names_listed(elsewhere) == []


def test_a_real_build_keeps_and_lists_it(
    site: Path, put: Callable[..., Path], tmp_path: Path
) -> None:
    checkout = Checkout(tmp_path / "checkout")
    told = checkout.build(emnist_letters=put("emnist-letters"))
    assert "EMNIST letters: 300 training and 100 test images; no checksum" in told
    before = {path for path in checkout.site.rglob("*") if path.is_file()}
    assert [path.name for path in checkout.site.glob("data/emnist-letters-*/test-00.bin.gz")]
    assert "$ " not in checkout.build()
    assert {path for path in checkout.site.rglob("*") if path.is_file()} == before
    listed = next(checkout.site.glob("data/sets-*.json"))
    scripts = "".join(
        path.read_text(encoding="utf-8") for path in checkout.site.glob("assets/*.js")
    )
    assert hashlib.sha256(listed.read_bytes()).hexdigest() in scripts
    assert max(path.stat().st_size for path in checkout.site.glob("data/emnist*/*")) < PIXELS * 300
