"""What requests about a network have in common: whom they ask, about which digit, measured on which
others; and the answers' common words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import prod
from typing import Any

import numpy as np

from glassnet.errors import DataError
from glassnet.insight.answers import Change
from glassnet_bridge.arrays import named
from glassnet_bridge.digit import Pixels, read_pixels
from glassnet_bridge.examples import Examples, Part
from glassnet_bridge.failure import Unknown
from glassnet_bridge.subject import Subject

Json = dict[str, Any]
Message = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Asked:
    """One request about one subject."""

    subject: Subject
    examples: Examples
    message: Message

    @property
    def pixels(self) -> Pixels:
        """The digit's, flat. Raises DataError if it is none for this network."""
        return read_pixels(self.message["pixels"], prod(self.subject.network.shape))

    @property
    def label(self) -> int:
        """The digit's class. Raises DataError if there is no such class."""
        label, classes = self.message.get("label"), self.subject.network.outputs
        if label is None or not 0 <= int(label) < classes:
            said = "none" if label is None else label
            raise DataError(f"expected a label from 0 to {classes - 1}, got {said}")
        return int(label)

    @property
    def layer(self) -> int:
        """The number of the layer that is meant, by that or its name. Raises Unknown."""
        told = str(self.message["layer"]).removeprefix("layers.")
        known = [str(i) for i in range(len(self.subject.network.layers))]
        if told not in known:
            raise Unknown("layer", told, known)
        return int(told)

    @property
    def train(self) -> Part:
        """The training digits. Raises DataError if they are none for this network."""
        return self._part("train")

    @property
    def test(self) -> Part:
        """The test digits; as `train`."""
        return self._part("test")

    def _part(self, name: str) -> Part:
        network = self.subject.network
        return self.examples.fitting(name, prod(network.shape), network.outputs)


def all_named(arrays: Mapping[str, Any]) -> Json:
    """Arrays by name, as a page gets them."""
    return {name: named(np.asarray(array)) for name, array in arrays.items()}


def told_changes(changed: Iterable[Change], part: Part) -> list[Json]:
    """Examples that are read otherwise, by their index in the data set."""
    return [{**asdict(one), "index": one.index + part.first} for one in changed]
