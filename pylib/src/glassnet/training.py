"""A run: a network, its data and its optimiser, told as a generator of plain events.

Nothing in here prints, draws, sleeps or reads a clock of its own. All randomness comes from the
configuration's seed; the order of the examples in an epoch follows from the seed and the epoch's
number alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset, Split
from glassnet.engines import make_engine
from glassnet.errors import ConfigError
from glassnet.events import EpochEnd, Evaluating, Evaluation, Event, Step, Stop
from glassnet.layers import LAYERS
from glassnet.network import Network
from glassnet.optimizers import OPTIMIZERS
from glassnet.options import make

__all__ = ["EpochEnd", "Evaluating", "Evaluation", "Event", "Run", "Step", "Stop"]

CHUNK = 500  # examples an evaluation measures at a time
INITIAL, ORDER = 0, 1  # the seed's independent streams


class Run:
    """One training run; it stands still between two events.

    Args:
        config: all that decides how it goes.
        dataset: images of one size, labels; read, never written.
        clock: seconds, for samples a second; without it none are told.

    Attributes:
        step: steps taken.  epoch: epochs completed.  batch: steps taken in the epoch under way.
        batches: steps in an epoch; the last may be smaller.

    Raises:
        ConfigError: the configuration does not fit the data.
        ShapeError: the layers do not fit each other.
    """

    def __init__(
        self, config: RunConfig, dataset: Dataset, clock: Callable[[], float] | None = None
    ) -> None:
        self.config, self.dataset, self._clock = config, dataset, clock
        self.engine = make_engine(config.engine)
        self.network = Network(
            [make(LAYERS, document) for document in config.layers],
            dataset.shape,
            config.loss,
            self.engine,
            config.initializer,
            np.random.default_rng([config.seed, INITIAL]),
        )
        outputs, classes = self.network.outputs, len(dataset.classes)
        if outputs != classes:
            raise ConfigError("layers", f"{outputs} outputs for the data's {classes} classes")
        if config.batch > len(dataset.train):
            raise ConfigError("batch", f"expected at most the {len(dataset.train)} there are")
        self.optimizer = make(OPTIMIZERS, config.optimizer)
        self.optimizer.attach(self.engine, self.network.parameters())
        self._sinks = [
            {name: self.optimizer.sinks[f"layers.{i}.{name}"] for name in layer.parameters}
            for i, layer in enumerate(self.network.layers)
        ]
        self.batches = -(-len(dataset.train) // config.batch)
        self.step = self.epoch = self.batch = 0
        self._evaluated = 0  # the step of the last evaluation
        self._order: NDArray[np.intp] | None = None
        self._epoch_loss, self._epoch_correct = 0.0, 0
        self._epoch_start: float | None = None

    def events(self) -> Iterator[Event]:
        """Go on until the run is over. Leave and call again at any time: nothing is lost."""
        while True:
            if self._evaluation_due():
                yield from self._evaluate("test", self.dataset.test)
                self._evaluated = self.step
            if self.epoch >= self.config.epochs:
                yield Stop(self.step, f"{self.epoch} epochs are done")
                return
            if self._epoch_start is None and self._clock is not None:
                self._epoch_start = self._clock()
            yield self._train_step()
            if self.batch == self.batches:
                yield self._end_epoch()

    def _evaluation_due(self) -> bool:
        every = self.config.evaluate_every
        at_rest = self.batch == 0 or (every > 0 and self.step % every == 0)
        return at_rest and self.step > self._evaluated

    def _train_step(self) -> Step:
        """Take one batch: forward, backward, update."""
        if self._order is None:
            rng = np.random.default_rng([self.config.seed, ORDER, self.epoch])
            self._order = rng.permutation(len(self.dataset.train))
        begin = self.batch * self.config.batch
        rows = self._order[begin : begin + self.config.batch]
        labels = self.dataset.train.labels[rows]
        work = self.network.workspace(len(rows), training=True)
        self.engine.gather(self.dataset.train.images, rows, work.x)
        self.engine.one_hot(labels, work.y)
        outputs = self.network.forward(work, training=True)
        correct = int(np.count_nonzero(self.engine.argmax(outputs) == labels))
        loss = self.network.backward(work, self._sinks)
        self.optimizer.finish()
        self.step += 1
        self.batch += 1
        self._epoch_loss += loss * len(rows)
        self._epoch_correct += correct
        return Step(self.step, self.epoch, self.batch, loss, correct / len(rows))

    def _end_epoch(self) -> EpochEnd:
        count, rate = len(self.dataset.train), None
        if self._clock is not None and self._epoch_start is not None:
            rate = count / max(self._clock() - self._epoch_start, 1e-9)
        self.epoch += 1
        self.batch = 0
        end = EpochEnd(
            self.step, self.epoch, self._epoch_loss / count, self._epoch_correct / count, rate
        )
        self._order = self._epoch_start = None
        self._epoch_loss, self._epoch_correct = 0.0, 0
        return end

    def _evaluate(self, name: str, split: Split) -> Iterator[Event]:
        """Measure the network on a whole split, a chunk at a time."""
        classes, total = len(self.dataset.classes), len(split)
        confusion = np.zeros((classes, classes), np.int64)
        loss = 0.0
        for begin in range(0, total, CHUNK):
            rows = np.arange(begin, min(begin + CHUNK, total))
            loss += self._measure(split, rows, confusion) * len(rows)
            yield Evaluating(self.step, name, int(rows[-1]) + 1, total)
        table: Any = tuple(tuple(row) for row in confusion.tolist())
        accuracy = float(np.trace(confusion)) / total
        yield Evaluation(self.step, name, total, loss / total, accuracy, table)

    def _measure(self, split: Split, rows: NDArray[Any], confusion: NDArray[np.int64]) -> float:
        """The mean loss on some examples; their answers are counted in `confusion`."""
        labels = split.labels[rows]
        work = self.network.workspace(len(rows))
        self.engine.gather(split.images, rows, work.x)
        self.engine.one_hot(labels, work.y)
        answers = self.engine.argmax(self.network.forward(work))
        np.add.at(confusion, (labels, answers), 1)
        return self.network.measure(work)
