"""A network that somebody looks into, operates on, and trains: its numbers as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.data.dataset import Split
from glassnet.engines import make_engine
from glassnet.errors import DataError, StorageError
from glassnet.insight.surgery import Edit, operated
from glassnet.layers import Shape
from glassnet.model import check_arrays
from glassnet.network import Network
from glassnet.training.learner import Learner, as_optimizer

Arrays = Mapping[str, NDArray[Any]]

ENGINE = "simd"  # the fastest; numpy, where a browser cannot run it


class Subject:
    """A network with weights from elsewhere, and what has been done to it here.

    Args:
        config: its layers, loss and optimiser; `batch` and `seed` are those of its training.
        arrays: its parameters and what its layers remember, each and no other.

    Attributes:
        opened: the network that edits are made on: as it came, or as training has left it.
        network: as it is now, after edits.
        optimizer: has it in charge.
        changes: counts up with whatever makes it answer otherwise.

    Raises:
        StorageError: an array is missing, too many, or of another shape: it is named.
        ConfigError, ShapeError: there is no such network.
    """

    def __init__(self, config: RunConfig, shape: Shape, arrays: Arrays) -> None:
        check_arrays(config, shape, arrays, "the network")
        self.config, self.changes = config, 0
        self.opened = build(config, shape, "zeros", config.seed)
        for name, array in state(self.opened).items():
            self.opened.engine.load(np.ascontiguousarray(arrays[name], np.float32), array)
        self._begin(self.opened)

    def _begin(self, network: Network) -> None:
        """Have a network that has not been trained here."""
        self.network, self.changes = network, self.changes + 1
        self.optimizer = as_optimizer(self.config.optimizer)
        network.attach(self.optimizer)
        self._learner: Learner | None = None

    def operate(self, edits: Sequence[Edit]) -> None:
        """Be the network as it was opened, with these edits and no others. Raises ShapeError."""
        opened = operated(self.network, []) if self._learner else self.opened
        network = operated(opened, edits) if edits else opened
        self.opened = opened
        self._begin(network)

    def learner(self, split: Split) -> Learner:
        """Who trains it on a split, from where it stands. What it learns can't be undone by edits.

        Raises:
            DataError: there is nothing to train on.
        """
        if not len(split):
            raise DataError("the training digits are not here yet")
        if self._learner is None or self._learner.split is not split:
            config = self.config
            batch = min(config.batch, len(split))
            self._learner = Learner(
                self.network, config.optimizer, split, batch=batch, seed=config.seed
            )
            self.optimizer = self._learner.optimizer
        return self._learner

    @property
    def gradients(self) -> Mapping[str, Any]:
        """Of its last training step here; none before there was one."""
        return self._learner.gradients if self._learner else {}

    def arrays(self) -> dict[str, Any]:
        """All that a step changes, by name; live."""
        return {**state(self.network), **self.optimizer.named()}


def build(config: RunConfig, shape: Shape, start: str, seed: int) -> Network:
    """A network of a configuration, on the fastest engine there is."""
    engine = make_engine(ENGINE)
    return Network(config.layers, shape, config.loss, engine, start, seed)


def fresh(config: RunConfig, shape: Shape, seed: int) -> dict[str, Any]:
    """The numbers that such a network begins with."""
    return state(build(config, shape, config.initializer, seed))


def state(network: Network) -> dict[str, Any]:
    """What a network has learnt and remembers, by name; live."""
    return {**network.parameters(), **network.memory()}


def read_named(document: Mapping[str, Any]) -> dict[str, NDArray[np.float32]]:
    """A page's arrays by name, copied. Raises StorageError where one has not the numbers of its
    shape."""
    arrays = {}
    for name, told in document.items():
        data, shape = told["data"], [int(size) for size in told["shape"]]
        flat = np.frombuffer(data.to_bytes() if hasattr(data, "to_bytes") else data, np.float32)
        if min(shape, default=1) < 0 or flat.size != np.prod(shape, dtype=np.int64):
            raise StorageError(f"{name}: {flat.size} numbers for the shape {shape}")
        arrays[name] = flat.reshape(shape).copy()
    return arrays
