"""What each unit does, over many digits: how active it is, whether it is any use, and whether
another one does the same.

Of an image, a unit is a channel, and its activation is the largest of its map.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS
from glassnet.data.dataset import Split
from glassnet.insight.muted import units_of
from glassnet.layers import Layer
from glassnet.looking import THRESHOLD
from glassnet.network import Network
from glassnet.training.evaluation import in_chunks

Floats = NDArray[np.float32]

NOTHING = 1e-6  # an activation that differs from 0 by no more is none
END = 0.01  # so near to 0 or 1 (tanh: −1 or 1), a unit is at its end
MOSTLY = 0.99  # of all digits, so many at its ends: the unit is saturated
ALIKE = 0.95  # so large a cosine of two units' incoming weights: they look for the same
ROWS = 256  # units compared with all others at a time
RELUS = [ACTIVATIONS["relu"], ACTIVATIONS["leaky_relu"]]
ENDS: dict[Any, Any] = {ACTIVATIONS["sigmoid"]: (0, 1), ACTIVATIONS["tanh"]: (-1, 1)}


@dataclass(frozen=True, eq=False)
class LayerCensus:
    """One layer's units over n digits; every array has one number a unit.

    Attributes:
        activations: float32 (n, units).
        least, most, mean: float32, of the activations.
        active: float32, the share of digits, 0..1, that it answers to: by more than 1e-6 where the
            layer's activation is a relu, else by more than `looking.THRESHOLD`.
        dead: bool, whether it never differs from one number; of a relu, from 0.
        saturated: bool, of sigmoid and tanh: whether it is within 0.01 of an end for 99 % of all
            digits (of an image: of all places, too).
        twin: int32, the unit whose incoming weights are most like its own, |cosine| > 0.95; or −1.
        likeness: float32, the cosine with the most similar other unit, −1..1; 0 without weights.
    """

    activations: Floats
    least: Floats
    most: Floats
    mean: Floats
    active: Floats
    dead: NDArray[np.bool_]
    saturated: NDArray[np.bool_]
    twin: NDArray[np.int32]
    likeness: Floats


def census(network: Network, split: Split) -> list[LayerCensus]:
    """Count every layer's units over a split of at least one digit; the network is not changed."""
    counts = [_Count(network, i, len(split)) for i in range(len(network.layers))]
    for rows, _, _ in in_chunks(network, split):
        flows = network.workspace(rows.stop - rows.start).flows
        for count, flow in zip(counts, flows, strict=True):
            count.see(rows, flow.a)
    return [count.result() for count in counts]


class _Count:
    """One layer, while digit after digit is seen."""

    def __init__(self, network: Network, number: int, digits: int) -> None:
        self.layer = network.layers[number]
        self.shape = network.shapes[number + 1]
        self.units = units_of(self.shape)
        self.strongest = np.zeros((digits, self.units), np.float32)
        self.lowest = np.full(self.units, np.inf, np.float32)  # at any place of its map
        self.ends = np.zeros(self.units)  # the share of digits and places at an end

    def see(self, rows: slice, a: Any) -> None:
        places = np.asarray(a, np.float32).reshape(rows.stop - rows.start, -1, self.units)
        self.strongest[rows] = places.max(axis=1)
        self.lowest = np.minimum(self.lowest, places.min(axis=(0, 1)))
        low, high = ENDS.get(getattr(self.layer, "f", None), (-np.inf, np.inf))
        at_end = (places < low + END) | (places > high - END)
        self.ends += at_end.mean(axis=1).sum(axis=0) / len(self.strongest)

    def result(self) -> LayerCensus:
        strongest, relu = self.strongest, getattr(self.layer, "f", None) in RELUS
        most = strongest.max(axis=0)
        # (A leaky relu that is never beyond 0 is a line with a slope of 0.01: as good as dead.)
        dead = most <= NOTHING if relu else most - self.lowest <= NOTHING
        twin, likeness = twins(incoming(self.layer, self.units))
        return LayerCensus(
            activations=strongest,
            least=strongest.min(axis=0),
            most=most,
            mean=strongest.mean(axis=0, dtype=np.float64).astype(np.float32),
            active=(strongest > (NOTHING if relu else THRESHOLD)).mean(axis=0).astype(np.float32),
            dead=dead,
            saturated=self.ends >= MOSTLY,
            twin=twin,
            likeness=likeness,
        )


def incoming(layer: Layer, units: int) -> Floats:
    """Each unit's incoming weights, (units, inputs); without inputs, where it has none."""
    weight = layer.parameters.get("weight")
    if weight is None or weight.shape[0] != units:
        return np.zeros((units, 0), np.float32)
    return np.asarray(weight, np.float32).reshape(units, -1)


def twins(weights: Floats) -> tuple[NDArray[np.int32], Floats]:
    """For each row the other that is most like it, if |cosine| > 0.95, else −1; and that cosine."""
    twin = np.full(len(weights), -1, np.int32)
    likeness = np.zeros(len(weights), np.float32)
    if len(weights) < 2 or not weights.shape[1]:
        return twin, likeness
    lengths = np.sqrt((weights * weights).sum(axis=1, keepdims=True))
    directions = weights / np.where(lengths > 0, lengths, 1)
    for begin in range(0, len(weights), ROWS):
        some = np.arange(begin, min(begin + ROWS, len(weights)))
        cosines = np.einsum("ai,bi->ab", directions[some], directions)
        cosines[some - begin, some] = 0  # with itself
        nearest = np.abs(cosines).argmax(axis=1)
        likeness[some] = cosines[some - begin, nearest]
        twin[some] = np.where(np.abs(likeness[some]) > ALIKE, nearest, -1)
    return twin, likeness


@dataclass(frozen=True, eq=False)
class Spectrum:
    """One unit over n digits.

    Attributes:
        edges, counts: its histogram: float32 (bins + 1,), and uint32 (bins,).
        along: digits from the weakest to the strongest, evenly spaced in rank.
        most: those that it is most active for, the strongest first.
    """

    edges: Floats
    counts: NDArray[np.uint32]
    along: list[int]
    most: list[int]


def spectrum(activations: Floats, shown: int = 9, bins: int = 24) -> Spectrum:
    """A unit's whole range, from its activations (n,) for n ≥ 1 digits; of equal ones the earlier
    digit is the weaker."""
    order = np.argsort(activations, kind="stable")
    last, count = len(order) - 1, min(shown, len(order))
    ranks = [round(i * last / max(count - 1, 1)) for i in range(count)]
    low, high = float(activations[order[0]]), float(activations[order[-1]])
    edges = np.linspace(low, high if high > low else low + 1, bins + 1)
    places = np.searchsorted(edges, activations, side="right") - 1
    counts = np.bincount(np.clip(places, 0, bins - 1), minlength=bins)
    return Spectrum(
        edges.astype(np.float32),
        counts.astype(np.uint32),
        [int(order[rank]) for rank in ranks],
        [int(i) for i in order[::-1][:shown]],
    )


def here(network: Network, image: Any) -> Iterator[Floats]:
    """Every layer's activations for one image as the census counts them, (units,)."""
    found = network.activations(np.asarray(image)[np.newaxis])
    for a, shape in zip(found, network.shapes[1:], strict=True):
        yield np.asarray(a, np.float32).reshape(-1, units_of(shape)).max(axis=0)
