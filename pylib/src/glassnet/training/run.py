"""A run: a learner, followed to its end, told as plain events.

The learner takes the steps; here is what surrounds them: evaluations, the ends of epochs, reasons
to stop, and what to do when a number is no longer finite. Nothing in here prints, draws, sleeps or
reads a clock of its own. Between any two events the whole state can be taken out and put back, and
what follows is then the same, bit for bit.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from typing import Any

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.engines import Array, Engine
from glassnet.errors import ConfigError, DataError, StorageError
from glassnet.events import Checkpoint, EpochEnd, Evaluation, Event, Step, Stop, read_event
from glassnet.network import Network
from glassnet.optimizers import OPTIMIZERS, Optimizer
from glassnet.options import write_tagged
from glassnet.schedules import SCHEDULES
from glassnet.training.divergence import culprit, stop_at
from glassnet.training.evaluation import evaluate
from glassnet.training.learner import Learner
from glassnet.training.state import (
    Arrays,
    Progress,
    State,
    Tally,
    fingerprint,
    read_chosen,
    read_progress,
    write_chosen,
    write_progress,
)

Clock = Callable[[], float]  # tells seconds

GUARD = 100  # steps between two looks at every parameter: are they all finite?


class Run:
    """One training run, which stands still between two events: `for event in run`.

    Args:
        learner: takes the steps.
        dataset: what is evaluated on: all of its parts but `train`.
        epochs: passes over the learner's examples, in all, after which the run stops.
        evaluate_every, checkpoint_every, target, patience: see `RunConfig`.
        clock: for samples a second, which are not told without one.

    Raises:
        ConfigError: an argument is out of range, or the network has not one output a class.
    """

    def __init__(
        self,
        learner: Learner,
        dataset: Dataset,
        *,
        epochs: int = 30,
        evaluate_every: int = 500,
        checkpoint_every: int = 0,
        target: float = 0.0,
        patience: int = 0,
        clock: Clock | None = None,
    ) -> None:
        rules = RunConfig(
            epochs=epochs,
            evaluate_every=evaluate_every,
            checkpoint_every=checkpoint_every,
            target=target,
            patience=patience,
        )
        self.learner, self.dataset, self._clock = learner, dataset, clock
        self.epochs, self.target, self.patience = rules.epochs, rules.target, rules.patience
        self.evaluate_every, self.checkpoint_every = rules.evaluate_every, rules.checkpoint_every
        self._config: RunConfig | None = None
        self._check()
        learner.horizon = self.epochs * learner.steps_per_epoch
        self.tally = Tally()
        self._pending: deque[Event] = deque()  # happened, and not yet told
        self._unread: list[Any] = []  # losses and right answers of steps since these:
        self._unread_from = 0, 0  # step, and step in the epoch
        self._began: tuple[float, int] | None = None  # by the clock, and at which step in the epoch
        self.keep_if_finite()

    @classmethod
    def from_config(cls, config: RunConfig, dataset: Dataset, clock: Clock | None = None) -> Run:
        """The run that a configuration describes: from the command line, a file, a link or a page.

        Args:
            dataset: the whole; `validation` examples are held out of it.

        Raises:
            ConfigError: the configuration does not fit the data.
            ShapeError: the layers do not fit each other.
        """
        dataset = hold_out(dataset, config.validation)
        network = Network(
            config.layers,
            dataset.shape,
            config.loss,
            config.engine,
            config.initializer,
            config.seed,
        )
        learner = Learner(
            network,
            config.optimizer,
            dataset.train,
            batch=config.batch,
            seed=config.seed,
            schedule=config.schedule,
        )
        run = cls(
            learner,
            dataset,
            epochs=config.epochs,
            evaluate_every=config.evaluate_every,
            checkpoint_every=config.checkpoint_every,
            target=config.target,
            patience=config.patience,
            clock=clock,
        )
        run._config = config
        return run

    def _check(self) -> None:
        outputs, classes = self.network.outputs, len(self.dataset.classes)
        if outputs != classes:
            raise ConfigError("layers", f"{outputs} outputs for {classes} classes")
        for rule in ("target", "patience"):
            if getattr(self, rule) and self.dataset.validation is None:
                raise ConfigError(rule, "needs examples to judge by: see `validation`")

    # What it is made of ----------------------------------------------------------------------

    @property
    def network(self) -> Network:
        return self.learner.network

    @property
    def optimizer(self) -> Optimizer:
        return self.learner.optimizer

    @property
    def engine(self) -> Engine:
        return self.learner.engine

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        return self.learner.progress

    @property
    def step(self) -> int:
        """Steps taken."""
        return self.learner.progress.step

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self.learner.progress.epoch

    @property
    def steps_per_epoch(self) -> int:
        return self.learner.steps_per_epoch

    @property
    def config(self) -> RunConfig:
        """What `from_config` makes the same run of.

        Raises:
            ConfigError: the run was put together by hand, and something in it is the reader's own.
        """
        if self._config is None:
            learner, validation = self.learner, self.dataset.validation
            self._config = RunConfig.from_json(
                {
                    **self.network.to_json(),
                    "optimizer": write_tagged(OPTIMIZERS, learner.optimizer, "optimizer"),
                    "schedule": write_tagged(SCHEDULES, learner.schedule, "schedule"),
                    "batch": learner.batch,
                    "seed": learner.seed,
                    "epochs": self.epochs,
                    "evaluate_every": self.evaluate_every,
                    "checkpoint_every": self.checkpoint_every,
                    "target": self.target,
                    "patience": self.patience,
                    "validation": len(validation) if validation else 0,
                }
            )
        return self._config

    @config.setter
    def config(self, config: RunConfig) -> None:
        self._config = config

    # Events ----------------------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Go on until the run is over. Leave at any event and call again: nothing is lost."""
        return (event for event in self._go() if event is not None)

    __iter__ = events

    async def aevents(self) -> AsyncIterator[Event]:
        """The same, for engines that must be waited for: `async for event in run`."""
        for event in self._go():
            await self.engine.settled()
            if event is not None:
                yield event

    __aiter__ = aevents

    def _go(self) -> Iterator[Event | None]:
        """The events; and None before numbers are read that the engine may still be computing."""
        event: Event | None = None
        while not isinstance(event, Stop):
            now, tally = self.progress, self.tally
            if self._pending:
                event = self._pending.popleft()
            elif self._unread:
                self._read_steps()
                continue
            elif now.step_in_epoch == self.steps_per_epoch:
                event = self._end_epoch()
            elif tally.evaluated < now.step and self._is_due(self.evaluate_every):
                event = yield from self._evaluate()
            elif tally.checkpointed < now.step and self._is_due(self.checkpoint_every):
                tally.checkpointed = now.step
                event = Checkpoint(now.step)
            elif stop := self._finished():
                event = stop
            elif now.step % GUARD == 0 and not self.keep_if_finite():
                event = self._recover(now.step)
            else:
                self._take_steps()
                if self.engine.steps_between_reads > 1:
                    yield None
                continue
            yield event

    def _is_due(self, every: int) -> bool:
        """Whether this is a step for what is done every so many steps and after each epoch."""
        now = self.progress
        return now.step_in_epoch == 0 or (every > 0 and now.step % every == 0)

    def _finished(self) -> Stop | None:
        tally, reason = self.tally, ""
        if self.target and tally.reached >= self.target:
            reason = f"validation accuracy {tally.reached:.2%} is at least {self.target:.2%}"
        elif self.patience and tally.age >= self.patience:
            reason = f"{tally.age} evaluations brought no lower validation loss"
        elif self.epoch >= self.epochs:
            reason = f"{self.epoch} epochs are done"
        return Stop(self.step, reason) if reason else None

    def _take_steps(self) -> None:
        """One step; of an engine whose numbers are far away, several, up to whatever is due."""
        now, count = self.progress, self.engine.steps_between_reads
        if self._clock and self._began is None:
            self._began = self._clock(), now.step_in_epoch
        self._unread_from = now.step, now.step_in_epoch
        if count > 1:
            rests = [every - now.step % every for every in self._rhythms() if every]
            count = min(count, self.steps_per_epoch - now.step_in_epoch, *rests)
        self._unread = [scalar for _ in range(count) for scalar in self.learner.step()]

    def _rhythms(self) -> tuple[int, ...]:
        return GUARD, self.evaluate_every, self.checkpoint_every

    def _read_steps(self) -> None:
        """What the steps since the last look came to; from the first loss that is not finite, the
        run goes back to where that began."""
        numbers, self._unread = self.engine.read(self._unread), []
        (step, place), epoch, tell = self._unread_from, self.epoch, self._pending.append
        for loss, right in zip(numbers[::2], numbers[1::2], strict=True):
            size = self._count(place, loss, right)
            if not size:
                tell(self._recover(step))
                return
            step, place = step + 1, place + 1
            tell(Step(step, epoch, place, loss, right / size))

    def _count(self, place: int, loss: float, right: float) -> int:
        """Add a step to the epoch's sums. Returns its batch's size; 0 if the loss is not finite."""
        batch, tally = self.learner.batch, self.tally
        size = min(batch, len(self.learner.split) - place * batch)
        total = tally.epoch_loss + loss * size
        if not math.isfinite(total):
            return 0
        tally.epoch_loss = total
        tally.epoch_correct += int(right)
        return size

    def _end_epoch(self) -> EpochEnd:
        """All batches are taken: go on to the next epoch."""
        tally, count, rate = self.tally, len(self.learner.split), None
        if self._clock and self._began:
            began, place = self._began  # a resumed run may have begun in the middle
            rate = (count - place * self.learner.batch) / max(self._clock() - began, 1e-9)
        loss, accuracy = tally.epoch_loss / count, tally.epoch_correct / count
        self.learner.end_epoch()
        tally.epoch_loss, tally.epoch_correct, self._began = 0.0, 0, None
        return EpochEnd(self.step, self.epoch, loss, accuracy, rate)

    def _evaluate(self) -> Generator[Event, None, Event | None]:
        """Measure on all that is not trained on. Validation decides; test is only told."""
        if not self.keep_if_finite():
            return self._recover(self.step)
        results: dict[str, Evaluation] = {}
        for name, split in self.dataset.splits().items():
            if name != "train" and len(split):
                results[name] = yield from evaluate(self.network, name, split, self.step)
                if not math.isfinite(results[name].loss):
                    return stop_at(self.step, f"{name}.loss", self.step)
        if validation := results.get("validation"):
            self.tally.note_validation(validation.loss, validation.accuracy)
        self.tally.evaluated = self.step
        self._pending.extend(results.values())
        return self._pending.popleft() if results else None

    # Divergence ------------------------------------------------------------------------------

    def keep_if_finite(self) -> bool:
        """Whether all its arrays are finite; then a divergence returns to them. To be called after
        changing parameters by hand."""
        finite = all(map(self.engine.finite, self.arrays().values()))
        if finite:
            self._last_finite = self._place()
        return finite

    def _recover(self, last: int) -> Stop:
        """Find the first step with an array that is not finite, up to the one after `last`, and
        return to where it began."""
        learner, engine = self.learner, self.engine
        spoiled = (name for name, array in self.arrays().items() if not engine.finite(array))
        suspect = next(spoiled, None) or culprit(learner)
        self._return_to(*self._last_finite)
        while True:
            if self.progress.step_in_epoch == self.steps_per_epoch:
                self._end_epoch()
            before, place = self._place(), self.progress.step_in_epoch
            loss, right = engine.read(learner.step())
            counted = self._count(place, loss, right)
            found = culprit(learner, loss) or ("" if counted else "loss")
            if found or self.step > last:
                break
        self._return_to(*before)
        return stop_at(self.step + 1, found or suspect or "loss", self.step)

    # State -----------------------------------------------------------------------------------

    def arrays(self) -> dict[str, Array]:
        """All arrays that a step changes, by name; live."""
        return self.learner.arrays()

    def state(self) -> State:
        """The run as it stands: copies of its arrays, by name, and the rest as a JSON object."""
        if self._unread:
            self._read_steps()
        arrays, place = self._place()
        try:
            config = self.config.to_json()
        except ConfigError:  # something in it is the reader's own, and only `load_state` can go on
            config = None
        pending = [event.to_json() for event in self._pending]
        identity = {"config": config, "data": fingerprint(self.dataset), "pending": pending}
        return {**arrays, **write_chosen(self.dataset)}, {"version": 1, **identity, **place}

    def load_state(self, arrays: Arrays, document: Mapping[str, Any]) -> None:
        """Return to a `state` of this same run.

        Raises:
            StorageError: these are not this run's arrays, or of other data, or not finite.
        """
        known = isinstance(document, Mapping) and document.get("version") == 1
        if not (known and isinstance(document.get("data"), list)):
            raise StorageError("this is no saved run of version 1")
        if document["data"] != (here := fingerprint(self.dataset)):
            raise StorageError(f"the run was trained on {document['data']}, and this is {here}")
        told = document.get("pending", [])
        if not isinstance(told, list):
            raise StorageError("the saved run's pending events are no list")
        pending = deque(map(read_event, told))
        chosen = write_chosen(self.dataset)
        self._return_to({name: a for name, a in arrays.items() if name not in chosen}, document)
        self._pending = pending
        if not self.keep_if_finite():
            raise StorageError("the saved run's arrays are not finite")

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
        if not isinstance(document, Mapping) or document.get("version") != 1:
            raise StorageError("this is no saved run of version 1")
        arrays, dataset = read_chosen(arrays, dataset)
        run = cls.from_config(RunConfig.from_json(document.get("config")), dataset, clock)
        run.load_state(arrays, document)
        return run

    def _place(self) -> State:
        """The part of the state that a step changes."""
        arrays, document = self.learner.state()
        return arrays, {**document, "progress": write_progress(self.progress, self.tally)}

    def _return_to(self, arrays: Arrays, document: Mapping[str, Any]) -> None:
        _, tally = read_progress(document.get("progress"), self.steps_per_epoch)
        self.learner.load_state(arrays, document)
        self.tally, self._unread = tally, []

    def __repr__(self) -> str:
        return f"<Run: {self.network!r} on {self.dataset.name}, {self.step:,} steps taken>"


def hold_out(dataset: Dataset, count: int) -> Dataset:
    """The data with `count` training examples set apart. Raises ConfigError if they cannot be."""
    try:
        return dataset.hold_out(count) if count else dataset
    except DataError as error:
        raise ConfigError("validation", str(error)) from error
