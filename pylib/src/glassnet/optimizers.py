"""Optimisers: what a step does with a gradient.

θ is a parameter, g = ∂L/∂θ the batch's mean gradient, η the learning rate, t the step, from 1.

An optimiser says beforehand where each gradient goes (a `Sink`), and completes the step after the
backward pass by its rule. Plain SGD and momentum need not see g by itself: the matrix product that
makes it adds it where it belongs, and so saves a pass over the weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from glassnet.engines import Array, Engine, Number, Sink
from glassnet.formulas import formulas
from glassnet.options import Options, number


@formulas("θ ← θ − η g")
def sgd(m: Any, θ: Number, g: Number, η: float) -> tuple[Number, ...]:
    """Robbins, Monro 1951."""
    return (θ - η * g,)


@formulas("v ← μ v + g;  θ ← θ − η v")
def momentum(m: Any, θ: Number, v: Number, g: Number, η: float, μ: float) -> tuple[Number, ...]:
    """Polyak 1964."""
    v = μ * v + g
    return θ - η * v, v


@formulas("v ← μ v + g;  θ ← θ − η (g + μ v)")
def nesterov(m: Any, θ: Number, v: Number, g: Number, η: float, μ: float) -> tuple[Number, ...]:
    """Nesterov 1983; Sutskever et al. 2013."""
    v = μ * v + g
    return θ - η * (g + μ * v), v


@formulas("r ← ρ r + (1 − ρ) g²;  θ ← θ − η g/(√r + ε)")
def rmsprop(m: Any, θ: Number, r: Number, g: Number, η: float, ρ: float) -> tuple[Number, ...]:
    """Tieleman, Hinton 2012."""
    r = ρ * r + (1 - ρ) * g * g
    return θ - η * g / (m.sqrt(r) + EPSILON), r


@formulas(
    "v ← β₁ v + (1 − β₁) g;  r ← β₂ r + (1 − β₂) g²;  "
    "θ ← θ − η v̂/(√r̂ + ε) − η λ θ, with v̂ = v/(1 − β₁ᵗ) and r̂ = r/(1 − β₂ᵗ)"
)
def adam(
    m: Any, θ: Number, v: Number, r: Number, g: Number,
    η: float, β1: float, β2: float, t: int, λ: float,
) -> tuple[Number, ...]:  # fmt: skip
    """Kingma, Ba 2015; λ, the decay kept apart from the gradient: Loshchilov, Hutter 2019."""
    v = β1 * v + (1 - β1) * g
    r = β2 * r + (1 - β2) * g * g
    root = m.sqrt(r / (1 - β2**t)) + EPSILON
    return θ - η * v / (1 - β1**t) / root - η * λ * θ, v, r


EPSILON = 1e-8


@formulas("g ← g + λ₁ sign(θ) + λ₂ θ")
def penalty(m: Any, g: Number, θ: Number, l1: float, l2: float) -> tuple[Number, ...]:
    return (g + l1 * m.sign(θ) + l2 * θ,)


@formulas("g ← factor · g")
def scale(m: Any, g: Number, factor: float) -> tuple[Number, ...]:
    return (factor * g,)


@dataclass(eq=False)
class Optimizer(Options):
    """A rule for each step, and what has to be remembered from one to the next.

    Options: the learning rate `lr`; penalties `l2` (λ₂/2 Σ θ²) and `l1` (λ₁ Σ |θ|) on weights, not
    on biases, which enter g but not the loss that is told; `clip`: the largest norm that all
    gradients together may have, 0 for none (Pascanu, Mikolov, Bengio 2013).
    """

    rule: ClassVar[Callable[..., tuple[Number, ...]]]
    slots: ClassVar[tuple[str, ...]] = ()  # what is remembered of each parameter
    lr: float = number(low=0, high=1e6)
    l2: float = number(0.0, low=0, high=1e6)
    l1: float = number(0.0, low=0, high=1e6)
    clip: float = number(0.0, low=0, high=1e9)
    t: int = field(init=False, default=0)

    def attach(
        self,
        engine: Engine,
        parameters: Mapping[str, Array],
        decays: Collection[str],
        buffered: Collection[str] = (),
    ) -> None:
        """Take charge of parameters, once.

        Args:
            decays: the names of those that are penalised.
            buffered: those whose gradients have to go into buffers, where they can be seen.
        """
        self.engine, self.parameters, self.decays, self.rate = engine, parameters, decays, self.lr
        self.memory = {
            name: tuple(engine.zeros(θ.shape) for _ in self.slots) for name, θ in parameters.items()
        }
        seen = set(parameters if self.clip or self.l1 else buffered)
        unseen = [name for name in parameters if name not in seen]
        self.direct = {name: sink for name in unseen if (sink := self.sink(name))}
        self.gradients = {  # those that can be seen
            name: engine.zeros(θ.shape) for name, θ in parameters.items() if name not in self.direct
        }
        self.sinks = self.direct | {name: Sink(array) for name, array in self.gradients.items()}

    def sink(self, name: str) -> Sink | None:
        """Where the gradient of a parameter may go unseen; None: nowhere."""
        return None

    def numbers(self, name: str) -> tuple[float, ...]:
        """What the rule wants to know besides arrays."""
        return (self.rate,)

    def named(self) -> dict[str, Array]:
        """What is remembered, by name, as `optimizer.layers.0.weight.velocity`; live."""
        return {
            f"optimizer.{name}.{slot}": array
            for name, remembered in self.memory.items()
            for slot, array in zip(self.slots, remembered, strict=True)
        }

    def begin(self, factor: float) -> None:
        """Before the backward pass: a schedule multiplies the learning rate by `factor`."""
        self.rate = self.lr * factor

    def finish(self) -> None:
        """After the backward pass: penalties, clipping, and the rule for each parameter."""
        self.t += 1
        if self.l1 or self.l2:
            for name in [name for name in self.gradients if name in self.decays]:
                weights = self.parameters[name]
                self.engine.update(penalty, (self.l1, self.l2), self.gradients[name], weights)
        if self.clip:
            self._clip()
        for name, g in self.gradients.items():
            arrays = (self.parameters[name], *self.memory[name], g)
            self.engine.update(type(self).rule, self.numbers(name), *arrays)

    def _clip(self) -> None:
        squares = sum(self.engine.total(lambda m, g: g * g, g) for g in self.gradients.values())
        if math.sqrt(squares) > self.clip:
            for g in self.gradients.values():
                self.engine.update(scale, (self.clip / math.sqrt(squares),), g)


@dataclass(eq=False)
class SGD(Optimizer):
    """Stochastic gradient descent. Unseen, θ ← −η g + (1 − η λ₂) θ is part of the product."""

    rule = staticmethod(sgd)

    def sink(self, name: str) -> Sink:
        return Sink(self.parameters[name], *self._factors(name))

    def _factors(self, name: str) -> tuple[float, float]:
        return -self.rate, 1.0 - self.rate * (self.l2 if name in self.decays else 0.0)

    def begin(self, factor: float) -> None:
        before = self.rate
        super().begin(factor)
        if self.rate != before:
            for name, sink in self.direct.items():
                sink.alpha, sink.beta = self._factors(name)


@dataclass(eq=False)
class Momentum(Optimizer):
    """SGD with a heavy ball. Unseen, v ← g + μ v is part of the product."""

    rule = staticmethod(momentum)
    slots = ("velocity",)
    momentum: float = number(0.9, low=0, high=1)

    def sink(self, name: str) -> Sink | None:
        return None if self.l2 else Sink(self.memory[name][0], alpha=1.0, beta=self.momentum)

    def finish(self) -> None:
        super().finish()
        for name in self.direct:  # where v is complete already, θ ← θ − η v remains
            self.engine.update(sgd, (self.rate,), self.parameters[name], *self.memory[name])

    def numbers(self, name: str) -> tuple[float, ...]:
        return self.rate, self.momentum


@dataclass(eq=False)
class Nesterov(Momentum):
    """Momentum that looks ahead."""

    rule = staticmethod(nesterov)

    def sink(self, name: str) -> Sink | None:
        return None


@dataclass(eq=False)
class RMSProp(Optimizer):
    """Each number's step is divided by the recent size of its gradient."""

    rule = staticmethod(rmsprop)
    slots = ("square",)
    rho: float = number(0.9, low=0, high=1, formerly="decay")

    def numbers(self, name: str) -> tuple[float, ...]:
        return self.rate, self.rho


@dataclass(eq=False)
class Adam(Optimizer):
    """Momentum and RMSProp, both corrected for having begun at zero."""

    rule = staticmethod(adam)
    slots = ("velocity", "square")
    beta1: float = number(0.9, low=0, high=0.999999)
    beta2: float = number(0.999, low=0, high=0.999999)

    def numbers(self, name: str) -> tuple[float, ...]:
        return self.rate, self.beta1, self.beta2, self.t, 0.0


@dataclass(eq=False)
class AdamW(Adam):
    """Adam with a decay of the weights that the gradient's size does not weaken."""

    decay: float = number(0.01, low=0, high=1e6)

    def numbers(self, name: str) -> tuple[float, ...]:
        return *super().numbers(name)[:-1], self.decay if name in self.decays else 0.0


OPTIMIZERS: dict[str, type[Any]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}
