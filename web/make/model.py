"""The network that the site ships, trained here and now by our own package, and what it makes of
every digit; so that the pages have something true to show before Python is there.

Its folder holds `model.json` (configuration, accuracy, versions, what the columns are),
`weights.safetensors`, `facts.bin.gz`, one column after another, and `doors.bin.gz` (see facts.py).
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
from .settings import MAKE, ROOT, SITE, Settings

MAP = [MAKE / "neighbour_map.py", *PARTS]
PROGRAM = [MAKE / "facts.py", *MAP]


def make(mnist: str, program: Node, settings: Settings) -> str:
    """Fill `_site/model-HASH/`; returns its index's path relative to the site.

    It takes a minute, so it is done again only if the data, the program, or one of the package's
    modules that took part in it has changed.

    Args:
        mnist: the data set's index, relative to the site.
    """
    made = stamp.read("model")
    if made and made["key"] == _key(mnist, made["sources"]):
        return str(made["index"])
    maps = settings.cache / "maps"
    maps.mkdir(parents=True, exist_ok=True)
    kept = f"{stamp.digest(SITE / mnist, *MAP)[:12]}.map"
    data = (SITE / mnist).parent
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_module(
            program,
            "make.facts",
            {"data": data, "out": folder, "maps": maps},
            *(numpy(), data.name, kept),
            advice="The shipped network could not be trained.",
        )
        sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
        digest = hashlib.sha256((folder / "model.json").read_bytes()).hexdigest()[:12]
        final = SITE / f"model-{digest}"
        shutil.rmtree(final, ignore_errors=True)
        final.mkdir()  # not the temporary folder itself, which is its owner's alone
        for file in ("model.json", "weights.safetensors", "facts.bin.gz", "doors.bin.gz"):
            shutil.copyfile(folder / file, final / file)
    index = f"{final.name}/model.json"
    result = {"index": index, "sources": sources, "key": _key(mnist, sources)}
    stamp.write("model", "", final.iterdir(), result)
    return index


def _key(mnist: str, sources: list[str]) -> str:
    """What the result depends on. sources: the package's modules, relative to the repository."""
    modules = [ROOT / name for name in sources if (ROOT / name).is_file()]
    return stamp.digest(SITE / mnist, *PROGRAM, *modules, str(len(sources)))
