"""The same sources make the same bytes: in another folder, in another environment, offline, on a
busy machine; and what is computed does not depend on the machine at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.model import load_model, save_model
from make import facts, interpreter, mnist, node, sets, shards
from make.embed import step as embed
from make.embed import table
from make.mnist import PIXELS, Digits, Split
from make.settings import ROOT, settings
from make.train_conv import keep_weights, kept_weights

Made = dict[str, str]

ELSEWHERE = {"PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "5", "OPENBLAS_NUM_THREADS": "3"}
ELSEWHERE |= {"TZ": "Asia/Tokyo", "LC_ALL": "C", "UV_THREADPOOL_SIZE": "1"}


def contents(site: Path) -> dict[str, str]:
    """The sha256 of every file, by its path in the site."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def build(checkout: Path, umask: int = -1, **environment: str) -> dict[str, str]:
    """The contents of a checkout's site after an offline build."""
    done = subprocess.run(
        [sys.executable, str(checkout / "build.py"), "build", "--offline"],
        env={**os.environ, **environment},
        umask=umask,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return contents(checkout / "_site")


class Elsewhere(node.Node):
    """The same program in another environment."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, **ELSEWHERE}


def both(one: Callable[[], Made], other: Callable[[], Made]) -> tuple[Made, Made]:
    """What two make at the same time: each keeps the machine busy for the other, so that waits are
    longer and threads take other turns than by themselves."""
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(one), pool.submit(other)
        return first.result(), second.result()


def copied(folder: Path) -> Path:
    """A checkout as a clone would be."""
    parts = shutil.ignore_patterns("node_modules", "__pycache__", ".*_cache")
    for name in ("pylib", "web", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=parts)
    shutil.copy(ROOT / "build.py", folder)
    return folder


def test_same_bytes_elsewhere_and_offline(tmp_path: Path) -> None:
    """As here, in another folder and another environment. What is learned is not learned anew (the
    next test sees to that), if the cache has it."""
    here = build(ROOT)
    other = copied(tmp_path / "another")
    there = build(other, umask=0o077, **ELSEWHERE)
    if not sets.built():  # which this checkout alone has
        assert there == here
    for path in [other / "_site", *(other / "_site").rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path
    assert any(name.startswith("python/") for name in there)
    for name, digest in there.items():
        if name.startswith(("python/", "wheels/", "assets/worker-")):
            assert here[name] == digest, name


@pytest.fixture(scope="module")
def some(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small data set, packed as the site's is."""
    whole = mnist.sample()
    train, test = (
        Split(split.labels[:count], split.pixels[: count * PIXELS])
        for split, count in ((whole.train, 2000), (whole.test, 300))
    )
    found = node.find(settings(offline=True))
    index, _ = shards.write(
        Digits("some", "npm", True, train, test),
        tmp_path_factory.mktemp("data"),
        lambda files: interpreter.gzipped(found, files, shards.LEVEL),
    )
    return index.parent


def computed(found: node.Node, data: Path, folder: Path) -> dict[str, str]:
    """What the build's programs make of a data set: the sha256 of every file."""
    for name in ("maps", "model", "recording", "trained", "conv", "step", "conv-step"):
        (folder / name).mkdir(parents=True)
    (folder / "maps" / "kept.map").write_bytes(b"a map that was not written to its end")
    places = {"data": data, "out": folder / "model", "maps": folder / "maps"}
    wheel = interpreter.numpy()
    interpreter.run_module(found, "make.facts", places, wheel, "some", "kept.map")
    places = {"data": data, "out": folder / "recording"}
    interpreter.run_module(found, "make.record", places, wheel, "some")
    places = {"data": data, "out": folder / "conv", "trained": folder / "trained"}
    interpreter.run_module(found, "make.train_conv", places, wheel, "some", "recipe")
    for network, step in (("model", "step"), ("conv", "conv-step")):
        places = {"data": data, "model": folder / network, "out": folder / step}
        interpreter.run_module(found, "make.one_step", places, wheel, "some")
    places = {"data": data, "model": folder / "model", "recording": folder / "recording"}
    (folder / "previews").mkdir()
    places["out"] = folder / "previews"
    interpreter.run_module(found, "make.preview.pictures", places, wheel)
    (folder / "rows").mkdir()
    rows = table.rows(data / "index.json")
    (folder / "rows" / "rows.json").write_text(embed.document(rows), encoding="utf-8")
    (folder / "embeds").mkdir()
    places |= {"conv": folder / "conv", "step": folder / "step", "out": folder / "embeds"}
    places |= {"conv_step": folder / "conv-step", "rows": folder / "rows"}
    interpreter.run_module(found, "make.embed.pictures", places, wheel)
    return contents(folder)


def test_what_is_computed_is_the_same_on_a_busy_machine(some: Path, tmp_path: Path) -> None:
    found = node.find(settings(offline=True))
    elsewhere = Elsewhere(**{field.name: getattr(found, field.name) for field in fields(found)})
    first, second = both(
        lambda: computed(found, some, tmp_path / "first"),
        lambda: computed(elsewhere, some, tmp_path / "second"),
    )
    assert first == second
    assert {"model/weights.safetensors", "model/facts.bin.gz", "maps/kept.map"} <= set(first)
    assert {"recording/end.bin.gz", "previews/browse.png"} <= set(first)
    assert {"embeds/network-7/light.png", "embeds/browse-odd/dark.png"} <= set(first)
    assert {"conv/weights.safetensors", "step/step.bin.gz", "conv-step/step.json"} <= set(first)


def test_kept_weights_spare_the_training(some: Path, tmp_path: Path) -> None:
    """They are those of one recipe: of another one, the network is trained anew."""
    trained = tmp_path / "trained"
    trained.mkdir()

    def made(name: str, recipe: str) -> tuple[bytes, dict[str, Any]]:
        folder = tmp_path / name
        folder.mkdir()
        places = {"data": some, "out": folder, "trained": trained}
        program = node.find(settings(offline=True))
        wheel = interpreter.numpy()
        interpreter.run_module(program, "make.train_conv", places, wheel, "some", recipe)
        told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        return (folder / "weights.safetensors").read_bytes(), told

    raw, told = made("first", "one")
    (kept,) = trained.iterdir()
    assert kept_weights(kept) == raw
    model = load_model(tmp_path / "first" / "weights.safetensors")
    model.network.parameters()["layers.4.bias"][3] = 1000  # all digits are threes to it
    save_model(tmp_path / "planted.safetensors", model)
    keep_weights(kept, (tmp_path / "planted.safetensors").read_bytes())
    planted, of_it = made("second", "one")
    assert planted == (tmp_path / "planted.safetensors").read_bytes()
    assert of_it["accuracy"] < 0.2 < told["accuracy"]
    assert made("third", "other") == (raw, told)
    assert len(list(trained.iterdir())) == 2


def test_kept_weights_are_taken_only_whole(tmp_path: Path) -> None:
    path = tmp_path / "kept.weights"
    assert kept_weights(path) is None
    keep_weights(path, b"a network")
    assert kept_weights(path) == b"a network"
    good = path.read_bytes()
    for bad in (b"", good[:-1], good + b"\0", good[:32], b"\0" + good[1:], good[:-1] + b"\0"):
        path.write_bytes(bad)
        assert kept_weights(path) is None, bad
    assert [file.name for file in tmp_path.iterdir()] == ["kept.weights"]


def test_a_kept_map_is_taken_only_whole(tmp_path: Path) -> None:
    path = tmp_path / "kept.map"
    points = np.array([[1, -2], [300, -32767], [5, 6]], np.int16)
    assert facts.kept_map(path, 3) is None
    facts.keep_map(path, points)
    found = facts.kept_map(path, 3)
    assert found is not None and found.dtype == np.int16 and np.array_equal(found, points)
    assert facts.kept_map(path, 4) is None  # of other digits
    good = path.read_bytes()
    for at in (0, 31, 32, len(good) - 1):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert facts.kept_map(path, 3) is None, at
    for bad in (b"", good[:-1], good + b"\0", good[:32]):
        path.write_bytes(bad)
        assert facts.kept_map(path, 3) is None, len(bad)
    assert [file.name for file in tmp_path.iterdir()] == ["kept.map"]


def test_the_programs_take_no_other_arithmetic() -> None:
    """Where the kernel does not run nothing else steps in: it would give other numbers."""
    from make.arithmetic import exact

    with pytest.raises(RuntimeError, match="The kernel does not run here"):
        exact()
