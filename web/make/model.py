"""The network that the site ships, trained here and now by our own package, and what it makes of
every digit; so that the pages have something true to show before Python is there.

Its folder holds `model.json` (configuration, accuracy, versions, what the columns are),
`weights.safetensors`, `facts.bin.gz`, one column after another, and `doors.bin.gz` (see facts.py).
"""

from __future__ import annotations

from pathlib import Path

from . import computed, stamp
from .interpreter import PARTS, numpy, run_module
from .node import Node
from .settings import MAKE, SITE, Settings

MAP = [MAKE / "neighbour_map.py", *PARTS]
PROGRAM = [MAKE / "facts.py", *MAP]


def make(mnist: str, program: Node, settings: Settings) -> str:
    """Fill `_site/model-HASH/`; returns its index's path relative to the site.

    It takes a minute; the neighbour map is kept in the cache as well, for it depends on less.

    Args:
        mnist: the data set's index, relative to the site.
    """
    data, maps = SITE / mnist, settings.cache / "maps"
    maps.mkdir(parents=True, exist_ok=True)
    kept = f"{stamp.digest(data, *MAP)[:12]}.map"

    def run(folder: Path) -> None:
        run_module(
            program,
            "make.facts",
            {"data": data.parent, "out": folder, "maps": maps},
            *(numpy(), data.parent.name, kept),
            advice="The shipped network could not be trained.",
        )

    return computed.make("model", "model.json", [data, *PROGRAM], run)
