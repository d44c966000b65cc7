"""A program that the build runs: trains the shipped network and writes down what it makes of every
digit. It runs in the visitors' own interpreter (interpreter.py) with the data set at /data, puts
what it makes into /out, and keeps the neighbour map in /maps, for that depends on the digits alone:
`make.facts NAME MAP`, the data set's name and the map's file.

The columns hold the test digits, then the training digits, little-endian:

    prediction uint8, confidence float32 (the largest output), loss float32 (this digit's own),
    ink float32 (the mean pixel, 0 to 1), similarity float32 (the cosine of the angle between its
    pixels and the mean of its class's training digits), map int16 (x, y: the neighbour map)
"""

from __future__ import annotations

import gzip
import hashlib
import json
import platform
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import glassnet
from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.engines import Engine
from glassnet.model import Model, save_model
from glassnet.network import Network
from glassnet.training import Evaluation, Run
from make.arithmetic import ENGINE, exact
from make.neighbour_map import neighbour_map

CHUNK = 2000  # digits at a time
POINTS, WORST = 7000, 12  # of the map, and of the mistakes, on the first page
ORDER = ("test", "train")
CLASSIC = RunConfig(evaluate_every=0)

Columns = dict[str, NDArray[Any]]


def main(data: Path, name: str, folder: Path, kept: Path) -> None:
    engine = exact()
    dataset = read(data / "index.json")
    network, told = train(dataset)
    images = np.concatenate([dataset.splits()[name].images for name in ORDER])
    labels = np.concatenate([dataset.splits()[name].labels for name in ORDER])
    columns = {**verdicts(network, images, labels), **measures(dataset, images, labels)}
    columns["map"] = placed(images, kept, engine)
    file = folder / "weights.safetensors"
    document = {
        "version": 1,
        "data": name,
        **told,
        "versions": versions(),
        "weights": keep(file, weights(file, network, told, dataset)),
        "facts": facts(folder / "facts.bin.gz", columns, dataset),
        "doors": doors(folder / "doors.bin.gz", columns, images, labels, dataset),
    }
    (folder / "model.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (folder / "sources.json").write_text(json.dumps(sources()), encoding="utf-8")


def read(index: Path) -> Dataset:
    """The data set as it was packed for the page."""
    document = json.loads(index.read_text(encoding="utf-8"))
    size = (document["rows"], document["columns"])
    splits = {}
    for name, split in document["splits"].items():
        images, labels = [], []
        for shard in split["shards"]:
            raw = np.frombuffer(gzip.decompress((index.parent / shard["file"]).read_bytes()), "u1")
            labels.append(raw[: shard["count"]])
            images.append(raw[shard["count"] :].reshape(-1, *size))
        splits[name] = Split(np.concatenate(images), np.concatenate(labels))
    return Dataset(document["name"], document["classes"], splits["train"], splits["test"])


def train(dataset: Dataset, config: RunConfig = CLASSIC) -> tuple[Network, dict[str, Any]]:
    """The classic run, whole. What is told of it names no engine: they all take the same steps."""
    run = Run.from_config(replace(config, engine=ENGINE), dataset)
    accuracy, loss = 0.0, 0.0
    for event in run.events():
        if isinstance(event, Evaluation):
            accuracy, loss = event.accuracy, event.loss
    print(f"  {config.epochs} epochs: {accuracy:.2%} of the test digits right")
    told = {"config": config.to_json(), "epochs": config.epochs, "steps": run.step}
    return run.network, {**told, "accuracy": accuracy, "loss": loss}


def verdicts(network: Network, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Columns:
    """The network's answer to each digit: which, how sure, how wrong."""
    outputs = np.concatenate(
        [
            network.activations(flat(images[start : start + CHUNK]))[-1]
            for start in range(0, len(images), CHUNK)
        ]
    )
    wanted = np.eye(outputs.shape[1], dtype=np.float32)[labels]
    return {
        "prediction": outputs.argmax(axis=1).astype(np.uint8),
        "confidence": outputs.max(axis=1).astype(np.float32),
        "loss": (0.5 * np.square(outputs - wanted).sum(axis=1)).astype(np.float32),
    }


def measures(dataset: Dataset, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Columns:
    """What the pixels alone tell."""
    classes = len(dataset.classes)
    means = np.zeros((classes, images[0].size))
    for label in range(classes):
        chosen = dataset.train.images[dataset.train.labels == label]
        if len(chosen):
            means[label] = chosen.reshape(len(chosen), -1).mean(axis=0)
    ink, similarity = [], []
    for start in range(0, len(images), CHUNK):
        part = images[start : start + CHUNK].reshape(-1, means.shape[1]).astype(np.float64)
        mean = means[labels[start : start + CHUNK]]
        lengths = np.linalg.norm(part, axis=1) * np.linalg.norm(mean, axis=1)
        ink.append(part.mean(axis=1) / 255)
        similarity.append((part * mean).sum(axis=1) / np.maximum(lengths, 1e-12))
    return {
        "ink": np.concatenate(ink).astype(np.float32),
        "similarity": np.concatenate(similarity).astype(np.float32),
    }


def placed(images: NDArray[np.uint8], kept: Path, engine: Engine) -> NDArray[np.int16]:
    """The neighbour map, int16 (n, 2): as it was kept, or made now."""
    points = kept_map(kept, len(images))
    if points is None:
        print(f"  a neighbour map of {len(images):,} digits")
        points = neighbour_map(images, engine)
        keep_map(kept, points)
    return points


def kept_map(path: Path, count: int) -> NDArray[np.int16] | None:
    """The map of `count` digits in a file; None if there is none, or not a whole and right one."""
    if not path.is_file():
        return None
    digest, raw = path.read_bytes()[:32], path.read_bytes()[32:]
    if hashlib.sha256(raw).digest() != digest or len(raw) != 4 * count:
        print(f"  the kept map {path.name} is damaged; it is made anew")
        return None
    return np.frombuffer(raw, "<i2").reshape(count, 2).astype(np.int16)


def keep_map(path: Path, points: NDArray[np.int16]) -> None:
    """Write the coordinates behind their sha256, in one step."""
    raw = points.astype("<i2").tobytes()
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(hashlib.sha256(raw).digest() + raw)
    Path(file.name).replace(path)


def flat(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Images as the network sees them: (n, pixels), 0 to 1."""
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255)


def weights(path: Path, network: Network, told: dict[str, Any], dataset: Dataset) -> bytes:
    """The network as the package writes a model: pages and the command line open it alike."""
    config = RunConfig.from_json(told["config"])
    model = Model(network, config, tuple(dataset.classes), dataset.name, told["steps"])
    save_model(path, model)
    return path.read_bytes()


def doors(
    path: Path,
    columns: Columns,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    dataset: Dataset,
) -> dict[str, Any]:
    """What the first page shows of all this: some points of the map, uint16 (n, 2) from 0 to 65535,
    and their labels, uint8 (n,); then the pixels of the test digits that are misread worst."""
    rng = np.random.default_rng(1)
    some = np.sort(rng.permutation(len(images))[:POINTS])
    points = (columns["map"][some].astype(np.int32) + 32768).astype("<u2")
    tests = len(dataset.test)
    wrong = np.flatnonzero(columns["prediction"][:tests] != labels[:tests])
    worst = wrong[np.argsort(-columns["loss"][wrong], kind="stable")][:WORST]
    raw = points.tobytes() + labels[some].tobytes() + images[worst].tobytes()
    told = [
        {"index": int(i), "label": int(labels[i]), "read": int(columns["prediction"][i])}
        for i in worst
    ]
    packed = gzip.compress(raw, compresslevel=9, mtime=0)
    size = {"rows": images.shape[1], "columns": images.shape[2]}
    counts = {"count": len(images), "points": len(some)}
    return {**keep(path, packed), "unpacked": len(raw), **counts, "worst": told, **size}


def facts(path: Path, columns: Columns, dataset: Dataset) -> dict[str, Any]:
    """Write the columns; returns what the page needs to read them."""
    raw, described = b"", []
    for name, array in columns.items():
        stored = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        width = 1 if array.ndim == 1 else array.shape[1]
        described.append(
            {"name": name, "type": array.dtype.name, "width": width, "offset": len(raw)}
        )
        raw += stored.tobytes()
        raw += bytes(-len(raw) % 4)  # the next column starts aligned
    splits = [{"name": name, "count": len(dataset.splits()[name])} for name in ORDER]
    packed = gzip.compress(raw, compresslevel=9, mtime=0)
    return {**keep(path, packed), "unpacked": len(raw), "splits": splits, "columns": described}


def keep(path: Path, data: bytes) -> dict[str, Any]:
    path.write_bytes(data)
    return {"file": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def versions() -> dict[str, str]:
    """Of what computed this: the visitors' own."""
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "glassnet": glassnet.__version__,
    }


def sources() -> list[str]:
    """The package's modules that took part, relative to the repository."""
    root, ours = Path(__file__).resolve().parents[2], ("glassnet", "glassnet_bridge")
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] in ours]
    files = {Path(str(module.__file__)).resolve() for module in modules if module.__file__}
    return sorted(file.relative_to(root).as_posix() for file in files)


if __name__ == "__main__":
    main(Path("/data"), sys.argv[1], Path("/out"), Path("/maps", sys.argv[2]))
