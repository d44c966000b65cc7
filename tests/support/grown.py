"""A copy of the built site with more data sets in it, made by the build itself: what the session's
own site is stays as it is. The sets are made here; no published image is in the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.data.catalog import CATALOG, ROLES
from glassnet.data.idx import write_idx
from make.settings import ROOT

Arrays = tuple[NDArray[np.uint8], NDArray[np.uint8]]  # images, upright, and labels, from 0
PROGRAM = """
import sys
from pathlib import Path
from make import site
from make.settings import settings
chosen = settings(offline=True)
for name, folder in zip(sys.argv[1::2], sys.argv[2::2]):
    site.add(name, Path(folder), chosen)
site.make(chosen)
"""


def stand_in(name: str, train: int, test: int) -> dict[str, Arrays]:
    """Small splits of a set: a bright block whose place tells the class, and noise."""
    rng = np.random.default_rng(train)
    splits = {}
    for split, count in (("train", train), ("test", test)):
        labels = rng.integers(0, len(CATALOG[name].classes), count).astype(np.uint8)
        images = rng.integers(0, 60, (count, 28, 28)).astype(np.uint8)
        for image, label in zip(images, labels, strict=True):
            y, x = divmod(int(label), 8)
            image[3 * y : 3 * y + 3, 3 * x : 3 * x + 3] = 200
        splits[split] = (images, labels)
    return splits


def write_set(folder: Path, name: str, splits: Mapping[str, Arrays]) -> Path:
    """The four files as they are published: turned, where they are, and labels from where they begin."""
    source = CATALOG[name]
    folder.mkdir(parents=True, exist_ok=True)
    for role, file in zip(ROLES, source.files, strict=True):
        images, labels = splits[role.split()[0]]
        array: NDArray[np.generic] = images
        if role.endswith("images"):
            array = np.ascontiguousarray(images.transpose(0, 2, 1)) if source.transposed else images
        elif file.endswith("-int"):  # QMNIST's: the class, then what else is known
            array = np.stack([labels, *[labels + 100] * 7], axis=1).astype(np.int32)
        else:
            array = labels + np.uint8(source.first_label)
        write_idx(folder / (file + (".gz" if role.startswith("train") else "")), array)
    return folder


class Checkout:
    """A copy of this checkout with what it has built, in which the build goes on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for room in ("web", "pylib"):
            ignored = shutil.ignore_patterns("node_modules", "__pycache__")
            shutil.copytree(ROOT / room, folder / room, ignore=ignored)
        (folder / "web" / "node_modules").symlink_to(ROOT / "web" / "node_modules")
        shutil.copytree(ROOT / "_site", folder / "_site")
        added = shutil.ignore_patterns("set-*")  # by whoever works here
        shutil.copytree(ROOT / ".venv" / "stamps", folder / ".venv" / "stamps", ignore=added)
        shutil.copy(ROOT / "build.py", folder)

    @property
    def site(self) -> Path:
        return self.folder / "_site"

    def build(self, **sets: Path) -> str:
        """Add these sets (named with underscores), by their folders, and build; what is printed."""
        words = [word for name, path in sets.items() for word in (name.replace("_", "-"), path)]
        rooms = [str(self.folder / room) for room in ("web", "pylib/src")]
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *words],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(rooms)},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
