"""The data sets that were built into the site beside MNIST (published.py), and the list of them for
the page that browses them. A set stays, through all builds, until `clean`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import settings, shards, stamp

_STEP = "set-"  # what a set's stamp begins with


def keep(name: str, title: str, index: Path, files: Iterable[Path]) -> None:
    """Note that a set is in the site. index: its file in there."""
    told = {"name": name, "title": title, "index": index.relative_to(settings.SITE).as_posix()}
    stamp.write(_STEP + name, str(shards.VERSION), files, told)


def built() -> dict[str, Any]:
    """What was kept of the sets that are there as a whole, by their steps' names."""
    found = {}
    for path in sorted(settings.STAMPS.glob(f"{_STEP}*.json")):
        made = stamp.read(path.stem, str(shards.VERSION))
        if made is not None:
            found[path.stem] = made
    return found


def make() -> str:
    """Write `_site/data/sets-HASH.json`; returns its path relative to the site."""
    rows = [{**made, "index": _entry(settings.SITE / made["index"])} for made in built().values()]
    text = json.dumps({"version": 1, "sets": rows}, indent=1) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    path = settings.SITE / "data" / f"sets-{digest}.json"
    path.write_text(text, encoding="utf-8")
    stamp.write("sets", "", [path], "made")
    return path.relative_to(settings.SITE).as_posix()


def _entry(index: Path) -> dict[str, Any]:
    """An index with what it is checked by; its path is as seen from the list."""
    data = index.read_bytes()
    path = f"{index.parent.name}/{index.name}"
    return {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
