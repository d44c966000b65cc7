"""The step that paints the pictures of the canonical figures. They have plain names, for posts
refer to them for years: browsers ask again whether they have changed (headers.py)."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .. import stamp
from ..interpreter import PARTS, numpy, run_module
from ..node import Node
from ..settings import MAKE, PYLIB, SITE, WEB
from . import table
from .table import Row

STEP = "embeds"
FOLDER = "embed"

_OF = ("model", "conv", "step", "conv_step", "recording")  # parts that the pictures are of
_PROGRAM = [MAKE / "embed", MAKE / "preview", MAKE / "facts.py", *PARTS]
_SHOWN = [WEB / "styles" / "tokens.css", WEB / "data" / "recorded-race.json"]
_SHOWN += [WEB / "figures" / "home" / "glass-home.js"]


def make(made: Mapping[str, str], program: Node) -> list[Row]:
    """Paint them, if anything that they show has changed; returns the table's rows.

    Args:
        made: the parts of the site, paths by name.
    """
    data = SITE / made["mnist"]
    rows = table.rows(data)
    indices = {name: SITE / made[name] for name in _OF}
    key = stamp.digest(data, *indices.values(), *_PROGRAM, *_SHOWN, PYLIB / "src")
    if stamp.read(STEP, key) is not None:
        return rows
    with tempfile.TemporaryDirectory() as name:
        asked, out = Path(name, "rows"), Path(name, "out")
        asked.mkdir()
        out.mkdir()
        (asked / "rows.json").write_text(document(rows), encoding="utf-8")
        folders = {part: index.parent for part, index in indices.items()}
        run_module(
            program,
            "make.embed.pictures",
            {"data": data.parent, **folders, "rows": asked, "out": out},
            numpy(),
            advice="The pictures of the canonical figures could not be painted.",
        )
        written = []
        for picture in sorted(out.rglob("*.png")):
            final = SITE / FOLDER / picture.relative_to(out)
            final.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, final)
            written.append(final)
    stamp.write(STEP, key, written, "made")
    return rows


def document(rows: list[Row]) -> str:
    """What the program is told of them, as JSON."""
    return json.dumps(
        [{"name": row.name, "figure": row.figure, "state": table.state(row)} for row in rows]
    )
