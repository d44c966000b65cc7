"""A program that the build runs: takes one training step of a shipped network on one digit and
writes down every array of it, so that a page has a step to look into before Python is there. It
runs in the visitors' own interpreter (interpreter.py) with the data set at /data and the network at
/model, and puts what it makes into /out: `make.one_step NAME`, the data set's.

The digit is one that the network misreads: of those in the first shard of the test digits, which is
small and comes first, the one that it is surest of; if there is none, of those in the first two. If
it misreads none of these either, the one that it is least sure of.

`step.json` tells the digit, the optimiser, and of each array all that there is to say (`Quantity`
in web/python/protocol.js). The optimiser's `state` is `new`: it remembers nothing of the training,
and its rate is its own, not what the schedule left of it in the end. The numbers of an array begin
at its `offset` in `step.bin.gz`, and are four bytes each, little-endian, of either `type`:

    float32   they are the numbers
    int32     so much larger are their bits, read as whole numbers, than those of the network's own
              array `beyond`: of parameters that the step moved by little, or not at all
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Split
from glassnet.model import Model, load_model
from glassnet.optimizers import OPTIMIZERS
from glassnet.options import make
from glassnet.tracing import Quantity, trace
from glassnet_bridge.tracing import quantity
from make.facts import keep, read, sources, versions

Array = NDArray[Any]


def main(data: Path, name: str, folder: Path, shipped: Path) -> None:
    index = json.loads((data / "index.json").read_text(encoding="utf-8"))
    told = json.loads((shipped / "model.json").read_text(encoding="utf-8"))
    model = load_model(shipped / told["weights"]["file"])
    test = read(data / "index.json").test
    shards = index["splits"]["test"]["shards"]
    first, second = (shard["count"] for shard in shards[:2])
    chosen = choose(model, test, (first, first + second))
    image, label = test.images[chosen], int(test.labels[chosen])
    optimizer = make(OPTIMIZERS, model.config.optimizer)
    model.network.attach(optimizer)
    steps = trace(model.network, image, label, optimizer)
    parameters = {key: np.array(value) for key, value in model.network.parameters().items()}
    rows, numbers = stored(steps, parameters)
    packed = gzip.compress(numbers, compresslevel=9, mtime=0)
    document = {
        "version": 1,
        "data": name,
        "weights": told["weights"]["sha256"],
        "digit": {"split": "test", "index": chosen, "label": label},
        "optimizer": {"config": model.config.optimizer, "state": "new"},
        "versions": versions(),
        "numbers": {**keep(folder / "step.bin.gz", packed), "unpacked": len(numbers)},
        "quantities": rows,
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    (folder / "step.json").write_text(text, encoding="utf-8")
    (folder / "sources.json").write_text(json.dumps(sources()), encoding="utf-8")
    print(f"  a step on test digit {chosen}, a {label}: {len(packed):,} bytes")


def choose(model: Model, test: Split, counts: Sequence[int]) -> int:
    """The test digit that the step is of; counts: among the first so many, or else so many."""
    outputs = model.network.predict(test.images[: counts[-1]])
    sure, wrong = outputs.max(axis=1), outputs.argmax(axis=1) != test.labels[: counts[-1]]
    for count in counts:
        if (misread := np.flatnonzero(wrong[:count])).size:
            return int(misread[sure[misread].argmax()])
    return int(sure.argmin())


def stored(
    steps: list[Quantity], parameters: dict[str, Array]
) -> tuple[list[dict[str, Any]], bytes]:
    """What is told of each array, and the numbers of them all."""
    rows, numbers = [], b""
    for one in steps:
        row, array = quantity(one), np.ascontiguousarray(one.array, "<f4")
        del row["data"]
        row["numbers"] = {"offset": len(numbers), "type": "float32"}
        if one.phase == "update" and one.name in parameters:
            row["numbers"] |= {"type": "int32", "beyond": one.name}
            array = moved(parameters[one.name], array)
        numbers += array.tobytes()
        rows.append(row)
    return rows, numbers


def moved(before: Array, after: Array) -> Array:
    """By how much the bits of float32 numbers grew, int32; an overflow undoes itself."""
    was, now = (np.ascontiguousarray(array, "<f4").reshape(-1) for array in (before, after))
    grown: Array = now.view("<i4") - was.view("<i4")
    return grown


if __name__ == "__main__":
    main(Path("/data"), sys.argv[1], Path("/out"), Path("/model"))
