"""What the network page asks of Python: networks by name, and every question about one of them.

The first such request brings this module; a page that asks none starts without it. The requests
are those of `web/python/protocol-insight.js`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from math import prod
from typing import Any

import numpy as np

from glassnet.config import RunConfig
from glassnet.data.dataset import Split
from glassnet.errors import DataError
from glassnet.insight.answers import Change
from glassnet.insight.linear import input_gradient, linear_map
from glassnet.insight.verdict import Row, verdict
from glassnet.tracing import trace
from glassnet_bridge.arrays import Wanted, named
from glassnet_bridge.arrival import as_bytes
from glassnet_bridge.describe import describe_layer
from glassnet_bridge.digit import Pixels, read_pixels
from glassnet_bridge.examples import Examples, Part
from glassnet_bridge.failure import Unknown
from glassnet_bridge.subject import Subject, fresh, read_named
from glassnet_bridge.subject_files import read_network
from glassnet_bridge.tracing import quantity

Json = dict[str, Any]
Message = Mapping[str, Any]

TESTED = 500  # test digits that a step is judged by


class Subjects:
    """Networks by name, and the digits that questions about them are measured on."""

    def __init__(self) -> None:
        self._subjects: dict[str, Subject] = {}
        self._examples = Examples()
        self._answers: dict[str, Callable[[Message], Any]] = {
            "examples": self._examples.take,
            "subject": self._open,
            "subject_file": self._file,
            "subject_fresh": self._fresh,
            "subject_step": self._step,
            "subject_map": self._map,
            "subject_arrays": self._arrays,
            "subject_close": self._close,
        }

    def answer(self, message: Message) -> Any:
        """Answer one request; errors are the host's to tell."""
        return self._answers[message["type"]](message)

    # Beginnings ------------------------------------------------------------------------------

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

    def _file(self, message: Message) -> Json:
        config, shape, arrays = read_network(
            as_bytes(message["bytes"]).tobytes(),
            str(message["file"]),
            message.get("config"),
            message.get("shape"),
        )
        return {"config": config.to_json(), "shape": list(shape), "arrays": all_named(arrays)}

    def _fresh(self, message: Message) -> Json:
        config = RunConfig.from_json(message["config"])
        arrays = fresh(config, tuple(map(int, message["shape"])), int(message["seed"]))
        return {"arrays": all_named(arrays)}

    def _close(self, message: Message) -> None:
        self._subjects.pop(message["subject"], None)

    # Questions -------------------------------------------------------------------------------

    def _step(self, message: Message) -> Json:
        subject, pixels = self._subject(message), self._pixels(message)
        network, label = subject.network, label_of(message, subject)
        test, train = self._part("test", subject), self._part("train", subject)
        told = verdict(
            network,
            subject.optimizer,
            pixels,
            label,
            beginning(train.split, subject.config.batch - 1),
            beginning(test.split, TESTED),
        )
        steps = trace(network, pixels, label, subject.optimizer)
        return {
            "quantities": [quantity(one) for one in steps],
            "verdict": {
                "rows": [row(one) for one in told.rows],
                "worse": told_changes(told.worse, test),
                "better": told_changes(told.better, test),
            },
        }

    def _map(self, message: Message) -> Json:
        subject, pixels = self._subject(message), self._pixels(message)
        found, gradient = linear_map(subject.network, pixels), None
        if message.get("label") is not None:
            gradient = input_gradient(subject.network, pixels, label_of(message, subject))
        return {
            "exact": found.exact,
            "why": found.why,
            "templates": named(found.templates),
            "products": found.products,
            "constants": found.constants,
            "logits": found.logits,
            "gradient": None if gradient is None else named(gradient),
            "on": {name: which.reshape(-1) for name, which in found.on.items()},
        }

    def _arrays(self, message: Message) -> Json:
        wanted = Wanted(self._subject(message), message["arrays"])
        told = message.get("pixels")
        return wanted.read(None if told is None else self._pixels(message))

    # What requests name ----------------------------------------------------------------------

    def _subject(self, message: Message) -> Subject:
        name = message["subject"]
        if name not in self._subjects:
            raise Unknown("subject", name, self._subjects)
        return self._subjects[name]

    def _pixels(self, message: Message) -> Pixels:
        return read_pixels(message["pixels"], prod(self._subject(message).network.shape))

    def _part(self, name: str, subject: Subject) -> Part:
        network = subject.network
        return self._examples.fitting(name, prod(network.shape), network.outputs)


def label_of(message: Message, subject: Subject) -> int:
    """A digit's class. Raises DataError if there is no such class."""
    label = message.get("label")
    if label is None or not 0 <= int(label) < subject.network.outputs:
        said = "none" if label is None else label
        raise DataError(f"expected a label from 0 to {subject.network.outputs - 1}, got {said}")
    return int(label)


def beginning(split: Split, count: int) -> Split:
    """So many of a split's first digits, or all."""
    return split[: max(count, 0)]


def all_named(arrays: Mapping[str, Any]) -> Json:
    """Arrays by name, as a page gets them."""
    return {name: named(np.asarray(array)) for name, array in arrays.items()}


def row(one: Row) -> Json:
    """One row of a verdict, in the protocol's words."""
    return {
        "of": one.of,
        "count": one.count,
        "before": one.before,
        "after": one.after,
        "rightBefore": one.right_before,
        "rightAfter": one.right_after,
    }


def told_changes(changed: Iterable[Change], part: Part) -> list[Json]:
    """Examples that are read otherwise, by their index in the data set."""
    return [{**asdict(one), "index": one.index + part.first} for one in changed]
