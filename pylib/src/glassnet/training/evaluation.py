"""Measuring a network on examples that it is not trained on."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator

import numpy as np

from glassnet.data.dataset import Split
from glassnet.engines import Array
from glassnet.events import Evaluating, Evaluation
from glassnet.network import Network

CHUNK = 500  # examples measured at a time, or fewer:
ROOM = 4_000_000  # numbers that all layers together may need for them (16 MB)


def in_chunks(network: Network, split: Split) -> Iterator[tuple[slice, Array, float]]:
    """All of a split, some examples at a time: which ones, the answers to them, in an array that
    the next ones overwrite, and their mean loss."""
    each = sum(math.prod(array.shape) for _, array in network.arrays(network.workspace(1)))
    chunk = max(1, min(CHUNK, ROOM // each))
    for begin in range(0, len(split), chunk):
        rows = slice(begin, min(begin + chunk, len(split)))
        with np.errstate(all="ignore"):  # the loss tells
            work = network.load(split, np.arange(rows.start, rows.stop))
            outputs = network.forward(work)
            loss = network.measure_loss(work)
        yield rows, outputs, loss


def evaluate(
    network: Network, name: str, split: Split, step: int
) -> Generator[Evaluating, None, Evaluation]:
    """Measure on all of a split, as it is after `step` steps, in chunks between which the caller
    may do something else. What the generator returns (see `yield from`) is the result; of an empty
    split, with a loss and an accuracy of 0."""
    total, loss, engine, classes = len(split), 0.0, network.engine, network.outputs
    cells = np.zeros(total, np.intp)  # of the table, row by row, in which each example is counted
    for rows, outputs, mean in in_chunks(network, split):
        cells[rows] = engine.argmax(outputs)
        yield Evaluating(step, name, rows.stop, total)
        loss += engine.read([mean])[0] * (rows.stop - rows.start)
    cells += classes * split.labels.astype(np.intp)
    confusion = np.bincount(cells, minlength=classes * classes).reshape(classes, classes)
    table = tuple(tuple(row) for row in confusion.tolist())
    accuracy = float(np.trace(confusion)) / max(total, 1)
    return Evaluation(step, name, total, loss / max(total, 1), accuracy, table)
