"""The data set as the page fetches it: gzip shards of a few hundred KB and a JSON index of them.

A shard's raw bytes: `count` labels, then `count` times 784 pixels. The first test shards are small,
so that digits can be shown at once; the very first one is what a figure in a post gets by with.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

from . import mnist, stamp
from .interpreter import gzipped
from .mnist import Digits
from .node import Node
from .settings import MAKE, SITE, Settings

FIRST = (100, 300)  # digits in the first test shards: about 16 and 47 KB
SIZE = 2000  # digits in every other shard: about 320 KB
AT_ONCE = 64  # shards that are compressed at once, 100 MB of them: a set may be of any size
VERSION = 1  # of the index, as web/data/index.js reads it
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


def write(digits: Digits[Any], parent: Path, compress: Compress) -> tuple[Path, list[Path]]:
    """Write the shards and their index; returns the index's path and all files written."""
    parts = {"test": digits.test, "train": digits.train}
    shards = [
        (split, _file(split, number), start, count)
        for split, first in [("test", FIRST), ("train", ())]
        for number, (start, count) in enumerate(_ranges(parts[split].count, first))
    ]
    rows: dict[str, list[dict[str, Any]]] = {split: [] for split in parts}
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent) as name:  # on the disk that has room for it
        made = Path(name, "set")
        made.mkdir()
        for begin in range(0, len(shards), AT_ONCE):
            some = shards[begin : begin + AT_ONCE]
            packed = compress({f: parts[s].raw(start, start + n) for s, f, start, n in some})
            for split, file, start, count in some:
                data = packed[file]
                (made / file).write_bytes(data)
                row = {"file": file, "start": start, "count": count, "bytes": len(data)}
                rows[split].append({**row, "sha256": hashlib.sha256(data).hexdigest()})
        text = (json.dumps(_index(digits, rows), indent=1) + "\n").encode()
        (made / "index.json").write_bytes(text)
        folder = parent / f"{digits.name}-{hashlib.sha256(text).hexdigest()[:12]}"
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    return folder / "index.json", sorted(folder.iterdir())


def _index(digits: Digits[Any], rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "name": digits.name,
        "title": digits.title,
        "sample": digits.sample,
        "source": digits.source,
        "rows": 28,
        "columns": 28,
        "classes": list(digits.classes),
        "splits": {
            "test": {"count": digits.test.count, "shards": rows["test"]},
            "train": {"count": digits.train.count, "shards": rows["train"]},
        },
    }


def _file(split: str, number: int) -> str:
    return f"{split}-{number:02}.bin.gz"


def _ranges(total: int, first: tuple[int, ...]) -> list[tuple[int, int]]:
    """(start, count) of each shard: as many digits as `first` says, then SIZE at a time."""
    starts = [0, *accumulate(first)]
    starts = [start for start in [*starts, *range(starts[-1] + SIZE, total, SIZE)] if start < total]
    return [(a, b - a) for a, b in zip(starts, [*starts[1:], total], strict=True)]


def _identity(folder: Path) -> list[list[Any]]:
    """What tells that a folder's files are the same as last time, without reading them."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [[str(f), f.stat().st_size, f.stat().st_mtime] for f in files]
