"""The recorded run that a page shows before Python is there: made here and now by our own package,
from the data set as it is shipped. Its format is told in record.py; web/data/recording.js reads it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from . import stamp
from .interpreter import PARTS, numpy, run_module
from .node import Node
from .settings import MAKE, ROOT, SITE

PROGRAM = [MAKE / "record.py", MAKE / "facts.py", *PARTS]


def make(mnist: str, program: Node) -> str:
    """Fill `_site/recording-HASH/`; returns its index's path relative to the site.

    It is made again only if the data, the program, or one of the package's modules that took part
    in it has changed.

    Args:
        mnist: the data set's index, relative to the site.
    """
    made = stamp.read("recording")
    if made and made["key"] == _key(mnist, made["sources"]):
        return str(made["index"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = (SITE / mnist).parent
        run_module(
            program,
            "make.record",
            {"data": data, "out": folder},
            *(numpy(), data.name),
            advice="The run could not be recorded.",
        )
        sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
        digest = hashlib.sha256((folder / "recording.json").read_bytes()).hexdigest()[:12]
        final = SITE / f"recording-{digest}"
        shutil.rmtree(final, ignore_errors=True)
        final.mkdir()
        for file in ("recording.json", "recording.bin.gz", "opening.bin.gz"):
            shutil.copyfile(folder / file, final / file)
    index = f"{final.name}/recording.json"
    result = {"index": index, "sources": sources, "key": _key(mnist, sources)}
    stamp.write("recording", "", final.iterdir(), result)
    return index


def _key(mnist: str, sources: list[str]) -> str:
    """What the result depends on. sources: the package's modules, relative to the repository."""
    modules = [ROOT / name for name in sources if (ROOT / name).is_file()]
    return stamp.digest(SITE / mnist, *PROGRAM, *modules, str(len(sources)))
