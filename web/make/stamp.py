"""What a step made, and from what: a step whose inputs have not changed is skipped.

A stamp is a small JSON file under `.venv/stamps`: the digest of all inputs, the files that came
out, and a result for later steps. It counts only while the digest agrees and every file is there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import settings


def digest(*inputs: str | Path) -> str:
    """A sha256 over strings and the contents of files and folders, in the order given."""
    total = hashlib.sha256()
    for item in inputs:
        for name, data in _contents(item):
            total.update(f"{name}\0{len(data)}\0".encode())
            total.update(data)
    return total.hexdigest()


def read(step: str, key: str | None = None) -> Any:
    """The result recorded for `step`, or None if it must run.

    With a key, only a result made from the same inputs counts.
    """
    path = settings.STAMPS / f"{step}.json"
    if not path.exists():
        return None
    stamp = json.loads(path.read_text(encoding="utf-8"))
    if key is not None and stamp["key"] != key:
        return None
    for name, size in stamp["files"].items():
        file = settings.ROOT / name
        if not file.is_file() or file.stat().st_size != size:
            return None
    return stamp["result"]


def write(step: str, key: str, files: Iterable[Path], result: Any) -> None:
    """Record that `step` made `files` (all inside the repository) from inputs of digest `key`."""
    sizes = {str(file.relative_to(settings.ROOT)): file.stat().st_size for file in sorted(files)}
    settings.STAMPS.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"key": key, "result": result, "files": sizes}, indent=1)
    (settings.STAMPS / f"{step}.json").write_text(text, encoding="utf-8")


def files(step: str) -> set[Path]:
    """The files that `step` made, absolute."""
    stamp = json.loads((settings.STAMPS / f"{step}.json").read_text(encoding="utf-8"))
    return {settings.ROOT / name for name in stamp["files"]}


def _contents(item: str | Path) -> Iterable[tuple[str, bytes]]:
    if isinstance(item, str):
        yield "", item.encode()
    elif item.is_dir():
        for path in sorted(item.rglob("*")):
            if path.is_file() and not _ignored(path.relative_to(item)):
                yield path.relative_to(item).as_posix(), path.read_bytes()
    else:
        yield item.name, item.read_bytes()


def _ignored(path: Path) -> bool:
    return "__pycache__" in path.parts or "node_modules" in path.parts
