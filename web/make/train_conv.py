"""A program that the build runs: trains the second network that the site ships, which looks at each
digit through small windows. It runs in the visitors' own interpreter (interpreter.py) with the data
set at /data and what was trained before at /trained, and puts what it makes into /out:
`make.train_conv NAME RECIPE`, the data set's name and a digest of all that decides about the result
beside the package.

Training takes half a minute, so the weights are kept under a name that tells the recipe: with that
digest, one of the package's modules that took part. Which those are is known only in here.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.model import load_model
from make.arithmetic import exact
from make.facts import keep, read, sources, train, versions, weights

FILE = "weights.safetensors"

# Two layers of windows, each followed by the largest of four neighbours: 5994 numbers in all. They
# reach 99.2 % of the test digits after 6 epochs of all of MNIST, 99.1 % after 5. Momentum and Adam,
# at their best rates, come to the same; and plain SGD has the update that is explained the soonest.
CONV = RunConfig.from_json(
    {
        "layers": [
            {"type": "conv2d", "filters": 8, "size": 5, "activation": "relu"},
            {"type": "max_pool2d", "size": 2},
            {"type": "conv2d", "filters": 16, "size": 5, "activation": "relu"},
            {"type": "max_pool2d", "size": 2},
            {"type": "dense", "units": 10, "activation": "softmax"},
        ],
        "loss": "cross_entropy",
        "optimizer": {"type": "sgd", "lr": 0.1},
        "schedule": {"type": "cosine"},
        "initializer": "he_normal",
        "batch": 16,
        "epochs": 6,
        "evaluate_every": 0,
    }
)


def main(data: Path, name: str, folder: Path, trained: Path, recipe: str) -> None:
    exact()
    dataset = read(data / "index.json")
    kept = trained / f"{recipe[:12]}-{modules()[:12]}.weights"
    raw = kept_weights(kept)
    if raw is None:
        raw = trained_weights(dataset)
        keep_weights(kept, raw)
    entry = keep(folder / FILE, raw)
    model = load_model(folder / FILE)
    outputs, loss = model.outputs(dataset.test)
    document: dict[str, Any] = {
        "version": 1,
        "data": name,
        "config": model.config.to_json(),
        "epochs": model.config.epochs,
        "steps": model.step,
        "accuracy": float(np.mean(outputs.argmax(axis=1) == dataset.test.labels)),
        "loss": loss,
        "versions": versions(),
        "weights": entry,
    }
    (folder / "model.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (folder / "sources.json").write_text(json.dumps(sources()), encoding="utf-8")


def trained_weights(dataset: Dataset) -> bytes:
    """The network's file, after a whole run."""
    network, told = train(dataset, CONV)
    with tempfile.TemporaryDirectory() as name:
        return weights(Path(name, FILE), network, told, dataset)


def modules() -> str:
    """A digest of the package's modules as they are now."""
    total = hashlib.sha256()
    for name in sources():
        data = (Path(__file__).resolve().parents[2] / name).read_bytes()
        total.update(f"{name}\0{len(data)}\0".encode() + data)
    return total.hexdigest()


def kept_weights(path: Path) -> bytes | None:
    """What was kept in a file; None if there is none, or not a whole one."""
    if not path.is_file():
        return None
    digest, raw = path.read_bytes()[:32], path.read_bytes()[32:]
    if hashlib.sha256(raw).digest() == digest:
        return raw
    print(f"  the kept weights {path.name} are damaged; the network is trained anew")
    return None


def keep_weights(path: Path, raw: bytes) -> None:
    """Write them behind their sha256, in one step."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(hashlib.sha256(raw).digest() + raw)
    Path(file.name).replace(path)


if __name__ == "__main__":
    main(Path("/data"), sys.argv[1], Path("/out"), Path("/trained"), sys.argv[2])
