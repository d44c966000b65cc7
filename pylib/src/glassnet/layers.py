"""Layers: forward and backward side by side. This is backpropagation.

A layer turns its input x into its output a, and later ∂L/∂a into ∂L/∂x, leaving the gradients of
its own parameters in their sinks. The chain rule is all there is to it: each layer multiplies by
its own derivative and passes the product on to the layer before (Rumelhart, Hinton, Williams,
Nature 323, 1986; Nielsen, Neural Networks and Deep Learning, chapter 2).

Arrays start with the batch: x is (B, ...). B examples, I inputs, U units. Images are (B, height,
width, channels). A layer keeps only its parameters; what flows through it for one batch size is a
`Flow`, whose arrays are made once and then reused at every step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from glassnet.activations import ACTIVATIONS, Activation
from glassnet.engines import Array, Engine, Sink
from glassnet.initializers import Initializer
from glassnet.options import choice, integer

Shape = tuple[int, ...]


@dataclass(slots=True)
class Flow:
    """The arrays of one layer for one batch size; those for the way back come when needed."""

    x: Array  # input
    z: Array  # before the activation
    a: Array  # output
    da: Array = None  # ∂L/∂a, written by the next layer or by the loss
    delta: Array = None  # δ = ∂L/∂z
    dx: Array = None  # ∂L/∂x, read by the layer before; None for the first layer
    extra: dict[str, Array] = field(default_factory=dict)  # what else a kind of layer needs


@dataclass(eq=False)
class Layer:
    """One step of a network. A subclass is its options, then `build`, `flow`, and the two ways."""

    weights: ClassVar[tuple[str, ...]] = ()  # the parameters that weight decay applies to
    engine: Engine = field(init=False, repr=False)
    parameters: dict[str, Array] = field(init=False, repr=False, default_factory=dict)

    def build(
        self, engine: Engine, shape: Shape, initializer: Initializer, rng: np.random.Generator
    ) -> Shape:
        """Make the parameters for inputs of `shape` (without B); returns the outputs' shape."""
        raise NotImplementedError

    def flow(self, x: Array) -> Flow:
        """The arrays of the way forward, for as many examples as `x` has rows."""
        raise NotImplementedError

    def flow_back(self, flow: Flow, first: bool) -> None:
        """Add the arrays of the way back; the first layer has nobody to tell ∂L/∂x."""
        flow.da = self.engine.zeros(flow.a.shape)
        flow.delta = self.engine.zeros(flow.z.shape)
        flow.dx = None if first else self.engine.zeros(flow.x.shape)

    def forward(self, flow: Flow, training: bool) -> None:
        """flow.a ← the layer's answer to flow.x."""
        raise NotImplementedError

    def backward(self, flow: Flow, sinks: Mapping[str, Sink], fused: bool) -> None:
        """flow.dx and the sinks ← from flow.da; or from flow.delta, if `fused` with the loss."""
        raise NotImplementedError

    @property
    def activation_name(self) -> str:
        """The activation that gave `flow.a`, for a loss to be fused with."""
        return "identity"


@dataclass(eq=False)
class Dense(Layer):
    """Every unit sees every input:  z = x Wᵀ + b,  a = f(z).

    Parameters: weight W (U, I), one row a unit, so that a row of 784 is an image of 28×28; and
    bias b (U,). Inputs of any shape are read as one flat row an example.
    """

    weights = ("weight",)
    units: int = integer(low=1, high=65_536)
    activation: str | Activation = choice(ACTIVATIONS, "sigmoid")

    def build(
        self, engine: Engine, shape: Shape, initializer: Initializer, rng: np.random.Generator
    ) -> Shape:
        self.engine, self._f = engine, resolve(self.activation)
        inputs = math.prod(shape)
        self._draw(initializer, rng, (self.units, inputs), inputs, self.units)
        return (self.units,)

    def _draw(
        self,
        initializer: Initializer,
        rng: np.random.Generator,
        shape: Shape,
        fan_in: int,
        fan_out: int,
    ) -> None:
        """Make weight (one row a unit) and bias, and let them begin as the initialiser says."""
        for name, draw, size in (
            ("weight", initializer.weight, shape),
            ("bias", initializer.bias, shape[:1]),
        ):
            self.parameters[name] = self.engine.zeros(size)
            self.engine.load(draw(rng, size, fan_in, fan_out), self.parameters[name])
        self.weight, self.bias = self.parameters["weight"], self.parameters["bias"]

    def flow(self, x: Array) -> Flow:
        batch = x.shape[0]
        x = self.engine.view(x, (batch, self.weight.shape[1]))
        z, a = (self.engine.zeros((batch, self.units)) for _ in range(2))
        return Flow(x, z, a)

    def forward(self, flow: Flow, training: bool) -> None:
        """z = x Wᵀ + b,  a = f(z)."""
        self.engine.affine(flow.x, self.weight, self.bias, self._f, flow.z, flow.a)

    def backward(self, flow: Flow, sinks: Mapping[str, Sink], fused: bool) -> None:
        """δ = ∂L/∂a ⊙ f′(z);  ∂L/∂W = δᵀ x,  ∂L/∂b = Σₑ δ[e],  ∂L/∂x = δ W."""
        if not fused:
            self.engine.activate_backward(self._f, flow.z, flow.a, flow.da, flow.delta)
        self.engine.affine_backward(
            flow.x, self.weight, flow.delta, flow.dx, sinks["weight"], sinks["bias"]
        )

    @property
    def activation_name(self) -> str:
        return self._f.name


def resolve(activation: str | Activation) -> Activation:
    """An activation by name, or itself: both may be given to a layer."""
    return ACTIVATIONS[activation] if isinstance(activation, str) else activation


LAYERS: dict[str, type[Any]] = {"dense": Dense}
