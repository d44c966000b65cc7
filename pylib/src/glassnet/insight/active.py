"""Active-weight maps: what the units that answer to a digit look for, on the average, and what
those do that answer to digits that are read rightly, and wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.insight.census import here, incoming
from glassnet.insight.muted import units_of
from glassnet.layers import Conv2D
from glassnet.looking import THRESHOLD, active_map, mean_active_map
from glassnet.network import Network


@dataclass(frozen=True, eq=False)
class ActiveLayer:
    """One layer's maps, each float64, of the shape of a unit's incoming weights: of a dense layer
    that of its input, of a convolution that of its window.

    Attributes:
        layer: its number.
        units: bool (units,), which are active for this digit.
        here: the mean of their weights; None if none is active.
        right, wrong: the mean of such maps over the digits that are read so; None without any.
    """

    layer: int
    units: NDArray[np.bool_]
    here: NDArray[np.float64] | None
    right: NDArray[np.float64] | None
    wrong: NDArray[np.float64] | None


def active_layers(
    network: Network,
    image: Any,
    activations: Sequence[NDArray[Any]] = (),
    right: NDArray[np.bool_] | None = None,
    threshold: float = THRESHOLD,
) -> list[ActiveLayer]:
    """The maps of every layer with weights; the network is not changed.

    Args:
        image: of the network's shape or flat: bytes 0..255, or floats 0..1.
        activations: each layer's for other digits, as the census counts them, (n, units).
        right: bool (n,), which of those are read rightly.
        threshold: how active a unit must be to count.
    """
    found = []
    for i, now in enumerate(here(network, image)):
        weights = incoming(network.layers[i], units_of(network.shapes[i + 1]))
        if not weights.shape[1]:
            continue
        window = network.parameters()[f"layers.{i}.weight"].shape[1:]
        shape = window if isinstance(network.layers[i], Conv2D) else network.shapes[i]
        own = active_map(weights, now, threshold)
        sides: list[NDArray[np.float64] | None] = [None, None]
        if right is not None and activations:
            for side, chosen in enumerate((right, ~right)):
                if chosen.any():
                    mean = mean_active_map(weights, activations[i][chosen], threshold)
                    sides[side] = mean.reshape(shape)
        mine = own.mean.reshape(shape) if own.active.size else None
        found.append(ActiveLayer(i, now > threshold, mine, *sides))
    return found
