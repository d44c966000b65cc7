"""A learner of which every rank has one: each takes its part of a batch, and all the same step.

One message a step carries everything, as float32: the gradients, weighted by how many examples they
are of, and behind them the loss, the right answers and what rank 0 wants. So nothing is asked
beforehand: the other ranks go on with the next batch while rank 0 evaluates or writes, and find out
in its sum that they need not have. Its examples came with the step before (`dealt.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from glassnet.data.dataset import Split
from glassnet.errors import ConfigError
from glassnet.network import Network
from glassnet.optimizers import Optimizer
from glassnet.parallel.dealt import Dealt, Fetched, keep
from glassnet.parallel.group import Group, LostRank
from glassnet.training import Learner
from glassnet.training.state import Arrays

BEHIND = LOSS, RIGHT, ORDER = -3, -2, -1  # places in the message, behind the gradients
GO_ON, RETURN, END = 0, 1, 2  # the orders of rank 0: after RETURN follows a state


class SharedGenerator(np.random.Generator):
    """A generator that draws for the whole batch, and gives a part of it: so a rank's examples get
    the dropout masks that they would get in one process, and all generators stand alike.

    Attributes:
        part, count: which of how many examples are asked for; None: whatever is asked for.
    """

    part: slice | None = None
    count = 0

    def random(self, size: Any = None, dtype: Any = np.float64, out: Any = None) -> Any:
        if self.part is None:
            return super().random(size, dtype, out)
        return super().random((self.count, *size[1:]), dtype)[self.part]


class SharedLearner(Learner):
    """As `Learner`, with the same numbers whatever the number of ranks.

    Args:
        network: on the numpy engine, with a `SharedGenerator`. Every rank has an equal one.
        split: the examples, of which each rank keeps a part; or what was dealt out of them.
        group: the ranks.
        options: see `Learner`.

    Attributes:
        led: rank 0 has told the others where to begin.

    Raises:
        ConfigError: the engine is another, or a layer measures the batch, of which each rank has
            only a part.
    """

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer | Mapping[str, Any],
        split: Split | Dealt,
        group: Group,
        **options: Any,
    ) -> None:
        check(network, group)
        whole: Any = split  # to a learner it matters how many there are, and to `step` the rest
        super().__init__(network, optimizer, whole, reduce=_see_all, **options)
        self.dealt = split if isinstance(split, Dealt) else keep(split, group)
        self._fetched: Fetched | None = None  # for the next step; always, once there are orders
        self.group, self.led = group, False
        sizes = {name: math.prod(g.shape) for name, g in self.optimizer.gradients.items()}
        self._message = group.message(sum(sizes.values()) + len(BEHIND))
        at = 0
        for name, size in sizes.items():  # the gradients are computed where they are sent from
            sink = self.optimizer.sinks[name]
            shape, place = sink.array.shape, slice(at, at + size)
            sink.array = self._message.own[place].reshape(shape)
            self.optimizer.gradients[name] = self._message.total[place].reshape(shape)
            at += size

    def step(self) -> tuple[float, int]:
        """As `Learner.step`: the loss and the right answers are those of the whole batch.

        Raises:
            LostRank: a rank is gone; this one stands where it stood before the step.
            Ended: rank 0 is done (on the others).
        """
        network, engine, rng, rows = self.network, self.engine, self.network.rng, self._next_rows()
        self._fetched = examples, order = self._fetched or self.dealt.fetch(rows)
        before, (part, counted) = rng.bit_generator.state, self.group.part(len(rows))
        assert isinstance(rng, SharedGenerator)
        rng.part, rng.count = part, len(rows)
        with engine.quiet():
            work = self.work = network.load(examples, order, training=True)
            outputs = network.forward(work, training=True)
            loss = network.measure_loss(work, training=True)
            for parameter, kept in self._before:
                engine.map(kept, lambda m, θ: θ, parameter)
            self.optimizer.begin(self.schedule.multiplier(self.progress.step, self.horizon))
            weight = counted / len(rows)  # so that the sum over the ranks is the batch's mean
            for sink in self.optimizer.sinks.values():
                sink.alpha = weight
            network.backward(work, self._sinks)
            self._message.own[LOSS] = weight * loss
            self._message.own[RIGHT] = engine.correct(outputs, work.y) if counted else 0
            try:
                self._exchange(GO_ON)
                loss, right = (float(self._message.total[place]) for place in (LOSS, RIGHT))
                self.complete = not self._obeyed() and math.isfinite(loss)
                if not self.complete:
                    return math.nan, 0
                self._fetch(ahead=1)
            except LostRank:
                rng.bit_generator.state = before
                raise
            self.optimizer.finish()
        self.progress.step += 1
        self.progress.step_in_epoch += 1
        return loss, int(right)

    def _fetch(self, ahead: int = 0) -> None:
        """Fetch the next batch, or the one after it, while all ranks are at the same place: rank 0
        may then evaluate, or end, and nobody waits for examples."""
        rows = self.next_rows(ahead)
        if not len(rows):
            rows = self.order(self.progress.epoch + 1)[: self.batch]
        self._fetched = self.dealt.fetch(rows)

    def _exchange(self, order: int) -> None:
        """The message's total ← its sum over the ranks; `order`: by rank 0, to be heard by all."""
        self._message.own[ORDER] = order if self.group.rank == 0 else GO_ON
        self.group.add_up(self._message)

    def _obeyed(self) -> bool:
        """Whether rank 0 wanted something else than this step, which is done now."""
        order = GO_ON if self.group.rank == 0 else int(self._message.total[ORDER])
        if order == END:
            raise Ended
        if order == RETURN:
            super().load_state(*self.group.share(None))
            self._fetch()
        return order != GO_ON

    def load_state(self, arrays: Arrays, document: Mapping[str, Any]) -> None:
        """As `Learner.load_state`; what rank 0 returns to, as after a divergence, all return to."""
        super().load_state(arrays, document)
        if self.led:
            self._exchange(RETURN)
            self.group.share((arrays, document))
            self._fetch()

    def lead(self) -> None:
        """On rank 0: from here on it gives orders, with its last one at the end of the group."""
        self.led = True
        self._fetch()
        self.group.release = lambda: self._exchange(END)

    def follow(self) -> None:
        """On the others: take steps until rank 0 is done."""
        self._fetch()
        with suppress(Ended):
            while True:
                self.step()


class Ended(Exception):
    """Rank 0 is done."""


def check(network: Network, group: Group) -> None:
    """Refuse what would not learn the same in parts. Raises ConfigError."""
    if network.engine.name != "numpy":
        problem = f"{network.engine.name} cannot be data-parallel; numpy can"
        raise ConfigError("engine", problem)
    for i, layer in enumerate(network.layers):
        if group.size > 1 and layer.memory:
            raise ConfigError(
                f"layers[{i}]",
                "batch normalisation is not data-parallel here: mean and variance would be those "
                f"of each rank's part of a batch, and the run another with {group.size} ranks than "
                "with one; leave the layer out, or train in one process",
            )


def _see_all(gradients: Mapping[str, Any]) -> None:
    """A learner with a `reduce` lets every gradient be seen; here it is added up by `step`."""
