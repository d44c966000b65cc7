"""Measuring a network on examples that it is not trained on."""

from __future__ import annotations

import math
from collections.abc import Generator

import numpy as np

from glassnet.data.dataset import Split
from glassnet.events import Evaluating, Evaluation
from glassnet.network import Network

CHUNK = 500  # examples measured at a time, or fewer:
ROOM = 4_000_000  # numbers that all layers together may need for them (16 MB)


def evaluate(
    network: Network, name: str, split: Split, step: int
) -> Generator[Evaluating, None, Evaluation]:
    """Measure on all of a split, as it is after `step` steps, in chunks between which the caller
    may do something else. What the generator returns (see `yield from`) is the result."""
    total, loss = len(split), 0.0
    confusion = np.zeros((network.outputs, network.outputs), np.int64)
    each = sum(math.prod(array.shape) for _, array in network.arrays(network.workspace(1)))
    chunk = max(1, min(CHUNK, ROOM // each))
    for begin in range(0, total, chunk):
        rows = np.arange(begin, min(begin + chunk, total))
        with np.errstate(all="ignore"):  # the loss tells
            work = network.load(split, rows)
            answers = network.engine.argmax(network.forward(work))
            loss += network.judge(work) * len(rows)
        np.add.at(confusion, (split.labels[rows], answers), 1)
        yield Evaluating(step, name, begin + len(rows), total)
    table = tuple(tuple(row) for row in confusion.tolist())
    accuracy = float(np.trace(confusion)) / total
    return Evaluation(step, name, total, loss / total, accuracy, table)
