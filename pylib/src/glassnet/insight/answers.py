"""What a network answers to many digits, and which answers two networks differ in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Split
from glassnet.images import as_examples
from glassnet.network import Network
from glassnet.training.evaluation import in_chunks


@dataclass(frozen=True, eq=False)
class Answers:
    """One network's answers to n examples.

    Attributes:
        classes: int (n,), what it took each one for.
        labels: int (n,), what each one is.
        loss: the mean of the examples' losses; of none, 0.
    """

    classes: NDArray[np.integer[Any]]
    labels: NDArray[np.integer[Any]]
    loss: float

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def right(self) -> int:
        """How many it read rightly."""
        return int(np.count_nonzero(self.classes == self.labels))

    def with_more(self, other: Answers) -> Answers:
        """Both, as if they had been asked at once."""
        count = len(self) + len(other)
        total = self.loss * len(self) + other.loss * len(other)
        classes = np.concatenate([self.classes, other.classes])
        labels = np.concatenate([self.labels, other.labels])
        return Answers(classes, labels, total / max(count, 1))


@dataclass(frozen=True)
class Change:
    """One example that is read otherwise than before: which one, what it is, and the answers."""

    index: int
    label: int
    before: int
    after: int


def answer_all(network: Network, split: Split) -> Answers:
    """The answers to a split; the network is not changed."""
    classes, loss = np.zeros(len(split), np.intp), 0.0
    for rows, outputs, mean in in_chunks(network, split):
        classes[rows] = network.engine.argmax(outputs)
        loss += network.engine.read([mean])[0] * (rows.stop - rows.start)
    return Answers(classes, split.labels.astype(np.intp), loss / max(len(split), 1))


def answer_one(network: Network, image: Any, label: int) -> Answers:
    """The answer to one image, as `Network.predict` takes them; the network is not changed."""
    work, engine = network.workspace(1), network.engine
    engine.load(as_examples(np.asarray(image)[np.newaxis], network.shape, np.float32), work.x)
    engine.one_hot(np.array([label], np.uint8), work.y)
    with np.errstate(all="ignore"):
        taken = np.array(engine.argmax(network.forward(work)), np.intp)
        (loss,) = engine.read([network.measure_loss(work)])
    return Answers(taken, np.array([label], np.intp), loss)


def changes(before: Answers, after: Answers) -> list[Change]:
    """The examples whose answer is another, in their order. Both were asked the same examples."""
    return [
        Change(i, int(before.labels[i]), int(before.classes[i]), int(after.classes[i]))
        for i in np.flatnonzero(before.classes != after.classes).tolist()
    ]


def worse(changed: list[Change]) -> list[Change]:
    """Those that were read rightly before, and are not any more."""
    return [one for one in changed if one.before == one.label]


def better(changed: list[Change]) -> list[Change]:
    """Those that are read rightly only now."""
    return [one for one in changed if one.after == one.label]
