"""A network's arrays by name: what it has learnt, remembers, and finds on the way forward.

layers.0.weight                      parameters and memory
layers.0.weight.gradient             of the last step; before the first there is none
optimizer.layers.0.weight.velocity   what the optimiser remembers
x, layers.0.z, layers.0.a            of the watched digit
layers.*.weight                      of every layer that has it
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from glassnet.layers import Shape
from glassnet.network import Network
from glassnet_bridge.digit import Pixels
from glassnet_bridge.failure import Unknown

Named = dict[str, Any]  # shape and data, as in protocol.js

GRADIENT = ".gradient"


class Holder(Protocol):
    """Who has arrays: a learner, or a network that nobody trains."""

    @property
    def network(self) -> Network: ...
    @property
    def gradients(self) -> Mapping[str, Any]: ...  # of the last step
    def arrays(self) -> Mapping[str, Any]: ...  # what a step changes


class Wanted:
    """The arrays that somebody wants of a holder; resolved once, then read as often as needed.

    Args:
        names: `*` stands for every layer; there need be none.
        strict: whether a plain name that there is not is refused, or left out.

    Raises:
        Unknown: there is no array of that name.
    """

    def __init__(self, holder: Holder, names: Iterable[str], *, strict: bool = True) -> None:
        self._holder = holder
        state, shapes = holder.arrays(), forward_shapes(holder.network)
        gradients = {name + GRADIENT: name for name in holder.network.parameters()}
        wanted = expand(names, [*shapes, *state, *gradients], strict)
        self._state = {name: state[name] for name in wanted if name in state}
        self._gradients = {name: gradients[name] for name in wanted if name in gradients}
        self._forward = {name: shapes[name] for name in wanted if name in shapes}

    def read(self, pixels: Pixels | None) -> dict[str, Named]:
        """The arrays as they are now; those of the way forward only for a digit's pixels."""
        found = {name: named(array) for name, array in self._state.items()}
        if self._gradients:
            last = self._holder.gradients
            found |= {
                name: named(last[parameter])
                for name, parameter in self._gradients.items()
                if parameter in last
            }
        if self._forward and pixels is not None:
            arrays = forward(self._holder.network, pixels)
            found |= {name: named(arrays[name], shape) for name, shape in self._forward.items()}
        return found


def expand(names: Iterable[str], known: Iterable[str], strict: bool) -> list[str]:
    """The names that are meant, each once, in the order asked for."""
    every = dict.fromkeys(known)
    found: dict[str, None] = {}
    for name in names:
        if "*" in name:
            pattern = re.compile(re.escape(name).replace(r"\*", r"\d+"))
            found |= dict.fromkeys(one for one in every if pattern.fullmatch(one))
        elif name in every:
            found[name] = None
        elif strict:
            raise Unknown("array of this network", name, every)
    return list(found)


def forward_shapes(network: Network) -> dict[str, Shape]:
    """The arrays of the way forward and their shapes, of one example, without the batch."""
    shapes = {"x": network.shape}
    flows = network.workspace(1).flows
    for i, (flow, output) in enumerate(zip(flows, network.shapes[1:], strict=True)):
        for name, array in flow.named_forward().items():
            kept_as_rows = name in ("z", "a") and prod(array.shape) == prod(output)
            shapes[f"layers.{i}.{name}"] = tuple(output if kept_as_rows else array.shape)
    return shapes


def forward(network: Network, pixels: Pixels) -> Mapping[str, Any]:
    """The network's answer to one example, array by array; training is not disturbed."""
    work = network.workspace(1)
    network.engine.load(pixels, work.x)
    with np.errstate(all="ignore"):  # of weights that are too large, too, the truth is told
        network.forward(work)
    return dict(network.forward_arrays(work))


def named(array: Any, shape: Shape | None = None) -> Named:
    """An engine's array as a page gets it: a copy, flat, for that crosses as one typed array."""
    data: NDArray[np.float32] = np.array(array, np.float32)
    return {"shape": list(shape or data.shape), "data": data.reshape(-1)}
