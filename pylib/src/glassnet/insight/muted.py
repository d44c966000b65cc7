"""A layer with some units switched off: whatever they find, the layers after it are told 0.

The units keep their weights. On the way back they hear nothing, for nothing depends on them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from glassnet.engines import Array, Engine
from glassnet.errors import ShapeError
from glassnet.formulas import formulas, terms
from glassnet.initializers import Start
from glassnet.layers import Flatten, Flow, Layer, Shape, Sinks
from glassnet.layers.base import unbuilt

_KINDS: dict[type[Layer], type[Layer]] = {}  # of layers with units switched off, by their kind


class Muted(Layer):
    """What such a layer is besides its own kind: it does as that does, and then hushes some.

    Attributes:
        off: the units, or channels, that are switched off.
    """

    off: tuple[int, ...]

    def build(self, engine: Engine, shape: Shape, start: Start) -> Shape:
        after = super().build(engine, shape, start)
        count = units_of(after)
        if beyond := [unit for unit in self.off if not 0 <= unit < count]:
            raise ShapeError("switching off", f"a unit from 0 to {count - 1}", beyond[0])
        on = np.ones(count, np.float32)
        on[list(self.off)] = 0
        self._on = engine.zeros((count,))
        engine.load(on, self._on)
        return after

    def hush(self, a: Array) -> None:
        """What the units found, or what they are told on the way back, is 0."""
        count = self._on.shape[0]
        rows = self.engine.view(a, (math.prod(a.shape) // count, count))
        self.engine.map(rows, lambda m, a, on: m.where(on > 0.0, a, 0.0), rows, self._on)

    def forward(self, flow: Flow, training: bool) -> None:
        super().forward(flow, training)
        self.hush(flow.a)

    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        self.hush(flow.da)
        super().backward(flow, sinks, fused)


def mute(layer: Layer, units: Iterable[int]) -> Layer:
    """A layer with the same options, to be built, with just these units switched off.

    Args:
        units: of the `units_of` its output. One that it has not is found when it is built, and is
            a ShapeError.

    Raises:
        ShapeError: the layer is a Flatten, whose numbers are those of the layer before.
    """
    twin, off, kind = unbuilt(layer), tuple(sorted(set(units))), kind_of(layer)
    if off and issubclass(kind, Flatten):
        raise ShapeError("switching off", "a unit of the layer before", "one of a flatten")
    twin.__class__ = _muted(kind) if off else kind
    if isinstance(twin, Muted):
        twin.off = off
    return twin


def off_in(layer: Layer) -> tuple[int, ...]:
    """The units of a layer that are switched off."""
    return layer.off if isinstance(layer, Muted) else ()


def kind_of(layer: Layer) -> type[Layer]:
    """The class of a layer, whether or not some of its units are switched off."""
    kind = type(layer)
    return kind.__bases__[1] if issubclass(kind, Muted) else kind


def units_of(shape: Shape) -> int:
    """How many units a layer of that output has: of an image its channels, else its numbers."""
    return shape[-1] if len(shape) == 3 else math.prod(shape)


def _muted(kind: type[Layer]) -> type[Layer]:
    """The class of layers of a kind with units switched off; its formulas say it of a."""
    if kind in _KINDS:
        return _KINDS[kind]
    ways = {symbol: _hushed(text) for symbol, text in terms(kind.forward).items()}

    class Made(Muted, kind):  # type: ignore[misc, valid-type]
        @formulas(";  ".join(ways.values()))
        def forward(self, flow: Flow, training: bool) -> None:
            super().forward(flow, training)

        @formulas(";  ".join(terms(kind.backward).values()))
        def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
            super().backward(flow, sinks, fused)

    Made.__name__ = Made.__qualname__ = f"Muted{kind.__name__}"
    _KINDS[kind] = Made
    return Made


def _hushed(formula: str) -> str:
    """`a = f(z)` → `a = f(z) ⊙ on`; of other arrays nothing changes."""
    name, _, found = formula.partition(" = ")
    if name != "a":
        return formula
    return f"a = ({found}) ⊙ on" if " " in found else f"a = {found} ⊙ on"
