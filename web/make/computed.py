"""Parts of the site that a program of ours computes in the visitors' own interpreter: each is run
again only if its input, the program, or one of the package's modules that took part in it has
changed."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from . import stamp
from .settings import ROOT, SITE

SOURCES = "sources.json"  # the package's modules that took part: not of the site


def make(
    name: str,
    index: str,
    inputs: Sequence[Path],
    run: Callable[[Path], None],
    folder: str | None = None,
) -> str:
    """Fill `_site/FOLDER-HASH/`; returns its index's path relative to the site.

    Args:
        name: of the part, and of its stamp.
        index: the file of which the hash is, and which names all others.
        inputs: all that the result depends on, beside the package.
        run: runs the program, which puts its files and `sources.json` into the folder it is given.
        folder: called as the part is, if nothing else is said.
    """
    made = stamp.read(name)
    if made and made["key"] == key(inputs, made["sources"]):
        return str(made["index"])
    with tempfile.TemporaryDirectory() as temporary:
        ready = Path(temporary)
        run(ready)
        sources = json.loads((ready / SOURCES).read_text(encoding="utf-8"))
        digest = hashlib.sha256((ready / index).read_bytes()).hexdigest()[:12]
        final = SITE / f"{folder or name}-{digest}"
        shutil.rmtree(final, ignore_errors=True)
        final.mkdir()  # not the temporary folder itself, which is its owner's alone
        for file in sorted(ready.iterdir()):
            if file.name != SOURCES:
                shutil.copyfile(file, final / file.name)
    path = f"{final.name}/{index}"
    result = {"index": path, "sources": sources, "key": key(inputs, sources)}
    stamp.write(name, "", final.iterdir(), result)
    return path


def key(inputs: Sequence[Path], sources: Sequence[str]) -> str:
    """What the result depends on. sources: the package's modules, relative to the repository."""
    modules = [ROOT / name for name in sources if (ROOT / name).is_file()]
    return stamp.digest(*inputs, *modules, str(len(sources)))
