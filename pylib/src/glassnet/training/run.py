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
from glassnet.data.identity import fingerprint, is_same
from glassnet.engines import Array
from glassnet.errors import ConfigError, StorageError
from glassnet.events import Checkpoint, EpochEnd, Evaluation, Event, Stop, read_event
from glassnet.telling import Listeners, told, told_later
from glassnet.training.configured import describe, hold_out, make_learner
from glassnet.training.counted import CountedSteps
from glassnet.training.divergence import stop_at
from glassnet.training.evaluation import evaluate
from glassnet.training.learner import Learner
from glassnet.training.rhythm import Rhythm, spaced
from glassnet.training.state import Arrays, Progress, State, Tally, read_chosen, write_chosen

Clock = Callable[[], float]  # tells seconds

RULES = ("epochs", "evaluate_every", "evaluate_spacing", "checkpoint_every", "target", "patience")
GUARD = 100  # steps between two looks at every parameter: are they all finite?


class Run:
    """One training run, which stands still between two events: `for event in run`.

    Args:
        learner: takes the steps.
        dataset: what is evaluated on: all of its parts but `train`.
        epochs: passes over the learner's examples, in all, after which the run stops.
        evaluate_every, evaluate_spacing, checkpoint_every, target, patience: see `RunConfig`.
        clock: for samples a second, which are not told without one.

    Attributes:
        before_search: called with how many steps will be taken again, without an event, to find
            the one in which a number became infinite.
        listeners: each is called with every event, and with None when nobody goes on.

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
        evaluate_spacing: float = 3.0,
        checkpoint_every: int = 0,
        target: float = 0.0,
        patience: int = 0,
        clock: Clock | None = None,
    ) -> None:
        self.learner, self.dataset, self._clock = learner, dataset, clock
        self.network, self.optimizer = learner.network, learner.optimizer
        self.engine, self.steps_per_epoch = learner.engine, learner.steps_per_epoch
        self.epochs, self.target, self.patience = epochs, target, patience
        self.evaluate_every, self.evaluate_spacing = evaluate_every, evaluate_spacing
        self.checkpoint_every = checkpoint_every
        RunConfig(**{name: getattr(self, name) for name in RULES})  # checks them
        self._config: RunConfig | None = None
        self._check()
        measured = sum(len(split) for name, split in dataset.splits().items() if name != "train")
        gap = spaced(evaluate_spacing, measured, learner.batch)
        rhythm = Rhythm(evaluate_every, gap, self.steps_per_epoch, epochs)
        self.rhythm = rhythm if measured else None
        learner.horizon = epochs * self.steps_per_epoch
        self.before_search: Callable[[int], None] = lambda steps: None
        self._steps = CountedSteps(learner, lambda steps: self.before_search(steps))
        self._pending: deque[Event] = deque()  # happened, and not yet told
        self.evaluations: list[Evaluation] = []  # since it was made
        self.listeners: Listeners = []
        self._began: tuple[float, int] | None = None  # by the clock, and at which step in the epoch
        self._data: list[Any] | None = None  # the data's fingerprint
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
        rules = {name: getattr(config, name) for name in RULES}
        run = cls(make_learner(config, dataset), dataset, **rules, clock=clock)
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
    def progress(self) -> Progress:
        """How far it has come."""
        return self.learner.progress

    @property
    def tally(self) -> Tally:
        """What it keeps count of."""
        return self._steps.tally

    @property
    def step(self) -> int:
        """Steps taken."""
        return self.learner.progress.step

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self.learner.progress.epoch

    @property
    def config(self) -> RunConfig:
        """What `from_config` makes the same run of.

        Raises:
            ConfigError: the run was put together by hand, and something in it is the reader's own.
        """
        if self._config is None:
            rules = {name: getattr(self, name) for name in RULES}
            self._config = describe(self.learner, self.dataset, rules)
        return self._config

    @config.setter
    def config(self, config: RunConfig) -> None:
        self._config = config

    # Events ----------------------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Go on until the run is over. Leave at any event and call again: nothing is lost."""
        return told(self._go(), self.listeners)

    __iter__ = events

    def aevents(self) -> AsyncIterator[Event]:
        """The same, for engines that must be waited for: `async for event in run`."""
        return told_later(self._go(), self.listeners, self.engine)

    __aiter__ = aevents

    def _go(self) -> Iterator[Event | None]:
        """The events; and None before numbers are read that the engine may still be computing."""
        event: Event | None = None
        far = self.engine.steps_between_reads > 1
        while not isinstance(event, Stop):
            now, tally = self.learner.progress, self._steps.tally
            if self._pending:
                event = self._pending.popleft()
            elif self._steps.unread:
                self._read_steps()
                continue
            elif now.step_in_epoch == self.steps_per_epoch:
                event = self._end_epoch()
            elif self.rhythm and tally.evaluated < now.step and self.rhythm.is_due(now):
                event = yield from self._evaluate()
            elif tally.checkpointed < now.step and self._is_checkpoint_due():
                tally.checkpointed = now.step
                event = Checkpoint(now.step)
            elif stop := self._finished():
                event = stop
            elif now.step % GUARD == 0 and not self.keep_if_finite():
                event = self._steps.recover(now.step)
            else:
                if self._clock and self._began is None:
                    self._began = self._clock(), now.step_in_epoch
                if far:
                    self._steps.take((GUARD, self.evaluate_every, self.checkpoint_every))
                    yield None
                    continue
                event = self._steps.take_one()
            yield event

    def _is_checkpoint_due(self) -> bool:
        now, every = self.learner.progress, self.checkpoint_every
        return now.step_in_epoch == 0 or (every > 0 and now.step % every == 0)

    def _finished(self) -> Stop | None:
        tally, epoch, reason = self._steps.tally, self.learner.progress.epoch, ""
        if self.target and tally.reached >= self.target:
            reason = f"validation accuracy {tally.reached:.2%} is at least {self.target:.2%}"
        elif self.patience and tally.age >= self.patience:
            reason = f"{tally.age} evaluations brought no lower validation loss"
        elif epoch >= self.epochs:
            reason = f"{epoch} epochs are done" if epoch > 1 else "1 epoch is done"
        return Stop(self.step, reason) if reason else None

    def _read_steps(self) -> None:
        """Tell of the steps since the last look at their numbers."""
        self._pending.extend(self._steps.read())

    def _end_epoch(self) -> EpochEnd:
        """All batches are taken: go on to the next epoch."""
        rate, count = None, len(self.learner.split)
        if self._clock and self._began:
            began, place = self._began  # a resumed run may have begun in the middle
            rate = (count - place * self.learner.batch) / max(self._clock() - began, 1e-9)
        self._began = None
        loss, accuracy = self._steps.end_epoch()
        return EpochEnd(self.step, self.epoch, loss, accuracy, rate)

    def _evaluate(self) -> Generator[Event, None, Event | None]:
        """Measure on all that is not trained on. Validation decides; test is only told."""
        if not self.keep_if_finite():
            return self._steps.recover(self.step)
        results: dict[str, Evaluation] = {}
        for name, split in self.dataset.splits().items():
            if name != "train" and len(split):
                results[name] = yield from evaluate(self.network, name, split, self.step)
                if not math.isfinite(results[name].loss):
                    return stop_at(self.step, f"{name}.loss", self.step)
        if validation := results.get("validation"):
            self.tally.note_validation(validation.loss, validation.accuracy)
        self.tally.evaluated = self.step
        self.evaluations.extend(results.values())
        self._pending.extend(results.values())
        return self._pending.popleft() if results else None

    # State -----------------------------------------------------------------------------------

    def keep_if_finite(self) -> bool:
        """Whether all its arrays are finite; then a divergence returns to them. To be called after
        changing parameters by hand."""
        return self._steps.keep_if_finite()

    def arrays(self) -> dict[str, Array]:
        """All arrays that a step changes, by name; live."""
        return self.learner.arrays()

    def state(self) -> State:
        """The run as it stands: copies of its arrays, by name, and the rest as a JSON object."""
        if self._steps.unread:
            self._read_steps()
        arrays, place = self._steps.place()
        try:
            config = self.config.to_json()
        except ConfigError:  # something in it is the reader's own, and only `load_state` can go on
            config = None
        pending = [event.to_json() for event in self._pending]
        if self._data is None or not self.step:  # before the first step digits may be arriving
            self._data = fingerprint(self.dataset)
        identity = {"config": config, "data": self._data, "pending": pending}
        return {**arrays, **write_chosen(self.dataset)}, {"version": 1, **identity, **place}

    def load_state(self, arrays: Arrays, document: Mapping[str, Any]) -> None:
        """Return to a `state` of this same run.

        Raises:
            StorageError: these are not this run's arrays, or of other data, or not finite.
        """
        known = isinstance(document, Mapping) and document.get("version") == 1
        if not (known and isinstance(document.get("data"), list)):
            raise StorageError("this is no saved run of version 1")
        if not is_same(document["data"], here := fingerprint(self.dataset)):
            raise StorageError(f"the run was trained on {document['data']}, and this is {here}")
        waiting = document.get("pending", [])
        if not isinstance(waiting, list):
            raise StorageError("the saved run's pending events are no list")
        pending = deque(map(read_event, waiting))
        chosen = write_chosen(self.dataset)
        others = {name: array for name, array in arrays.items() if name not in chosen}
        self._steps.return_to(others, document)
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
        run = cls.from_config(RunConfig.from_saved(document.get("config")), dataset, clock)
        run.load_state(arrays, document)
        return run

    def _repr_html_(self) -> str:
        from glassnet.showing import run_html  # only notebooks need it

        return run_html(self)

    def __repr__(self) -> str:
        return f"<Run: {self.network!r} on {self.dataset.name}, {self.step:,} steps taken>"
