"""The letters that come with the package, and an Adaline that has learned them, for the pages: both
are there before Python is. It learns in the visitors' own interpreter (learn_letters.py).
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from . import stamp
from .interpreter import PARTS, numpy, run_module
from .node import Node
from .settings import BRIDGE, MAKE, PYLIB

PACKAGE = PYLIB / "src" / "glassnet"
FOLDER = PACKAGE / "data" / "letters"
_SOURCES = [PACKAGE / "adaline.py", PACKAGE / "data" / "glyphs.py", FOLDER]
_SOURCES += [BRIDGE / "src" / "glassnet_bridge" / "adaline.py", MAKE / "learn_letters.py", *PARTS]


def make(program: Node) -> Any:
    """What pages are told as `__LETTERS__` (web/globals.d.ts); learned again only if a part of it
    has changed."""
    key = stamp.digest(*_SOURCES)
    learned = stamp.read("letters", key)
    if learned is None:
        with tempfile.TemporaryDirectory() as name:
            advice = "The letters could not be learned."
            run_module(program, "make.learn_letters", {"out": Path(name)}, numpy(), advice=advice)
            learned = json.loads(Path(name, "learned.json").read_text(encoding="utf-8"))
        stamp.write("letters", key, [], learned)
    return {**read(), "learned": learned}


def read() -> dict[str, dict[str, str]]:
    """`whole` and `damaged`: texts by the names of their files, in the package's order."""
    return {
        kind: {path.name: path.read_text("utf-8") for path in sorted((FOLDER / kind).iterdir())}
        for kind in ("whole", "damaged")
    }
