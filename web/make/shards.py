"""The data set as the page fetches it: gzip shards of a few hundred KB and a JSON index of them.

A shard's raw bytes: `count` labels, then `count` times 784 pixels. The first test shard is small,
so that digits can be shown at once.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import mnist, stamp
from .interpreter import gzipped
from .mnist import PIXELS, Digits, Split
from .node import Node
from .settings import MAKE, SITE, Settings

FIRST = 400  # digits in the first test shard: about 65 KB
SIZE = 2000  # digits in every other shard: about 320 KB
Compress = Callable[[dict[str, bytes]], dict[str, bytes]]
LEVEL = 7  # of gzip: 0.6 % larger than 9, packed in a tenth of the time


def make(settings: Settings, program: Node, again: bool = False) -> str:
    """Fill `_site/data/mnist-HASH/`; returns the index's path relative to the site.

    What is packed already stays, whatever it came from, unless a folder is named or `again` asks
    for a new look: a start must not depend on whether a mirror answers today.
    """
    code = stamp.digest(MAKE / "mnist.py", MAKE / "shards.py", MAKE / "pack.py", MAKE / "pins.toml")
    made = stamp.read("mnist")
    folder = _identity(settings.mnist) if settings.mnist else None
    if made and made["code"] == code and not again and folder in (None, made["folder"]):
        return str(made["index"])
    path, files = write(
        mnist.obtain(settings), SITE / "data", lambda files: gzipped(program, files, LEVEL)
    )
    index = path.relative_to(SITE).as_posix()
    stamp.write("mnist", "", files, {"code": code, "folder": folder, "index": index})
    return index


def write(digits: Digits, parent: Path, compress: Compress) -> tuple[Path, list[Path]]:
    """Write the shards and their index; returns the index's path and all files written."""
    parts = [("test", digits.test, FIRST), ("train", digits.train, SIZE)]
    raw = {
        _file(name, number): _raw(split, start, count)
        for name, split, first in parts
        for number, (start, count) in enumerate(_ranges(split.count, first))
    }
    contents = compress(raw)
    splits: dict[str, Any] = {}
    for name, split, first in parts:
        shards = []
        for number, (start, count) in enumerate(_ranges(split.count, first)):
            file = _file(name, number)
            data = contents[file]
            sha256 = hashlib.sha256(data).hexdigest()
            row = {"file": file, "start": start, "count": count, "bytes": len(data)}
            shards.append({**row, "sha256": sha256})
        splits[name] = {"count": split.count, "shards": shards}
    index = {
        "version": 1,
        "name": "mnist",
        "title": digits.title,
        "sample": digits.sample,
        "source": digits.source,
        "rows": 28,
        "columns": 28,
        "classes": [str(digit) for digit in range(10)],
        "splits": splits,
    }
    contents["index.json"] = (json.dumps(index, indent=1) + "\n").encode()
    digest = hashlib.sha256(contents["index.json"]).hexdigest()[:12]
    folder = parent / f"mnist-{digest}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file, data in contents.items():
        (folder / file).write_bytes(data)
    return folder / "index.json", [folder / file for file in contents]


def _file(split: str, number: int) -> str:
    return f"{split}-{number:02}.bin.gz"


def _ranges(total: int, first: int) -> list[tuple[int, int]]:
    """(start, count) of each shard: `first` digits, then SIZE at a time."""
    starts = [0, *range(first, total, SIZE)]
    return [(a, b - a) for a, b in zip(starts, [*starts[1:], total], strict=True)]


def _raw(split: Split, start: int, count: int) -> bytes:
    stop = start + count
    return split.labels[start:stop] + split.pixels[start * PIXELS : stop * PIXELS]


def _identity(folder: Path) -> list[list[Any]]:
    """What tells that a folder's files are the same as last time, without reading them."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [[str(f), f.stat().st_size, f.stat().st_mtime] for f in files]
