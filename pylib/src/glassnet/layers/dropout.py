"""Dropout: training with a different random part of the network at every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glassnet.engines import Array, Engine
from glassnet.formulas import formulas
from glassnet.initializers import Start
from glassnet.layers.base import Flow, Layer, Shape, Sinks
from glassnet.options import number


@dataclass(eq=False)
class Dropout(Layer):
    """While training, each number is dropped with probability `rate`; those that stay are scaled up
    so that their sum is the same on average (Srivastava et al., JMLR 15, 2014)."""

    rate: float = number(0.5, low=0, high=0.99)

    def build(self, engine: Engine, shape: Shape, start: Start) -> Shape:
        self.engine, self._rng = engine, start.rng
        return shape

    def flow(self, x: Array) -> Flow:
        a, mask = (self.engine.zeros(x.shape) for _ in range(2))
        return Flow(x, a, a, forward_arrays={"mask": mask})

    @formulas("mask = 1[u ≥ rate]/(1 − rate), u from U(0, 1);  a = x ⊙ mask")
    def forward(self, flow: Flow, training: bool) -> None:
        mask, rate = flow.forward_arrays["mask"], self.rate if training else 0.0
        if training:
            self.engine.load(self._rng.random(mask.shape, np.float32), mask)
        self.engine.map(mask, lambda m, u: (u >= rate) / (1.0 - rate), mask)
        self.engine.map(flow.a, lambda m, x, mask: x * mask, flow.x, mask)

    @formulas("∂L/∂x = ∂L/∂a ⊙ mask")
    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        if flow.dx is not None:
            self.engine.map(
                flow.dx, lambda m, da, mask: da * mask, flow.da, flow.forward_arrays["mask"]
            )
