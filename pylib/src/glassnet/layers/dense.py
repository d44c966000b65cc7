"""Dense layers, and the two plain ones that go with them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from glassnet.activations import ACTIVATIONS
from glassnet.engines import Array, Engine
from glassnet.engines.base import Nonlinearity
from glassnet.formulas import formulas
from glassnet.initializers import Start
from glassnet.layers.base import Flow, Layer, Shape, Sinks, as_rows, resolve
from glassnet.options import choice, integer


@dataclass(eq=False)
class Affine(Layer):
    """What Dense and Conv2D share: weight W and bias b, one row a unit, and an activation f."""

    decays = ("weight",)
    direct = True

    def _begin(
        self, start: Start, activation: str | Nonlinearity, units: int, fan_in: int, fan_out: int
    ) -> None:
        self.f = resolve(activation)
        initializer = start.initializer
        for name, draw, shape in (
            ("weight", initializer.weight, (units, fan_in)),
            ("bias", initializer.bias, (units,)),
        ):
            self.parameters[name] = self.engine.zeros(shape)
            self.engine.load(draw(start.rng, shape, fan_in, fan_out), self.parameters[name])
        self.weight, self.bias = self.parameters["weight"], self.parameters["bias"]

    def flow_back(self, flow: Flow, da: Array, first: bool) -> None:
        super().flow_back(flow, da, first)
        flow.delta = self.engine.zeros(flow.z.shape)

    @formulas("z = x Wᵀ + b;  a = f(z)")
    def forward_affine(self, x: Array, z: Array, a: Array) -> None:
        engine = self.engine
        if engine.affine(x, self.weight, self.bias, self.f, z, a):
            return  # it has done all three in one call
        engine.product(x, self.weight, z, transpose_b=True)
        engine.add_bias(z, self.bias)
        self.f.forward(engine, z, a)

    @formulas("∂L/∂x = δ W;  ∂L/∂W = δᵀ x;  ∂L/∂b = Σₑ δₑ")
    def backward_affine(self, x: Array, delta: Array, dx: Array | None, sinks: Sinks) -> None:
        engine, weight, bias = self.engine, sinks["weight"], sinks["bias"]
        if engine.affine_backward(x, self.weight, delta, dx, weight, bias):
            return  # it has done all three in one call
        if dx is not None:  # first, for a sink may be the weight itself: this needs the old one
            engine.product(delta, self.weight, dx)
        engine.product(
            delta, x, weight.array, transpose_a=True, alpha=weight.alpha, beta=weight.beta
        )
        engine.column_sums(delta, bias.array, bias.alpha, bias.beta)

    @property
    def activation_name(self) -> str:
        return self.f.name


@dataclass(eq=False)
class Dense(Affine):
    """Every unit sees every input:  z = x Wᵀ + b,  a = f(z).

    Weight W is (units, inputs), so that a row of 784 is a 28×28 image; bias b is (units,).
    An input of more dimensions is read as one flat row an example.
    """

    units: int = integer(low=1, high=65_536)
    activation: str | Nonlinearity = choice(ACTIVATIONS, "sigmoid", accepts=Nonlinearity)

    def build(self, engine: Engine, shape: Shape, start: Start) -> Shape:
        self.engine = engine
        self._begin(start, self.activation, self.units, math.prod(shape), self.units)
        return (self.units,)

    def flow(self, x: Array) -> Flow:
        x = self.engine.view(x, (x.shape[0], self.weight.shape[1]))
        z, a = (self.engine.zeros((x.shape[0], self.units)) for _ in range(2))
        return Flow(x, z, a)

    @formulas("z = x Wᵀ + b;  a = f(z)")
    def forward(self, flow: Flow, training: bool) -> None:
        self.forward_affine(flow.x, flow.z, flow.a)

    @formulas("δ = ∂L/∂a ⊙ f′(z);  ∂L/∂W = δᵀ x;  ∂L/∂b = Σₑ δₑ;  ∂L/∂x = δ W")
    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        if not fused:  # with the loss, which has found δ already
            self.engine.activation_backward(self.f, flow.z, flow.a, flow.da, flow.delta)
        self.backward_affine(flow.x, flow.delta, flow.dx, sinks)


@dataclass(eq=False)
class Flatten(Layer):
    """An image as one row: the numbers stay where they are, and only their shape changes."""

    def build(self, engine: Engine, shape: Shape, start: Start) -> Shape:
        self.engine = engine
        return (math.prod(shape),)

    def flow(self, x: Array) -> Flow:
        a = self.engine.view(x, (x.shape[0], math.prod(x.shape[1:])))
        return Flow(x, a, a)

    def flow_back(self, flow: Flow, da: Array, first: bool) -> None:
        flow.da = flow.delta = da
        flow.dx = self.engine.view(da, flow.x.shape)

    @formulas("a = x")
    def forward(self, flow: Flow, training: bool) -> None:
        """Nothing is to be done: x and a are the same numbers."""

    @formulas("∂L/∂x = ∂L/∂a")
    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        """Nor here: ∂L/∂x and ∂L/∂a are the same numbers."""


@dataclass(eq=False)
class Activate(Layer):
    """An activation by itself, as it follows a BatchNorm: z = x, a = f(z)."""

    activation: str | Nonlinearity = choice(ACTIVATIONS, "relu", accepts=Nonlinearity)

    def flow(self, x: Array) -> Flow:
        self.f = resolve(self.activation)
        z = as_rows(self.engine, x)
        return Flow(z, z, self.engine.zeros(z.shape))

    def flow_back(self, flow: Flow, da: Array, first: bool) -> None:
        flow.da, flow.delta = da, self.engine.zeros(flow.z.shape)
        flow.dx = flow.delta

    @formulas("a = f(z)")
    def forward(self, flow: Flow, training: bool) -> None:
        self.f.forward(self.engine, flow.z, flow.a)

    @formulas("∂L/∂x = δ = ∂L/∂a ⊙ f′(z)")
    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        if not fused:
            self.engine.activation_backward(self.f, flow.z, flow.a, flow.da, flow.delta)

    @property
    def activation_name(self) -> str:
        return resolve(self.activation).name
