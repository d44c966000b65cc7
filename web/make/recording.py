"""The recorded run that a page shows before Python is there: made here and now by our own package,
from the data set as it is shipped. Its format is told in record.py; web/data/recording.js reads it.
"""

from __future__ import annotations

from pathlib import Path

from . import computed
from .interpreter import PARTS, numpy, run_module
from .node import Node
from .settings import MAKE, SITE

PROGRAM = [MAKE / "record.py", MAKE / "facts.py", *PARTS]


def make(mnist: str, program: Node) -> str:
    """Fill `_site/recording-HASH/`; returns its index's path relative to the site.

    Args:
        mnist: the data set's index, relative to the site.
    """
    data = SITE / mnist

    def run(folder: Path) -> None:
        run_module(
            program,
            "make.record",
            {"data": data.parent, "out": folder},
            *(numpy(), data.parent.name),
            advice="The run could not be recorded.",
        )

    return computed.make("recording", "recording.json", [data, *PROGRAM], run)
