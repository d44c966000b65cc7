"""A program that the build runs: takes the first steps of the classic run and writes them down, so
that a page has a network that learns to show before Python is there. It runs in the visitors' own
interpreter (interpreter.py) with the data set at /data and puts what it makes into /out:
`make.record NAME`, the data set's.

`recording.json` says what is where in four files, so that a figure with little room can be shown
the end before all that led to it. They hold whole numbers, which times a `scale` are the values,
little-endian:

    losses.bin.gz    int16 (steps,): the mean loss of every single batch, none left out
    end.bin.gz       for each of the network's parameters, begun at a multiple of four bytes,
                     (1, ...): at the last snapshot
    first.bin.gz     likewise at the first
    between.bin.gz   likewise (snapshots - 2, ...): of the second to the last but one, each stored
                     as what it adds to the one before it

Sums have the type's own overflow, which undoes itself.

The many weights of the first layer are kept in 8 bits and all others in 16, so what a reader
computes from them is not quite what the run computed. How far apart the two are is measured, on
all test digits and all snapshots, and told as `rounding`.

`opening.bin.gz` holds the digits of the run's first steps: with them a real run of the same seed
can begin before all of the data set has come. Their places in the training split, uint32 each; then
their labels; then their pixels.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.network import Network
from glassnet.training import Evaluation, Run, Step
from make.arithmetic import ENGINE, exact
from make.facts import CHUNK, flat, keep, read, sources, versions

STEPS = 6000  # one epoch of all of MNIST
OPENING = 1000  # digits of the first hundred steps: 160 KB
SNAPSHOTS = (0, 1, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1000, 2000, 3000, 4500, STEPS)
LARGE = 4096  # an array of more values is kept in 8 bits

Arrays = dict[str, NDArray[Any]]


def main(data: Path, name: str, folder: Path) -> None:
    exact()
    dataset = read(data / "index.json")
    run = Run.from_config(RunConfig(engine=ENGINE), dataset)
    losses, evaluations, shots = record(run)
    scales, stored = quantised(shots)
    rounding = measured(run.network, shots, restored(scales, stored), dataset)
    document = {
        "version": 2,
        "data": name,
        "config": RunConfig().to_json(),
        "batches": run.steps_per_epoch,
        "train": len(dataset.train),
        "snapshots": list(SNAPSHOTS),
        "evaluations": [
            {key: getattr(one, key) for key in ("step", "split", "count", "loss", "accuracy")}
            for one in evaluations
        ],
        "rounding": rounding,
        "versions": versions(),
        "opening": opening(folder / "opening.bin.gz", run),
        **written(folder, losses, scales, stored),
    }
    (folder / "recording.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (folder / "sources.json").write_text(json.dumps(sources()), encoding="utf-8")
    last = evaluations[-1].accuracy
    print(f"  {STEPS:,} steps recorded: {last:.2%} of the test digits right, {rounding}")


def record(run: Run) -> tuple[NDArray[np.float32], list[Evaluation], list[Arrays]]:
    """Take the steps; returns each batch loss, the evaluations, the parameters at SNAPSHOTS."""
    losses: list[float] = []
    evaluations: list[Evaluation] = []
    shots = [copied(run.network)]
    for event in run.events():
        if isinstance(event, Step):
            losses.append(event.loss)
            if event.step in SNAPSHOTS:
                shots.append(copied(run.network))
        elif isinstance(event, Evaluation):
            evaluations.append(event)
        if len(losses) == STEPS and evaluations and evaluations[-1].step == STEPS:
            break
    return np.array(losses, np.float32), evaluations, shots


def opening(path: Path, run: Run) -> dict[str, Any]:
    """Write the digits that the run begins with; returns what a reader needs to find them."""
    split, places = run.learner.split, run.learner.order(0)[:OPENING]
    parts = (places.astype("<u4"), split.labels[places], split.images[places])
    raw = b"".join(part.tobytes() for part in parts)
    packed = gzip.compress(raw, compresslevel=9, mtime=0)
    return {**keep(path, packed), "unpacked": len(raw), "count": len(places)}


def copied(network: Network) -> Arrays:
    return {name: np.array(array) for name, array in network.parameters().items()}


def quantised(shots: list[Arrays]) -> tuple[dict[str, float], Arrays]:
    """Each parameter's scale, and its whole numbers, (snapshots, ...)."""
    scales, stored = {}, {}
    for name, first in shots[0].items():
        kind: type[np.signedinteger[Any]] = np.int8 if first.size > LARGE else np.int16
        values = np.stack([shot[name] for shot in shots]).astype(np.float64)
        scales[name] = float(np.abs(values).max() / np.iinfo(kind).max) or 1.0
        stored[name] = np.round(values / scales[name]).astype(kind)
    return scales, stored


def restored(scales: dict[str, float], stored: Arrays) -> list[Arrays]:
    """The parameters as a reader gets them back, snapshot by snapshot."""
    values = {name: whole * np.float32(scales[name]) for name, whole in stored.items()}
    return [{n: v[i] for n, v in values.items()} for i in range(len(SNAPSHOTS))]


def measured(
    network: Network, shots: list[Arrays], kept: list[Arrays], dataset: Dataset
) -> dict[str, float]:
    """How far the outputs are moved by the rounding: the most, and on the average."""
    largest = total = 0.0
    for shot, rounded in zip(shots, kept, strict=True):
        difference = np.abs(outputs(network, shot, dataset) - outputs(network, rounded, dataset))
        largest = max(largest, float(difference.max()))
        total += float(difference.mean())
    return {"largest": round(largest, 4), "mean": round(total / len(shots), 6)}


def outputs(network: Network, parameters: Arrays, dataset: Dataset) -> NDArray[np.float32]:
    """What the network answers to all test digits with other parameters."""
    for name, array in network.parameters().items():
        array[...] = parameters[name]
    images = dataset.test.images
    return np.concatenate(
        [
            network.activations(flat(images[start : start + CHUNK]))[-1]
            for start in range(0, len(images), CHUNK)
        ]
    )


def written(
    folder: Path, losses: NDArray[np.float32], scales: dict[str, float], stored: Arrays
) -> dict[str, Any]:
    """Write the numbers; returns what a reader needs to find them."""
    scale = float(losses.max()) / np.iinfo(np.int16).max
    raw = {"losses": np.round(losses / scale).astype("<i2").tobytes()}
    raw |= {"end": b"", "first": b"", "between": b""}
    arrays = []
    for name, whole in stored.items():
        added = {"end": whole[-1:], "first": whole[:1], "between": np.diff(whole[:-1], axis=0)}
        offsets = {}
        for piece, values in added.items():
            raw[piece] += bytes(-len(raw[piece]) % 4)
            offsets[piece] = len(raw[piece])
            raw[piece] += values.astype(whole.dtype.newbyteorder("<")).tobytes()
        told = {"name": name, "type": whole.dtype.name, "shape": list(whole.shape[1:])}
        arrays.append({**told, "scale": scales[name], "offsets": offsets})
    numbers = {}
    for piece, data in raw.items():
        packed = gzip.compress(data, compresslevel=9, mtime=0)
        numbers[piece] = {**keep(folder / f"{piece}.bin.gz", packed), "unpacked": len(data)}
    return {"losses": {"type": "int16", "scale": scale}, "arrays": arrays, "numbers": numbers}


if __name__ == "__main__":
    main(Path("/data"), sys.argv[1], Path("/out"))
