"""What the race's workers fetch: the digits, and for peers the same batches and first weights."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from bench.digits import Part
from bench.trial import Trials, cropped
from bench.workloads import JUDGED, Workload
from glassnet.training.learner import ORDER
from make.settings import WEB

HERE = Path(__file__).parent
START = [
    "python/boot.js",
    "python/archive.js",
    "python/rest.js",
    "wire/download.js",
]  # Python's start
PAGE = b"<!doctype html><html lang=en><title>bench</title>"


def python_files(parts: dict[str, Part]) -> dict[str, bytes | Path]:
    """The page, its Python worker, and the digits as they are."""
    (train, train_labels), (test, test_labels) = parts["train"], parts["test"]
    return {
        "bench/index.html": PAGE,
        "bench/python.js": HERE / "pages" / "python.js",
        "bench/inside.py": HERE / "pages" / "inside.py",
        "bench/trial.py": HERE / "trial.py",
        **{f"bench/{name}": WEB / name for name in START},
        "bench/data/train-images.bin": train.tobytes(),
        "bench/data/train-labels.bin": train_labels.tobytes(),
        "bench/data/test-images.bin": test[:JUDGED].tobytes(),
        "bench/data/test-labels.bin": test_labels[:JUDGED].tobytes(),
    }


def peer_files(parts: dict[str, Part], workloads: Iterable[Workload]) -> dict[str, bytes | Path]:
    """For each workload: the digits in the order of our own run, and the weights it begins with."""
    files: dict[str, bytes | Path] = {}
    (train, labels), (test, test_labels) = parts["train"], parts["test"]
    trials = Trials(parts["train"], (test[:JUDGED], test_labels[:JUDGED]))
    for workload in workloads:
        rng = np.random.default_rng([workload.config["seed"], ORDER, 0])
        rows = rng.permutation(len(labels))[: workload.steps * workload.batch]
        parameters = trials.start(workload.to_json(), "numpy").network.parameters()
        place = f"bench/data/{workload.name}/"
        files |= {
            f"{place}train-images.bin": cropped(train[rows], workload.crop).tobytes(),
            f"{place}train-labels.bin": labels[rows].tobytes(),
            f"{place}test-images.bin": cropped(test[:JUDGED], workload.crop).tobytes(),
            f"{place}test-labels.bin": test_labels[:JUDGED].tobytes(),
            f"{place}shapes.json": json.dumps(
                [array.shape for array in parameters.values()]
            ).encode(),
            f"{place}parameters.bin": b"".join(
                np.asarray(array, "<f4").tobytes() for array in parameters.values()
            ),
        }
    return files
