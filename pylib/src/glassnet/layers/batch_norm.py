"""Batch normalisation: every channel with mean 0 and variance 1, whatever the layers before do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glassnet.engines import Array, Engine
from glassnet.formulas import formulas
from glassnet.initializers import Start
from glassnet.layers.base import Flow, Layer, Shape, Sinks, as_rows
from glassnet.options import number

EPSILON = 1e-5  # keeps a constant channel from being divided by zero


@dataclass(eq=False)
class BatchNorm(Layer):
    """Each channel brought to mean 0 and variance 1 over the batch (and over all places of an
    image), then to whatever γ and β learn:  x̂ = (x − μ)/√(σ² + ε),  a = γ x̂ + β.

    Outside training, μ and σ² are running means of what training saw, `momentum` new to 1 −
    `momentum` old (Ioffe, Szegedy 2015; the running variance is the unbiased one, of which a batch
    with one number a channel tells nothing).
    """

    direct = True
    momentum: float = number(0.1, low=0, high=1)

    def build(self, engine: Engine, shape: Shape, start: Start) -> Shape:
        self.engine = engine
        names = ("gamma", "beta", "running_mean", "running_var")
        values = {name: engine.zeros(shape[-1:]) for name in names}
        for name in ("gamma", "running_var"):
            engine.load(np.ones(shape[-1:]), values[name])
        self.gamma, self.beta, self._mean, self._var = values.values()
        self.parameters = {"gamma": self.gamma, "beta": self.beta}
        self.memory = {"running_mean": self._mean, "running_var": self._var}
        return shape

    def flow(self, x: Array) -> Flow:
        x = as_rows(self.engine, x)
        a, xhat = (self.engine.zeros(x.shape) for _ in range(2))
        mean, var = (self.engine.zeros(self.gamma.shape) for _ in range(2))
        return Flow(x, a, a, forward_arrays={"mean": mean, "var": var, "xhat": xhat})

    def flow_back(self, flow: Flow, da: Array, first: bool) -> None:
        super().flow_back(flow, da, first)
        names = {"products": flow.a, "dgamma": self.gamma, "dbeta": self.beta}
        flow.backward_arrays = {name: self.engine.zeros(like.shape) for name, like in names.items()}

    @formulas(
        "μ = 1/n Σₙ xₙ;  σ² = 1/n Σₙ (xₙ − μ)²;  x̂ = (x − μ)/√(σ² + ε);  a = γ x̂ + β;  "
        "μ̄ ← (1 − m) μ̄ + m μ;  σ̄² ← (1 − m) σ̄² + m n/(n − 1) σ²"
    )
    def forward(self, flow: Flow, training: bool) -> None:
        engine, x, xhat, n = self.engine, flow.x, flow.forward_arrays["xhat"], flow.x.shape[0]
        mean, var = self._mean, self._var
        if training:
            mean, var = flow.forward_arrays["mean"], flow.forward_arrays["var"]
            engine.column_sums(x, mean, alpha=1 / n)
            engine.map(xhat, lambda m, x, mean: (x - mean) * (x - mean), x, mean)
            engine.column_sums(xhat, var, alpha=1 / n)
            self._remember(mean, var, n)
        engine.map(xhat, lambda m, x, mean, var: (x - mean) / m.sqrt(var + EPSILON), x, mean, var)
        engine.map(flow.a, lambda m, xhat, g, b: g * xhat + b, xhat, self.gamma, self.beta)

    def _remember(self, mean: Array, var: Array, n: int) -> None:
        new, blend = self.momentum, self.engine.map
        blend(self._mean, lambda m, old, now: (1 - new) * old + new * now, self._mean, mean)
        if n == 1:
            return
        unbiased = new * n / (n - 1)
        blend(self._var, lambda m, old, now: (1 - new) * old + unbiased * now, self._var, var)

    @formulas(
        "∂L/∂γ = Σₙ ∂L/∂aₙ ⊙ x̂ₙ;  ∂L/∂β = Σₙ ∂L/∂aₙ;  "
        "∂L/∂x = γ/√(σ² + ε) ⊙ (∂L/∂a − 1/n ∂L/∂β − 1/n x̂ ⊙ ∂L/∂γ), for μ and σ² depend on x too"
    )
    def backward(self, flow: Flow, sinks: Sinks, fused: bool) -> None:
        engine, da, n = self.engine, flow.da, flow.x.shape[0]
        xhat, var = flow.forward_arrays["xhat"], flow.forward_arrays["var"]
        dgamma, dbeta = flow.backward_arrays["dgamma"], flow.backward_arrays["dbeta"]
        engine.map(flow.backward_arrays["products"], lambda m, da, xhat: da * xhat, da, xhat)
        engine.column_sums(flow.backward_arrays["products"], dgamma)
        engine.column_sums(da, dbeta)
        if flow.dx is not None:
            engine.map(
                flow.dx,
                lambda m, da, xhat, gamma, var, dgamma, dbeta: (
                    gamma / m.sqrt(var + EPSILON) * (da - dbeta / n - xhat * dgamma / n)
                ),
                *(da, xhat, self.gamma, var, dgamma, dbeta),
            )
        engine.accumulate(dgamma, sinks["gamma"])
        engine.accumulate(dbeta, sinks["beta"])
