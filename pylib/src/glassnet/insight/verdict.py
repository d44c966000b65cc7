"""What one training step on one digit does: to this digit, to its batch, and to all others.

The step is the one that `glassnet.trace` shows, taken by a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from glassnet.data.dataset import Split
from glassnet.errors import ShapeError
from glassnet.images import as_examples
from glassnet.insight.answers import (
    Answers,
    Change,
    answer_all,
    answer_one,
    better,
    changes,
    worse,
)
from glassnet.network import Network
from glassnet.optimizers import Optimizer
from glassnet.tracing import copied


@dataclass(frozen=True)
class Row:
    """Some examples' mean loss, and how many of them are read rightly, before and after the step.

    Attributes:
        of: digit, batch or test.
        count: how many examples.
    """

    of: str
    count: int
    before: float
    after: float
    right_before: int
    right_after: int


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the step did: one row for the digit, and one for each part that there is anything of;
    and which test digits are read wrongly only now, or rightly only now."""

    rows: list[Row]
    worse: list[Change]
    better: list[Change]


def verdict(
    network: Network,
    optimizer: Optimizer,
    image: Any,
    label: int,
    batch: Split | None = None,
    test: Split | None = None,
) -> Verdict:
    """Take one step on one digit with copies, and compare. Losses are those of the network as it
    answers: nothing is dropped.

    Args:
        optimizer: the network's, with all that it remembers.
        image: of the network's shape or flat: bytes 0..255, or floats 0..1.
        label: its class.
        batch: what else would be in its batch; the digit itself is counted with them.
        test: digits that it does not learn from.

    Raises:
        ShapeError: the image is of another size, or there is no such class.
    """
    stepped = step_on(network, optimizer, image, label)
    rows: list[Row] = []
    changed: list[Change] = []
    digit = [answer_one(one, image, label) for one in (network, stepped)]
    rows.append(_row("digit", *digit))
    if batch:
        others = [answer_all(one, batch) for one in (network, stepped)]
        rows.append(_row("batch", *(a.with_more(b) for a, b in zip(digit, others, strict=True))))
    if test:
        tested = [answer_all(one, test) for one in (network, stepped)]
        rows.append(_row("test", *tested))
        changed = changes(*tested)
    return Verdict(rows, worse(changed), better(changed))


def step_on(network: Network, optimizer: Optimizer, image: Any, label: int) -> Network:
    """A copy of the network after one training step on one digit; arguments as `verdict`'s."""
    if not 0 <= label < network.outputs:
        raise ShapeError("label", f"0 to {network.outputs - 1}", label)
    x = as_examples(np.asarray(image)[np.newaxis], network.shape, np.float32)
    engine = network.engine
    twin, mover, sinks = copied(network, optimizer, engine)
    work = twin.workspace(1, training=True)
    engine.load(x, work.x)
    engine.one_hot(np.array([label], np.uint8), work.y)
    with np.errstate(all="ignore"):
        twin.forward(work, training=True)
        twin.measure_loss(work, training=True)
        twin.backward(work, sinks)
        mover.finish()
    return twin


def _row(of: str, before: Answers, after: Answers) -> Row:
    return Row(of, len(before), before.loss, after.loss, before.right, after.right)
