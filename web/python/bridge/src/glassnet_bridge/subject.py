"""A network that somebody looks into: its numbers, and the step that it would take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.config import RunConfig
from glassnet.engines import make_engine
from glassnet.errors import StorageError
from glassnet.layers import Shape
from glassnet.model import check_arrays
from glassnet.network import Network
from glassnet.training.learner import as_optimizer

Arrays = Mapping[str, NDArray[Any]]

ENGINE = "simd"  # the fastest; numpy, where a browser cannot run it


class Subject:
    """A network with weights from elsewhere.

    Args:
        config: its layers, loss and optimiser; `batch` and `seed` are those of its training.
        arrays: its parameters and what its layers remember, each and no other.

    Attributes:
        network: as it is now.
        optimizer: has it in charge, and has taken no step yet.

    Raises:
        StorageError: an array is missing, too many, or of another shape: it is named.
        ConfigError, ShapeError: there is no such network.
    """

    def __init__(self, config: RunConfig, shape: Shape, arrays: Arrays) -> None:
        check_arrays(config, shape, arrays, "the network")
        self.config = config
        self.network = build(config, shape, "zeros", config.seed)
        for name, array in state(self.network).items():
            self.network.engine.load(np.ascontiguousarray(arrays[name], np.float32), array)
        self.optimizer = as_optimizer(config.optimizer)
        self.network.attach(self.optimizer)

    @property
    def gradients(self) -> dict[str, Any]:
        """Of the last step; it has taken none."""
        return {}

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
