"""What the network page asks of Python: networks by name, and every question about one of them.

The first such request brings this module; a page that asks none starts without it. The requests
are those of `web/python/protocol-insight.js`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import prod
from typing import Any

from glassnet.config import RunConfig
from glassnet_bridge import subject_steps
from glassnet_bridge.arrival import as_bytes
from glassnet_bridge.asked import Asked, Json, Message, all_named
from glassnet_bridge.describe import describe_layer
from glassnet_bridge.examples import Examples
from glassnet_bridge.failure import Unknown
from glassnet_bridge.held import Clock
from glassnet_bridge.subject import Subject, fresh, read_named
from glassnet_bridge.subject_changes import Changes
from glassnet_bridge.subject_files import read_network
from glassnet_bridge.subject_units import Units


class Subjects:
    """Networks by name, and the digits that questions about them are measured on."""

    def __init__(self, clock: Clock = time.perf_counter) -> None:
        self._subjects: dict[str, Subject] = {}
        self._examples = Examples()
        units, changes = Units(), Changes(clock)
        self._beginnings: dict[str, Callable[[Message], Any]] = {
            "examples": self._examples.take,
            "subject": self._open,
            "subject_file": read_file,
            "subject_fresh": begin_fresh,
            "subject_close": self._close,
        }
        self._questions: dict[str, Callable[[Asked], Any]] = {
            "subject_step": subject_steps.step,
            "subject_map": subject_steps.linear,
            "subject_flip": subject_steps.flipped,
            "subject_arrays": subject_steps.arrays,
            "subject_census": units.census,
            "subject_unit": units.unit,
            "subject_active": units.active,
            "subject_edit": changes.edit,
            "subject_train": changes.train,
        }

    def answer(self, message: Message) -> Any:
        """Answer one request; errors are the host's to tell."""
        kind = message["type"]
        if kind in self._beginnings:
            return self._beginnings[kind](message)
        name = message["subject"]
        if name not in self._subjects:
            raise Unknown("subject", name, self._subjects)
        return self._questions[kind](Asked(self._subjects[name], self._examples, message))

    def _open(self, message: Message) -> Json:
        config = RunConfig.from_json(message["config"])
        shape = tuple(int(size) for size in message["shape"])
        subject = Subject(config, shape, read_named(message["arrays"]))
        self._subjects[message["subject"]] = subject
        network = subject.network
        return {
            "layers": [describe_layer(network, i) for i in range(len(network.layers))],
            "parameters": sum(prod(array.shape) for array in network.parameters().values()),
        }

    def _close(self, message: Message) -> None:
        self._subjects.pop(message["subject"], None)


def read_file(message: Message) -> Json:
    """The network in a file, which is no subject yet."""
    data, file = as_bytes(message["bytes"]).tobytes(), str(message["file"])
    config, shape, arrays = read_network(data, file, message.get("config"), message.get("shape"))
    return {"config": config.to_json(), "shape": list(shape), "arrays": all_named(arrays)}


def begin_fresh(message: Message) -> Json:
    """The numbers that a network begins with."""
    config = RunConfig.from_json(message["config"])
    arrays = fresh(config, tuple(map(int, message["shape"])), int(message["seed"]))
    return {"arrays": all_named(arrays)}
