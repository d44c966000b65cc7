"""What the package declares of its own options: their kinds, bounds and defaults. The pages' fields
follow these, so that nothing about a hyperparameter is said twice.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from . import stamp
from .console import output
from .settings import MAKE, PYLIB, WEB

PACKAGE = PYLIB / "src"


def make() -> Any:
    """The declarations; read again only when the package has changed."""
    key = stamp.digest(PACKAGE, MAKE / "declarations.py")
    made = stamp.read("declarations", key)
    if made is None:
        made = read(PACKAGE)
        stamp.write("declarations", key, [], made)
    return made


def read(package: Path) -> Any:
    """Ask the package in a folder; its own interpreter does, for the build has none of it."""
    told = output(
        [sys.executable, "-m", "make.declarations"],
        env={"PYTHONPATH": os.pathsep.join([str(package), str(WEB)])},
        advice="The package's options could not be read.",
    )
    return json.loads(told)


def main() -> None:
    """Print `run`, what each field of a configuration accepts; `defaults`, a complete one; and of
    what is chosen by its type, each one's options."""
    from glassnet.activations import ACTIVATIONS
    from glassnet.config import RunConfig
    from glassnet.layers import LAYERS
    from glassnet.optimizers import OPTIMIZERS
    from glassnet.options import describe
    from glassnet.schedules import SCHEDULES

    tables = {"layers": LAYERS, "optimizers": OPTIMIZERS, "schedules": SCHEDULES}
    document = {
        "run": describe(RunConfig),
        "defaults": RunConfig().to_json(),
        "activations": list(ACTIVATIONS),
        **{name: {k: describe(v) for k, v in table.items()} for name, table in tables.items()},
    }
    print(json.dumps(document))


if __name__ == "__main__":
    main()
