"""What the race's workers fetch: the digits, and for peers the same batches and first weights."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.digits import Part
from bench.trial import Trials, cropped
from bench.workloads import JUDGED, Workload
from glassnet.training.learner import ORDER
from make.settings import WEB
from support.modules import MODULES

HERE = Path(__file__).parent
PAGE = b"<!doctype html><html lang=en><title>bench</title>"


def python_files(parts: dict[str, Part]) -> dict[str, bytes | Path]:
    """The page, its Python worker, and the digits as they are."""
    (train, train_labels), (test, test_labels) = parts["train"], parts["test"]
    return {
        "bench/index.html": PAGE,
        "bench/python.js": HERE / "pages" / "python.js",
        "bench/inside.py": HERE / "pages" / "inside.py",
        "bench/trial.py": HERE / "trial.py",
        **{f"bench/{name}": WEB / name for name in MODULES},
        "bench/data/train-images.bin": train.tobytes(),
        "bench/data/train-labels.bin": train_labels.tobytes(),
        "bench/data/test-images.bin": test[:JUDGED].tobytes(),
        "bench/data/test-labels.bin": test_labels[:JUDGED].tobytes(),
    }


def peer_files(parts: dict[str, Part], workloads: Iterable[Workload]) -> dict[str, bytes | Path]:
    """For each workload: the digits in the order of our own run, and the weights it begins with."""
    files: dict[str, bytes | Path] = {}
    for workload in workloads:
        (train, labels), (test, test_labels) = ordered(parts, workload), judged(parts, workload)
        parameters = first_parameters(parts, workload)
        place = f"bench/data/{workload.name}/"
        files |= {
            f"{place}train-images.bin": train.tobytes(),
            f"{place}train-labels.bin": labels.tobytes(),
            f"{place}test-images.bin": test.tobytes(),
            f"{place}test-labels.bin": test_labels.tobytes(),
            f"{place}shapes.json": json.dumps([array.shape for array in parameters]).encode(),
            f"{place}parameters.bin": b"".join(array.tobytes() for array in parameters),
        }
    return files


def ordered(parts: dict[str, Part], workload: Workload) -> Part:
    """The digits that a run of ours learns from, one batch after the other."""
    images, labels = parts["train"]
    rng = np.random.default_rng([workload.config["seed"], ORDER, 0])
    rows = rng.permutation(len(labels))[: workload.steps * workload.batch]
    return cropped(images[rows], workload.crop), labels[rows]


def judged(parts: dict[str, Part], workload: Workload) -> Part:
    """The digits that accuracy is measured on."""
    images, labels = parts["test"]
    return cropped(images[:JUDGED], workload.crop), labels[:JUDGED]


def first_parameters(parts: dict[str, Part], workload: Workload) -> list[NDArray[np.float32]]:
    """The weights and biases that a run of ours begins with, layer by layer."""
    run = Trials(parts["train"], parts["test"]).start(workload.to_json(), "numpy")
    return [np.asarray(array, "<f4") for array in run.network.parameters().values()]
