"""Trains for a while and tells how long it took. The same file runs in the browser and natively."""

from __future__ import annotations

import time
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.training import Run, Step, evaluate

Bytes = NDArray[np.uint8]
COMPARED = 100  # first losses, told for comparison


class Trials:
    """Trials on one data set.

    Args:
        train, test: images uint8 (n, 28, 28), labels uint8 (n,).
    """

    def __init__(self, train: tuple[Bytes, Bytes], test: tuple[Bytes, Bytes]) -> None:
        self._parts = train, test
        self._datasets: dict[int, Dataset] = {}

    def start(self, workload: dict[str, Any], engine: str) -> Run:
        """A new run of the workload, always the same."""
        crop = workload["crop"]
        if crop not in self._datasets:
            train, test = (Split(cropped(images, crop), labels) for images, labels in self._parts)
            classes = [str(digit) for digit in range(10)]
            self._datasets[crop] = Dataset("mnist", classes, train, test)
        config = RunConfig.from_json({**workload["config"], "engine": engine})
        run = Run.from_config(config, self._datasets[crop])
        if run.engine.name != engine:  # "simd" is numpy where there is no kernel
            raise RuntimeError(f"a run on {run.engine.name} would be timed as one on {engine}")
        return run

    def warm(self, workload: dict[str, Any], engine: str, seconds: float) -> None:
        """Train for about so long: code is compiled better once it has run for a while."""
        end = time.perf_counter() + seconds
        for _ in self.start(workload, engine).events():
            if time.perf_counter() > end:
                break

    def run(self, workload: dict[str, Any], engine: str, judge: bool) -> dict[str, Any]:
        """Take the workload's steps.

        Returns:
            {"seconds": of all steps together, "losses": of the first steps,
             "accuracy": afterwards on the test digits, or None if not to be judged}
        """
        run, losses = self.start(workload, engine), []
        events = islice(run.events(), workload["steps"])
        begin = time.perf_counter()
        for event in events:
            assert isinstance(event, Step), event
            losses.append(event.loss)
        seconds = time.perf_counter() - begin
        return {
            "seconds": seconds,
            "losses": losses[:COMPARED],
            "accuracy": accuracy(run) if judge else None,
        }


def cropped(images: Bytes, crop: int) -> Bytes:
    """The middle of images (n, 28, 28), C-contiguous."""
    middle = slice(crop, images.shape[1] - crop)
    return np.ascontiguousarray(images[:, middle, middle])


def accuracy(run: Run) -> float:
    """The share of the test digits that the network reads rightly."""
    measured = evaluate(run.network, "test", run.dataset.test, run.step)
    while True:
        try:
            next(measured)
        except StopIteration as end:
            return float(end.value.accuracy)
