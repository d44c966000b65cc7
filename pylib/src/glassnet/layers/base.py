"""What every kind of layer is, and what flows through it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import ClassVar

from glassnet.activations import ACTIVATIONS
from glassnet.engines import Array, Engine, Sink
from glassnet.engines.base import Nonlinearity
from glassnet.initializers import Start
from glassnet.options import Options

Shape = tuple[int, ...]
Sinks = Mapping[str, Sink]  # where the gradient of each of a layer's parameters goes


@dataclass(slots=True, eq=False)
class Flow:
    """One layer's arrays for one batch size; those of the way back are made when needed."""

    x: Array  # input
    z: Array  # before the activation
    a: Array  # output
    forward_arrays: dict[str, Array] = field(default_factory=dict)  # what else a layer needs there,
    backward_arrays: dict[str, Array] = field(default_factory=dict)  # and on the way back
    da: Array = None  # ∂L/∂a: the next layer, or the loss, writes it
    delta: Array = None  # δ = ∂L/∂z
    dx: Array = None  # ∂L/∂x; None in the first layer, where nobody asks

    def named_forward(self) -> dict[str, Array]:
        """The arrays of the way forward by name, in the order in which they are written."""
        named = {**self.forward_arrays, "z": self.z, "a": self.a}
        if self.z is self.a or self.z is self.x:
            del named["z"]
        return {name: array for name, array in named.items() if array is not None}

    def named_backward(self) -> dict[str, Array]:
        """The arrays of the way back by name, in the order in which they are written."""
        named = {"da": self.da, "delta": self.delta, **self.backward_arrays, "dx": self.dx}
        if self.delta is self.da or self.delta is self.dx:
            del named["delta"]
        return {name: array for name, array in named.items() if array is not None}


@dataclass(eq=False)
class Layer(Options):
    """One step of a network: its options, its parameters, and the two ways through it.

    A layer of your own is a subclass with `flow`, `forward` and `backward`; with parameters, also
    `build`. It need not be a dataclass, but its `__init__` then calls `super().__init__()`.

    Attributes:
        decays: the parameters that weight decay pulls to zero.
        direct: whether a sink may be a parameter itself, so that filling it is the update. Only if
            `backward` reads that parameter for ∂L/∂x before, and for its gradient not at all.
    """

    decays: ClassVar[tuple[str, ...]] = ()
    direct: ClassVar[bool] = False
    engine: Engine = field(init=False, repr=False)
    parameters: dict[str, Array] = field(init=False, repr=False, default_factory=dict)
    memory: dict[str, Array] = field(init=False, repr=False, default_factory=dict)  # not trained
    stored_shapes: dict[str, Shape] = field(init=False, repr=False, default_factory=dict)
    # ^ the shape in which a parameter is shown and stored, if it is kept as a matrix
    built: bool = field(init=False, repr=False, default=False)  # it belongs to a network

    def build(self, engine: Engine, shape: Shape, start: Start) -> Shape:
        """Make the parameters for inputs of `shape`; returns the outputs' (both without B)."""
        self.engine = engine
        return shape

    def flow(self, x: Array) -> Flow:
        """The arrays of the way forward, for as many examples as x has."""
        raise NotImplementedError

    def flow_back(self, flow: Flow, da: Array, first: bool) -> None:
        """Add the arrays of the way back. da is where the next layer writes ∂L/∂a."""
        flow.da = flow.delta = da
        flow.dx = None if first else self.engine.zeros(flow.x.shape)

    def forward(self, flow: Flow, training: bool) -> None:
        """flow.a ← the answer to flow.x."""
        raise NotImplementedError

    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        """flow.dx, and each parameter's gradient into its sink, from flow.da; from flow.delta, if
        the layer is `fused` with the loss."""
        raise NotImplementedError

    @property
    def activation_name(self) -> str:
        """The activation that turns flow.z into flow.a."""
        return "identity"


def unbuilt(layer: Layer) -> Layer:
    """A layer with the same options, for another network."""
    twin = copy.copy(layer)
    twin.parameters, twin.memory, twin.stored_shapes, twin.built = {}, {}, {}, False
    return twin


def resolve(activation: str | Nonlinearity) -> Nonlinearity:
    """An activation by its name, or itself: a layer takes both."""
    return ACTIVATIONS[activation] if isinstance(activation, str) else activation


def as_rows(engine: Engine, x: Array) -> Array:
    """x as a matrix: a row for each example, or for each place of an image; channels across."""
    return engine.view(x, (prod(x.shape[:-1]), x.shape[-1]))
