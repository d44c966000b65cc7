"""What the network page asks about units, over many digits: how active each one is, one of them
along its whole range, and what the active ones look for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import DataError
from glassnet.insight.active import active_layers
from glassnet.insight.census import LayerCensus, census, here, spectrum
from glassnet.looking import THRESHOLD
from glassnet_bridge.arrays import named
from glassnet_bridge.asked import Asked, Json
from glassnet_bridge.examples import Part
from glassnet_bridge.failure import Unknown

MOST = 2000  # test digits that units are counted over, and edits are judged by


class Units:
    """Answers about units; the last count is kept for as long as it is of the same network."""

    def __init__(self) -> None:
        self._counted: tuple[object, list[LayerCensus]] = None, []

    def census(self, asked: Asked) -> Json:
        """Every layer's units, counted over the test digits."""
        return {
            "layers": [
                {
                    "name": f"layers.{i}",
                    "units": len(one.least),
                    "least": one.least,
                    "most": one.most,
                    "mean": one.mean,
                    "active": one.active,
                    "dead": one.dead.astype(np.uint8),
                    "saturated": one.saturated.astype(np.uint8),
                    "twin": one.twin,
                    "likeness": one.likeness,
                }
                for i, one in enumerate(self._count(asked))
            ]
        }

    def unit(self, asked: Asked) -> Json:
        """One unit along its whole range, and the digits that it is most active for."""
        layer, number, test = asked.layer, int(asked.message["unit"]), asked.test
        activations = self._count(asked)[layer].activations
        if not 0 <= number < activations.shape[1]:
            raise Unknown("unit", number, [f"0 to {activations.shape[1] - 1}"])
        mine = activations[:, number]
        found = spectrum(mine)
        now = list(here(asked.subject.network, asked.pixels))[layer]

        def digits(rows: list[int]) -> list[Json]:
            return [
                {
                    "index": test.first + row,
                    "activation": float(mine[row]),
                    "label": int(test.split.labels[row]),
                }
                for row in rows
            ]

        return {
            "here": float(now[number]),
            "edges": found.edges,
            "counts": found.counts,
            "along": digits(found.along),
            "most": digits(found.most),
        }

    def active(self, asked: Asked) -> Json:
        """What the active units look for: of this digit, and of those read rightly and wrongly."""
        network, test = asked.subject.network, asked.test
        activations: list[NDArray[np.float32]] = []
        right = None
        if len(test):
            counted = self._count(asked)
            activations = [one.activations for one in counted]
            labels = test.split.labels[: len(activations[-1])]
            right = activations[-1].argmax(axis=1) == labels
            if (label := asked.message.get("label")) is not None:
                chosen = labels == label
                activations, right = [one[chosen] for one in activations], right[chosen]
        found = active_layers(network, asked.pixels, activations, right)
        return {
            "threshold": THRESHOLD,
            "layers": [
                {
                    "layer": one.layer,
                    "here": None if one.here is None else named(one.here),
                    "right": None if one.right is None else named(one.right),
                    "wrong": None if one.wrong is None else named(one.wrong),
                    "units": one.units.astype(np.uint8),
                }
                for one in found
            ],
        }

    def _count(self, asked: Asked) -> list[LayerCensus]:
        """The census of a subject as it is. Raises DataError before there are any test digits."""
        subject, test = asked.subject, asked.test
        if not len(test):
            raise DataError("the test digits are not here yet")
        key = (subject, subject.changes, asked.examples.changes)
        if self._counted[0] != key:
            self._counted = key, census(subject.network, tested(test).split)
        return self._counted[1]


def tested(test: Part) -> Part:
    """The first of the test digits, not more than can be gone through at once."""
    return Part(test.split[:MOST], test.first)
