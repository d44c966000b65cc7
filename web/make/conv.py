"""The second network that the site ships, one of small windows, trained here and now by our own
package: `model.json` (configuration, accuracy, versions) and `weights.safetensors`."""

from __future__ import annotations

from pathlib import Path

from . import computed, stamp
from .interpreter import PARTS, numpy, run_module
from .node import Node
from .settings import MAKE, SITE, Settings

PROGRAM = [MAKE / "train_conv.py", MAKE / "facts.py", *PARTS]


def make(mnist: str, program: Node, settings: Settings) -> str:
    """Fill `_site/conv-HASH/`; returns its index's path relative to the site.

    The trained weights are kept in the cache as well, for other checkouts and after `clean`.

    Args:
        mnist: the data set's index, relative to the site.
    """
    data, trained = SITE / mnist, settings.cache / "trained"
    trained.mkdir(parents=True, exist_ok=True)
    recipe = stamp.digest(data, *PROGRAM)

    def run(folder: Path) -> None:
        run_module(
            program,
            "make.train_conv",
            {"data": data.parent, "trained": trained, "out": folder},
            *(numpy(), data.parent.name, recipe),
            advice="The shipped conv net could not be trained.",
        )

    return computed.make("conv", "model.json", [data, *PROGRAM], run)
