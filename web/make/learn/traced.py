"""Which lines compute a formula: small networks with every part of the package take a step, and the
package's own tracing tells. An interpreter of its own asks it, for the build has none of it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from ..console import output
from ..settings import WEB


class Line(NamedTuple):
    file: str
    number: int


class Traced(NamedTuple):
    """A formula of a step, and the lines that ran for it, from the layer's inwards."""

    formula: str
    lines: list[Line]


def read(package: Path) -> list[Traced]:
    """Ask the package in a folder."""
    told = output(
        [sys.executable, "-m", "make.learn.traced"],
        env={"PYTHONPATH": os.pathsep.join([str(package), str(WEB)])},
        advice="The package could not tell which of its lines compute what.",
    )
    return [Traced(formula, [Line(*one) for one in lines]) for formula, lines in json.loads(told)]


def main() -> None:
    """Print every formula of these steps, and what stands in it, with its lines."""
    import numpy as np

    from glassnet.activations import ACTIVATIONS
    from glassnet.losses import LOSSES
    from glassnet.network import Network
    from glassnet.optimizers import OPTIMIZERS
    from glassnet.options import make
    from glassnet.tracing import trace

    def dense(activation: str = "sigmoid") -> dict[str, Any]:
        return {"type": "dense", "units": 3, "activation": activation}

    image: list[dict[str, Any]] = [
        {"type": "conv2d", "filters": 2, "size": 3},
        {"type": "conv2d", "filters": 2, "size": 3},
        {"type": "batch_norm"},
        {"type": "activation"},
        {"type": "max_pool2d"},
        {"type": "average_pool2d"},
        {"type": "flatten"},
        {"type": "dropout"},
    ]
    plain = {"lr": 0.1}
    steps: list[tuple[list[dict[str, Any]], str, dict[str, Any]]] = [
        ([dense(), dense()], "mse", {"type": "sgd", **plain}),
        ([*image, dense()], "mse", {"type": "adam", "l1": 0.1, **plain}),
        *(([dense(), dense(name)], "mse", {"type": "sgd", **plain}) for name in ACTIVATIONS),
        *(
            ([dense(), dense((loss.outputs or ("sigmoid",))[0])], name, {"type": "sgd", **plain})
            for name, loss in LOSSES.items()
        ),
        *(([dense(), dense()], "mse", {"type": name, **plain}) for name in OPTIMIZERS),
    ]
    seen = []
    for layers, loss, chosen in steps:
        network = Network(layers, (12, 12), loss)
        optimizer = make(OPTIMIZERS, chosen)
        network.attach(optimizer)
        for one in trace(network, np.zeros((12, 12), np.uint8), 1, optimizer):
            lines = [(line.file, line.line) for line in one.sources]
            seen += [(formula, lines) for formula in (one.formula, *one.details) if formula]
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
