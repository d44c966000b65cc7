"""A release, whole or not at all: `dist/` is written anew once everything has passed its checks."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from .. import sets
from ..console import BuildError, say
from ..lock import exclusive
from ..node import Node
from ..settings import DIST, Settings
from . import elements, package


def make(program: Node, settings: Settings) -> list[Path]:
    """Make and check all archives of what the checkout and its built site hold; returns them."""
    if others := ", ".join(sorted(str(made["name"]) for made in sets.built().values())):
        raise BuildError(
            f"The site holds data sets of your own ({others}), which a release would publish.\n"
            "Run `python3 build.py clean` first; build them in again afterwards."
        )
    with exclusive(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = [*package.make(folder, settings), elements.make(folder, program)]
        shutil.rmtree(DIST, ignore_errors=True)
        DIST.mkdir()
        archives = [Path(shutil.copy(path, DIST)) for path in made]
    for path in archives:
        data = path.read_bytes()
        say(f"{path.name}: {len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    say(f"The release is in {DIST}, checked. Nothing was uploaded: see web/PUBLISHING.md.")
    return archives
