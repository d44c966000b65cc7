"""A learner: a network, its optimiser, and examples; and the one step that learning consists of.

`Learner.step` is the page to begin with. What it calls stands in `network.py`, `layers/`,
`losses.py` and `optimizers.py`, in this order; the arithmetic itself in `engines/`.

All randomness comes from seeds, and the order of an epoch's examples from the seed and the epoch's
number alone. Between two steps the whole state can be taken out and put back, and what follows is
then the same, bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Split
from glassnet.engines import Array
from glassnet.errors import ConfigError
from glassnet.network import Network, Workspace
from glassnet.optimizers import OPTIMIZERS, Optimizer
from glassnet.options import make
from glassnet.schedules import SCHEDULES, Schedule
from glassnet.training.state import (
    Arrays,
    Progress,
    State,
    Tally,
    match_arrays,
    read_generator,
    read_progress,
    write_generator,
    write_progress,
)

ORDER = 1  # the seed's stream for the order of examples; networks have another

Reduce = Callable[[dict[str, Array]], None]


class Learner:
    """A network that learns from examples, step by step.

    Args:
        network: whose weights change.
        optimizer: a new one; or a document, as `{"type": "sgd", "lr": 3.0}`.
        split: the examples; read, never written.
        batch: examples in a step. The last step of an epoch takes what is left.
        seed: decides the order of the examples.
        schedule: how the learning rate changes; by name, document or as an object.
        reduce: called between the way back and the update, with every gradient by name: it may
            change them in place, as by summing them over several processes.

    Attributes:
        progress: how far it has come.
        steps_per_epoch: the last one's batch may be smaller.
        horizon: the steps over which the schedule is spread: an epoch, or what a run says.
        gradients: the last step's ∂L/∂θ of every parameter by name, before penalties and `reduce`;
            found when first asked for. Empty before the first step.

    Raises:
        ConfigError: the batch is larger than the split, or the optimiser has other parameters.
    """

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer | Mapping[str, Any],
        split: Split,
        *,
        batch: int = 10,
        seed: int = 1,
        schedule: Schedule | Mapping[str, Any] | str | None = None,
        reduce: Reduce | None = None,
    ) -> None:
        if batch < 1:
            raise ConfigError("batch", f"expected at least 1, got {batch}")
        if batch > len(split):
            raise ConfigError("batch", f"at most {len(split)}, which is all the training data")
        self.optimizer = as_optimizer(optimizer)
        self.schedule = as_schedule(schedule)
        self.network, self.split, self.reduce = network, split, reduce
        self.batch, self.seed = batch, seed
        self.engine, self.progress = network.engine, Progress()
        self.steps_per_epoch = self.horizon = -(-len(split) // batch)
        self.work: Workspace | None = None  # the last step's
        self.gradients: Mapping[str, NDArray[Any]] = Gradients(self)
        self._sinks = network.attach(self.optimizer, seen=reduce is not None)
        self._seen = network.shaped(self.optimizer.gradients)
        self._before = [  # parameters as they were, of layers that may need them for a gradient
            (array, self.engine.zeros(array.shape))
            for layer in network.layers
            for array in layer.parameters.values()
            if not layer.direct
        ]
        self._order: tuple[int, NDArray[Any]] | None = None  # an epoch's
        self.complete = False  # whether the last step was, and its arrays are still there

    def step(self) -> tuple[float, int]:
        """Take one step. Returns its mean loss, and how many answers were right, as they were
        before the weights changed. If the loss is not finite, nothing changes: NaN and 0."""
        network, optimizer, engine, now = self.network, self.optimizer, self.engine, self.progress
        rows = self._next_rows()
        with engine.quiet():  # of overflow: whoever calls looks at the loss
            work = self.work = network.load(self.split, rows, training=True)
            outputs = network.forward(work, training=True)
            loss = network.measure_loss(work, training=True)
            self.complete = engine.steps_between_reads > 1 or math.isfinite(loss)
            if not self.complete:
                return math.nan, 0
            for parameter, before in self._before:
                engine.map(before, lambda m, θ: θ, parameter)
            optimizer.begin(self.schedule.multiplier(now.step, self.horizon))
            network.backward(work, self._sinks)
            if self.reduce is not None:
                self.reduce(self._seen)
            optimizer.finish()
        right = engine.correct(outputs, work.y)
        now.step += 1
        now.step_in_epoch += 1
        return loss, right

    def _next_rows(self) -> NDArray[Any]:
        """The examples of the next batch; after the last one, of the next epoch's first."""
        if self.progress.step_in_epoch == self.steps_per_epoch:
            self.end_epoch()
        return self.next_rows()

    def next_rows(self, ahead: int = 0) -> NDArray[Any]:
        """The examples of the next batch of this epoch, or one further ahead; at its end, none."""
        now, size = self.progress, self.batch
        if self._order is None or self._order[0] != now.epoch:
            self._order = now.epoch, self.order(now.epoch)
        return self._order[1][(now.step_in_epoch + ahead) * size :][:size]

    def order(self, epoch: int) -> NDArray[Any]:
        """All examples in the order of an epoch, which is another in each."""
        return np.random.default_rng([self.seed, ORDER, epoch]).permutation(len(self.split))

    def end_epoch(self) -> None:
        """All examples were used: go on to the next epoch. `step` does it by itself as well."""
        self.progress.epoch += 1
        self.progress.step_in_epoch = 0

    # Gradients -------------------------------------------------------------------------------

    def find_gradients(self) -> dict[str, NDArray[Any]]:
        """The last step's gradients, computed anew; {} if no step has come to its end."""
        if self.work is None or not self.complete:
            return {}
        after = [np.array(parameter) for parameter, _ in self._before]
        try:
            for parameter, before in self._before:
                self.engine.load(np.array(before), parameter)
            with self.engine.quiet():
                return self.network.gradients(self.work)
        finally:
            for (parameter, _), values in zip(self._before, after, strict=True):
                self.engine.load(values, parameter)

    # State -----------------------------------------------------------------------------------

    def arrays(self) -> dict[str, Array]:
        """All arrays that a step changes, by name; live."""
        return {**self.network.parameters(), **self.network.memory(), **self.optimizer.named()}

    def state(self) -> State:
        """The learner as it stands: copies of its arrays, by name, and the rest as JSON."""
        arrays = {name: np.array(array) for name, array in self.arrays().items()}
        progress = write_progress(self.progress, Tally())
        return arrays, {"progress": progress, "generator": write_generator(self.network.rng)}

    def load_state(self, arrays: Arrays, document: Mapping[str, Any]) -> None:
        """Return to a `state` of this same learner. Raises StorageError if it is none."""
        targets = self.arrays()
        match_arrays(arrays, targets, self.engine.dtype)
        progress, _ = read_progress(document.get("progress"), self.steps_per_epoch)
        read_generator(document.get("generator"), self.network.rng)
        self.progress, self.optimizer.t, self.complete = progress, progress.step, False
        for name, target in targets.items():
            self.engine.load(np.ascontiguousarray(arrays[name]), target)

    def __repr__(self) -> str:
        now = self.progress
        return (
            f"<Learner: {self.optimizer!r}, {len(self.split):,} examples in batches of "
            f"{self.batch}, seed {self.seed}; {now.step:,} steps taken>"
        )


