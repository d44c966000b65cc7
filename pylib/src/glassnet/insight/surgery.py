"""Operating on a network: units switched off, weights set by hand or by brush, always on a copy.

A unit that is switched off counts as 0 for all that comes after it, whatever that is. (Zeroing its
weights would not do: the sigmoid of 0 is a half. Ablation: Meyes et al. 2019; of conv channels,
Zhou et al. 2018.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines import Engine
from glassnet.errors import ShapeError
from glassnet.insight.muted import mute
from glassnet.network import Network


@dataclass(frozen=True)
class Off:
    """Switch off a unit of a layer, by their numbers; of a layer of images, a channel."""

    layer: int
    unit: int


@dataclass(frozen=True, eq=False)
class Paint:
    """Set numbers of an array, as `layers.0.weight`, from one place on, row by row."""

    array: str
    at: int
    values: NDArray[Any]


Edit = Off | Paint


def operated(network: Network, edits: Iterable[Edit], engine: Engine | None = None) -> Network:
    """A copy of a network with edits carried out, one after the other.

    Args:
        edits: of the parameters and of what layers remember; units in any order.
        engine: of the copy; if not told, the network's.

    Raises:
        ShapeError: there is no such layer, unit, array or place in it, a number is not finite, or
            the unit is one of the last layer's, which are the answer, or of a Flatten's.
    """
    edits = list(edits)
    off = _switched(network, [edit for edit in edits if isinstance(edit, Off)])
    layers = [mute(layer, units) for layer, units in zip(network.layers, off, strict=True)]
    twin = network.copy_to(engine or network.engine, layers)
    arrays = {**twin.parameters(), **twin.memory()}
    for edit in edits:
        if isinstance(edit, Paint):
            _paint(edit, arrays, twin.engine)
    return twin


def differing(network: Network, other: Network) -> list[str]:
    """The parameters, and what layers remember, that are not the same in both, by name."""
    mine, theirs = ({**one.parameters(), **one.memory()} for one in (network, other))
    return [name for name in mine if not np.array_equal(mine[name], theirs[name])]


def _switched(network: Network, edits: Iterable[Off]) -> list[list[int]]:
    """Of each layer the units that are to be switched off."""
    off: list[list[int]] = [[] for _ in network.layers]
    last = len(network.layers) - 1
    for edit in edits:
        if not 0 <= edit.layer < last:
            words = f"a layer from 0 to {last - 1}: those of the last one are the answer"
            raise ShapeError("switching off", words, edit.layer)
        off[edit.layer].append(edit.unit)
    return off


def _paint(edit: Paint, arrays: dict[str, NDArray[Any]], engine: Engine) -> None:
    """array[at : at + n] ← values, in place."""
    if edit.array not in arrays:
        raise ShapeError("painting", f"one of {', '.join(arrays)}", edit.array)
    array, values = arrays[edit.array], np.asarray(edit.values, np.float64).reshape(-1)
    whole = np.array(array)
    flat, end = whole.reshape(-1), edit.at + values.size
    if edit.at < 0 or end > flat.size:
        got = f"{edit.at} to {end}"
        raise ShapeError(f"painting {edit.array}", f"places from 0 to {flat.size}", got)
    if not np.isfinite(values).all():
        raise ShapeError(f"painting {edit.array}", "finite numbers", "NaN or infinity")
    flat[edit.at : end] = values
    engine.load(whole, array)
