"""Layers that look at images through a window: convolution and pooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from glassnet.activations import ACTIVATIONS
from glassnet.engines import Array, Engine, Window
from glassnet.engines.base import Nonlinearity
from glassnet.errors import ShapeError
from glassnet.formulas import formulas
from glassnet.initializers import Start
from glassnet.layers.base import Flow, Layer, Shape, Sinks
from glassnet.layers.dense import Affine
from glassnet.options import choice, integer


@dataclass(eq=False)
class Conv2D(Affine):
    """A dense layer that looks through a window, with the same weights wherever it stands.

    `unfold` lays what the window sees at each of its n = B · rows · columns positions into a row s,
    and then z = s Wᵀ + b as ever (LeCun et al. 1989).  Weight W is (filters, size, size, channels).
    """

    filters: int = integer(low=1, high=4096)
    size: int = integer(low=1, high=64)
    stride: int = integer(1, low=1, high=64)
    padding: int = integer(0, low=0, high=63)
    activation: str | Nonlinearity = choice(ACTIVATIONS, "relu", accepts=Nonlinearity)

    def build(self, engine: Engine, shape: Shape, start: Start) -> Shape:
        self.engine = engine
        self._window = window = window_on(shape, self.size, self.stride, self.padding)
        area = self.size * self.size
        units, inputs, fan_out = self.filters, area * window.channels, area * self.filters
        self._begin(start, self.activation, units, inputs, fan_out)
        self.stored_shapes["weight"] = (units, self.size, self.size, window.channels)
        return (window.rows, window.columns, units)

    def flow(self, x: Array) -> Flow:
        batch, window = x.shape[0], self._window
        x = self.engine.view(x, (batch, window.height, window.width, window.channels))
        n = batch * window.rows * window.columns
        z, a = (self.engine.zeros((n, self.filters)) for _ in range(2))
        return Flow(x, z, a, forward_arrays={"s": seen(self.engine, n, self.weight.shape[1])})

    def flow_back(self, flow: Flow, da: Array, first: bool) -> None:
        super().flow_back(flow, da, first)
        flow.backward_arrays["ds"] = None if first else like(self.engine, flow.forward_arrays["s"])

    @formulas("s = unfold(x);  z = s Wᵀ + b;  a = f(z)")
    def forward(self, flow: Flow, training: bool) -> None:
        engine, window, s = self.engine, self._window, flow.forward_arrays["s"]
        if engine.convolve(flow.x, window, self.weight, self.bias, self.f, flow.z, flow.a):
            return  # it has done all of it in one call, and s is never written down
        engine.unfold(flow.x, window, s)
        self.forward_affine(s, flow.z, flow.a)

    @formulas(
        "δ = ∂L/∂a ⊙ f′(z);  ∂L/∂W = δᵀ s;  ∂L/∂b = Σₙ δₙ;  ∂L/∂s = δ W;  ∂L/∂x = fold(∂L/∂s)"
    )
    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        if not fused:
            self.engine.activation_backward(self.f, flow.z, flow.a, flow.da, flow.delta)
        engine, window, weight, bias = self.engine, self._window, sinks["weight"], sinks["bias"]
        if engine.convolve_backward(flow.x, window, self.weight, flow.delta, flow.dx, weight, bias):
            return  # it has done the rest in one call
        s, ds = flow.forward_arrays["s"], flow.backward_arrays["ds"]
        self.backward_affine(s, flow.delta, ds, sinks)
        if flow.dx is not None:
            engine.fold(ds, window, flow.dx)


@dataclass(eq=False)
class MaxPool2D(Layer):
    """The largest number in each window, channel by channel. Only that one hears ∂L/∂a."""

    size: int = integer(2, low=1, high=64)
    stride: int = integer(0, low=0, high=64)  # 0: as the size, so that windows touch
    largest: ClassVar[bool] = True

    def build(self, engine: Engine, shape: Shape, start: Start) -> Shape:
        self.engine = engine
        self._window = window = window_on(shape, self.size, self.stride or self.size, 0)
        return (window.rows, window.columns, window.channels)

    def flow(self, x: Array) -> Flow:
        batch, window = x.shape[0], self._window
        x = self.engine.view(x, (batch, window.height, window.width, window.channels))
        n = batch * window.rows * window.columns
        s = seen(self.engine, n, window.size * window.size, window.channels)
        a, winner = (self.engine.zeros((n, window.channels)) for _ in range(2))
        return Flow(x, a, a, forward_arrays={"s": s, "winner": winner if self.largest else None})

    def flow_back(self, flow: Flow, da: Array, first: bool) -> None:
        super().flow_back(flow, da, first)
        flow.backward_arrays["ds"] = None if first else like(self.engine, flow.forward_arrays["s"])

    @formulas("s = unfold(x);  a = max(s)")
    def forward(self, flow: Flow, training: bool) -> None:
        engine, s, winner = self.engine, flow.forward_arrays["s"], flow.forward_arrays["winner"]
        if engine.pool_images(flow.x, self._window, flow.a, winner):
            return  # it has done both in one call
        engine.unfold(flow.x, self._window, s)
        engine.pool(s, flow.a, winner)

    @formulas("∂L/∂s = ∂L/∂a ⊙ 1[s is the largest];  ∂L/∂x = fold(∂L/∂s)")
    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        engine, window, winner = self.engine, self._window, flow.forward_arrays["winner"]
        if flow.dx is None or engine.pool_images_backward(flow.da, window, winner, flow.dx):
            return  # nobody asks, or it has done both in one call
        ds = flow.backward_arrays["ds"]
        engine.pool_backward(flow.da, winner, ds)
        engine.fold(ds, window, flow.dx)


@dataclass(eq=False)
class AveragePool2D(MaxPool2D):
    """The mean of each window, channel by channel. Each number hears its part of ∂L/∂a."""

    largest = False

    @formulas("s = unfold(x);  a = 1/size² Σ s")
    def forward(self, flow: Flow, training: bool) -> None:
        super().forward(flow, training)

    @formulas("∂L/∂s = 1/size² ∂L/∂a;  ∂L/∂x = fold(∂L/∂s)")
    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        super().backward(flow, sinks, fused)


def seen(engine: Engine, *shape: int) -> Array | None:
    """Room for what a window sees, unless the engine looks through it without."""
    return engine.zeros(shape) if engine.unfolds else None


def like(engine: Engine, array: Array | None) -> Array | None:
    """Another array of that shape."""
    return None if array is None else engine.zeros(array.shape)


def window_on(shape: Shape, size: int, stride: int, padding: int) -> Window:
    """The window of a layer on images of `shape`, (height, width) or (height, width, channels).

    Raises:
        ShapeError: that is no image, or the window is larger than the padded image.
    """
    if len(shape) not in (2, 3):
        raise ShapeError("a window", "an image, (height, width, channels)", f"shape {shape}")
    height, width, channels = (*shape, 1)[:3]
    if size > min(height, width) + 2 * padding:
        raise ShapeError(f"a window of {size}×{size}", "an image at least as large", f"{shape}")
    return Window(height, width, channels, size, stride, padding)