class Gradients(Mapping[str, NDArray[Any]]):
    """The last step's gradients by the names of the parameters; each step's are arrays of their
    own. A step costs nothing more for them: they are computed when they are asked for."""

    def __init__(self, learner: Learner) -> None:
        self._learner, self._step = learner, -1
        self._found: dict[str, NDArray[Any]] = {}

    def _now(self) -> dict[str, NDArray[Any]]:
        step = self._learner.progress.step
        if not self._learner.complete:
            self._found, self._step = {}, -1
        elif step != self._step:
            self._found, self._step = self._learner.find_gradients(), step
        return self._found

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in self._now().items())
        return f"<gradients after {self._learner.progress.step:,} steps: {shapes or 'none yet'}>"


def as_optimizer(optimizer: Optimizer | Mapping[str, Any]) -> Optimizer:
    """A new optimiser, or the one that a document describes. Raises ConfigError."""
    made: Optimizer = (
        make(OPTIMIZERS, optimizer, "optimizer") if isinstance(optimizer, Mapping) else optimizer
    )
    if not isinstance(made, Optimizer):
        raise ConfigError("optimizer", f"expected one, as SGD(lr=3.0); got {optimizer!r}")
    if hasattr(made, "parameters"):
        raise ConfigError("optimizer", "it serves another learner already: make a new one")
    return made


def as_schedule(schedule: Schedule | Mapping[str, Any] | str | None) -> Schedule:
    """A schedule, or the one of that name or document. Raises ConfigError."""
    if isinstance(schedule, Schedule):
        return schedule
    document = schedule if isinstance(schedule, Mapping) else {"type": schedule or "constant"}
    made: Schedule = make(SCHEDULES, document, "schedule")
    return made
