"""The training step of a shipped network that a page shows before Python is there: taken here and
now by our own package. Its format is told in one_step.py; web/data/step.js reads it."""

from __future__ import annotations

from pathlib import Path

from . import computed
from .interpreter import PARTS, numpy, run_module
from .node import Node
from .settings import MAKE, SITE

PROGRAM = [MAKE / "one_step.py", MAKE / "facts.py", *PARTS]


def make(name: str, mnist: str, model: str, program: Node) -> str:
    """Fill `_site/step-HASH/`; returns its index's path relative to the site.

    Args:
        name: of the part.
        mnist: the data set's index, relative to the site.
        model: the network's.
    """
    data, network = SITE / mnist, SITE / model

    def run(folder: Path) -> None:
        run_module(
            program,
            "make.one_step",
            {"data": data.parent, "model": network.parent, "out": folder},
            *(numpy(), data.parent.name),
            advice="The shipped network's step could not be recorded.",
        )

    return computed.make(name, "step.json", [data, network, *PROGRAM], run, folder="step")
