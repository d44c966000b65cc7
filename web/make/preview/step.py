"""The step that makes the pictures for links and puts them where all has a hash in its name."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .. import stamp
from ..interpreter import PARTS, numpy, run_module
from ..node import Node
from ..settings import MAKE, PYLIB, SITE, WEB

STEP = "previews"
FOLDER = SITE / "assets"

_PROGRAM = [MAKE / "preview", MAKE / "facts.py", *PARTS]
_SHOWN = [WEB / "styles" / "tokens.css", WEB / "data" / "recorded-race.json"]


def make(made: Mapping[str, str], program: Node) -> dict[str, str]:
    """Paint them, if anything that they show has changed; returns the paths, relative to the site,
    by name.

    Args:
        made: the parts of the site that the pictures are of, paths by name.
    """
    indices = {name: SITE / made[name] for name in ("mnist", "model", "recording")}
    key = stamp.digest(*indices.values(), *_PROGRAM, *_SHOWN, PYLIB / "src")
    done: dict[str, str] | None = stamp.read(STEP, key)
    if done is not None:
        return done
    folders = {name: index.parent for name, index in indices.items()}
    written = {}
    with tempfile.TemporaryDirectory() as name:
        run_module(
            program,
            "make.preview.pictures",
            {"data": folders.pop("mnist"), **folders, "out": Path(name)},
            numpy(),
            advice="The pictures for links could not be painted.",
        )
        FOLDER.mkdir(exist_ok=True)
        for picture in sorted(Path(name).iterdir()):
            data = picture.read_bytes()
            digest = hashlib.sha256(data).hexdigest()[:8].upper()
            final = FOLDER / f"preview-{picture.stem}-{digest}.png"
            final.write_bytes(data)
            written[picture.stem] = final
    paths = {stem: path.relative_to(SITE).as_posix() for stem, path in written.items()}
    stamp.write(STEP, key, written.values(), paths)
    return paths
