"""A run: a network, its data and its optimiser, told as a generator of plain events.

Nothing in here prints, draws, sleeps or reads a clock of its own. All randomness comes from the
configuration's seed, and the order of an epoch's examples from the seed and the epoch's number
alone. Between any two events the whole state can be taken out and put back, and what follows is
then the same, bit for bit.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.data.identity import fingerprint, is_same
from glassnet.engines import Array, make_engine
from glassnet.errors import ConfigError, DataError, StorageError
from glassnet.events import Checkpoint, EpochEnd, Evaluation, Event, Step, Stop
from glassnet.layers import LAYERS
from glassnet.network import Network, Workspace
from glassnet.optimizers import OPTIMIZERS
from glassnet.options import make
from glassnet.schedules import SCHEDULES
from glassnet.state import (
    Progress,
    check_arrays,
    read_chosen,
    read_generator,
    read_progress,
    write_chosen,
    write_generator,
)
from glassnet.training.divergence import recover, stop_at
from glassnet.training.evaluation import evaluate

Arrays = dict[str, NDArray[Any]]
State = tuple[Arrays, dict[str, Any]]
Clock = Callable[[], float]  # tells seconds

GUARD = 100  # steps between two looks at every parameter: are they all finite?
NETWORK, ORDER = 0, 1  # the seed's independent streams


class Run:
    """One training run, which stands still between two events.

    Args:
        config: all that decides how it goes.
        dataset: images of one size, and labels; read, never written.
        clock: for samples a second, which are not told without one.

    Attributes:
        batches: steps in an epoch; the last one's batch may be smaller.
        progress: how far it has come.

    Raises:
        ConfigError: the configuration does not fit the data.
        ShapeError: the layers do not fit each other.
    """

    def __init__(self, config: RunConfig, dataset: Dataset, clock: Clock | None = None) -> None:
        self.config, self._clock = config, clock
        self.dataset = hold_out(dataset, config.validation)
        self.engine = make_engine(config.engine)
        rng = np.random.default_rng([config.seed, NETWORK])
        layers = [make(LAYERS, document) for document in config.layers]
        start = config.initializer
        self.network = Network(layers, dataset.shape, config.loss, self.engine, start, rng)
        self.optimizer = make(OPTIMIZERS, config.optimizer)
        self._sinks = self.network.attach(self.optimizer)
        self._schedule = make(SCHEDULES, config.schedule)
        self.batches = -(-len(self.dataset.train) // config.batch)
        self._check()
        self.progress = Progress()
        self._order: tuple[int, NDArray[Any]] | None = None  # an epoch's
        self._pending: deque[Event] = deque()
        self._began: tuple[float, int] | None = None  # by the clock, and at which batch
        self.work: Workspace | None = None  # the last step's
        self.trust()

    def _check(self) -> None:
        config, train, classes = self.config, len(self.dataset.train), len(self.dataset.classes)
        if self.network.outputs != classes:
            raise ConfigError("layers", f"{self.network.outputs} outputs for {classes} classes")
        if config.batch > train:
            raise ConfigError("batch", f"at most {train}, which is all the training data")
        for rule in ("target", "patience"):
            if getattr(config, rule) and self.dataset.validation is None:
                raise ConfigError(rule, "needs examples to judge by: see `validation`")

    @property
    def step(self) -> int:
        """Steps taken."""
        return self.progress.step

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self.progress.epoch

    @property
    def batch(self) -> int:
        """Steps taken in the epoch under way."""
        return self.progress.batch

    # Events ----------------------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Go on until the run is over. Leave at any event and call again: nothing is lost."""
        config, event = self.config, None
        measured = self.dataset.splits().keys() - {"train"}
        while not isinstance(event, Stop):
            now = self.progress
            if self._pending:
                event = self._pending.popleft()
            elif now.batch == self.batches:
                event = self.end_epoch()
            elif measured and now.evaluated < now.step and self._is_due(config.evaluate_every):
                event = yield from self._evaluate()
            elif now.checkpointed < now.step and self._is_due(config.checkpoint_every):
                now.checkpointed = now.step
                event = Checkpoint(now.step)
            else:
                event = self._finished() or self._train_step()
            yield event

    def _is_due(self, every: int) -> bool:
        """Whether this is a step for what is done every so many steps and after each epoch."""
        return self.batch == 0 or (every > 0 and self.step % every == 0)

    def _finished(self) -> Stop | None:
        config, now, reason = self.config, self.progress, ""
        if config.target and now.reached >= config.target:
            reason = f"validation accuracy {now.reached:.2%} is at least {config.target:.2%}"
        elif config.patience and now.age >= config.patience:
            reason = f"{now.age} evaluations brought no lower validation loss"
        elif now.epoch >= config.epochs:
            reason = f"{now.epoch} epochs are done"
        return Stop(now.step, reason) if reason else None

    def _train_step(self) -> Step | Stop:
        """Take one step; or stop, because a number is no longer finite."""
        now = self.progress
        if self._clock and self._began is None:
            self._began = self._clock(), now.batch
        if now.step % GUARD == 0 and not self.trust():
            return recover(self)
        loss, accuracy = self.advance()
        if not math.isfinite(loss):
            return recover(self)
        return Step(now.step, now.epoch, now.batch, loss, accuracy)

    def advance(self) -> tuple[float, float]:
        """One batch: forward, loss, backward, update. Returns its loss and accuracy.

        With a loss that is not finite it returns NaN, and nothing is updated.
        """
        now, split = self.progress, self.dataset.train
        rows = self._rows()
        with self.engine.quiet():  # whoever calls looks at the loss
            work = self.work = self.network.load(split, rows, training=True)
            outputs = self.network.forward(work, training=True)
            loss = self.network.judge(work, training=True)
            total = now.epoch_loss + loss * len(rows)
            if not math.isfinite(total):
                return math.nan, 0.0
            self.optimizer.begin(self._schedule.factor(now.step, self.config.epochs * self.batches))
            self.network.backward(work, self._sinks)
            self.optimizer.finish()
        correct = self.engine.correct(outputs, work.y)
        now.step += 1
        now.batch += 1
        now.epoch_loss = total
        now.epoch_correct += correct
        return loss, correct / len(rows)

    def _rows(self) -> NDArray[Any]:
        """The examples of the next batch."""
        now, size = self.progress, self.config.batch
        if self._order is None or self._order[0] != now.epoch:
            rng = np.random.default_rng([self.config.seed, ORDER, now.epoch])
            self._order = now.epoch, rng.permutation(len(self.dataset.train))
        return self._order[1][now.batch * size : (now.batch + 1) * size]

    def end_epoch(self) -> EpochEnd:
        """All batches are taken: go on to the next epoch."""
        now, count, rate = self.progress, len(self.dataset.train), None
        if self._clock and self._began:
            began, batch = self._began  # a resumed run may have begun in the middle
            rate = (count - batch * self.config.batch) / max(self._clock() - began, 1e-9)
        loss, accuracy = now.epoch_loss / count, now.epoch_correct / count
        now.epoch, now.batch, now.epoch_loss, now.epoch_correct = now.epoch + 1, 0, 0.0, 0
        self._began = None
        return EpochEnd(now.step, now.epoch, loss, accuracy, rate)

    # Evaluation ------------------------------------------------------------------------------

    def _evaluate(self) -> Generator[Event, None, Event]:
        """Measure on all that is not trained on. Validation decides; test is only told."""
        if not self.trust():
            return recover(self)
        results: dict[str, Evaluation] = {}
        for name, split in self.dataset.splits().items():
            if name != "train":
                results[name] = yield from evaluate(self.network, name, split, self.step)
                if not math.isfinite(results[name].loss):
                    return stop_at(self.step, f"{name}.loss", self.step)
        if validation := results.get("validation"):
            self.progress.judge(validation.loss, validation.accuracy)
        self.progress.evaluated = self.step
        self._pending.extend(results.values())
        return self._pending.popleft()

    # State -----------------------------------------------------------------------------------

    def state(self) -> State:
        """The run as it stands: copies of its arrays, by name, and the rest as a JSON object."""
        arrays, place = self.place()
        identity = {"config": self.config.to_json(), "data": fingerprint(self.dataset)}
        return {**arrays, **write_chosen(self.dataset)}, {"version": 1, **identity, **place}

    def place(self) -> State:
        """The part of the state that a step changes."""
        arrays = {name: np.array(array) for name, array in self.arrays().items()}
        progress, generator = asdict(self.progress), write_generator(self.network.rng)
        return arrays, {"progress": progress, "generator": generator}

    @classmethod
    def restore(
        cls, arrays: Arrays, document: Any, dataset: Dataset, clock: Clock | None = None
    ) -> Run:
        """The run whose `state` this is, at the step where it was.

        Args:
            dataset: the whole; what the run chose of it is chosen again.

        Raises:
            StorageError: these are not that run's arrays, or of other data, or not finite.
            ConfigError: the configuration in it cannot be used.
        """
        known = isinstance(document, Mapping) and document.get("version") == 1
        if not (known and isinstance(document.get("data"), list)):
            raise StorageError("this is no saved run of version 1")
        arrays, dataset = read_chosen(arrays, dataset)
        run = cls(RunConfig.from_json(document.get("config")), dataset, clock)
        if not is_same(document["data"], here := fingerprint(run.dataset)):
            raise StorageError(f"the run was trained on {document['data']}, and this is {here}")
        run.put(arrays, document)
        if not run.trust():
            raise StorageError("the saved run's arrays are not finite")
        return run

    def put(self, arrays: Arrays, document: Mapping[str, Any]) -> None:
        """Return to a `state` or `place` of this same run. Raises StorageError if it is none."""
        targets = self.arrays()
        check_arrays(arrays, targets, self.engine.dtype)
        progress = read_progress(document.get("progress"), self.batches)
        read_generator(document.get("generator"), self.network.rng)
        self.progress, self.optimizer.t = progress, progress.step
        for name, target in targets.items():
            self.engine.load(np.ascontiguousarray(arrays[name]), target)

    def arrays(self) -> dict[str, Array]:
        """All arrays that a step changes, by name; live."""
        return {**self.network.parameters(), **self.network.memory(), **self.optimizer.named()}

    def trust(self) -> bool:
        """Whether all these arrays are finite; then a divergence returns to them. To be called
        after changing parameters by hand."""
        finite = all(map(self.engine.finite, self.arrays().values()))
        if finite:
            self.trusted = self.place()
        return finite


def hold_out(dataset: Dataset, count: int) -> Dataset:
    """The data with `count` training examples set apart. Raises ConfigError if they cannot be."""
    try:
        return dataset.hold_out(count) if count else dataset
    except DataError as error:
        raise ConfigError("validation", str(error)) from error
