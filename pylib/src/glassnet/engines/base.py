"""The protocol between a network and whatever does its arithmetic.

A layer says *what* is computed; an engine says *how*, on arrays of its own. The operations are
as large as a layer's step (product, bias and activation in one), so that an engine may fuse
them; those with a body below are correct for every engine and may be overridden by a faster one.

What an engine may rely on:

- Arrays are row-major float32 (the python engine: float64), made by this engine, and opaque to
  everybody else: only `.shape` and `numpy.asarray(array)` are used outside.
- Outputs are written in place, into buffers that live as long as the network: the same call
  comes with the same arrays step after step, so their addresses may be taken once.
- Notation: B examples a batch, I inputs and U units of a layer; W is (U, I), b is (U,), x is
  (B, I); z = x Wᵀ + b and a = f(z) are (B, U); δ = ∂L/∂z. Gradients are means over the batch,
  because the loss's gradient already carries the factor 1/B.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Array = Any  # an engine's own array


@dataclass(slots=True)
class Sink:
    """Where a gradient g goes: array ← alpha·g + beta·array.

    A plain buffer has alpha 1 and beta 0. Plain SGD passes the parameter itself with alpha −η
    and beta 1, and so saves a pass over the weights; momentum passes its velocity with beta μ.
    """

    array: Array
    alpha: float = 1.0
    beta: float = 0.0


class Activation(Protocol):
    """What an engine needs to know of an activation; see `glassnet.activations`.

    `f(z, m)` and `df(z, a, m)` are written once, with `m.exp` and the like, and called with a
    whole array or with one number, as the engine prefers. `rows` marks softmax, which is no
    function of one number.
    """

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> bool: ...
    @property
    def f(self) -> Callable[[Any, Any], Any]: ...
    @property
    def df(self) -> Callable[[Any, Any, Any], Any]: ...


class Terms(Protocol):
    """One output's part of a loss, term(z, a, y, m), and its gradient; see `glassnet.losses`."""

    @property
    def name(self) -> str: ...
    @property
    def term(self) -> Callable[[Any, Any, Any, Any], Any]: ...
    @property
    def gradient(self) -> Callable[[Any, Any, Any, Any], Any]: ...


class Engine(ABC):
    """One way to do the arithmetic of a network."""

    name: str
    dtype: str  # of its numbers: "float32" or "float64"

    # Arrays ------------------------------------------------------------------------------

    @abstractmethod
    def zeros(self, shape: Sequence[int]) -> Array:
        """A new array of zeros."""

    @abstractmethod
    def view(self, array: Array, shape: Sequence[int]) -> Array:
        """The same numbers in another shape; the memory is shared."""

    @abstractmethod
    def load(self, values: Any, out: Array) -> None:
        """out ← values: a C-contiguous buffer of float32 or float64, of as many numbers."""

    @abstractmethod
    def gather(self, images: Any, rows: Any, out: Array) -> None:
        """out ← images[rows] / 255, for uint8 `images` (n, ...) and integer `rows` (B,)."""

    @abstractmethod
    def one_hot(self, labels: Any, out: Array) -> None:
        """out[e, k] ← 1 where k = labels[e], else 0.  labels: uint8 (B,); out: (B, classes)."""

    @abstractmethod
    def argmax(self, a: Array) -> Any:
        """The column of each row's largest number, as B integers."""

    @abstractmethod
    def finite(self, array: Array) -> bool:
        """Whether no number is NaN or infinite."""

    # Dense layers ------------------------------------------------------------------------

    @abstractmethod
    def product(
        self,
        a: Array,
        b: Array,
        out: Array,
        transpose_a: bool = False,
        transpose_b: bool = False,
        alpha: float = 1.0,
        beta: float = 0.0,
    ) -> None:
        """out ← alpha · op(a) op(b) + beta · out, where op may transpose.  (M,K)·(K,N) → (M,N)"""

    @abstractmethod
    def add_bias(self, z: Array, bias: Array) -> None:
        """z[e] ← z[e] + bias, for every row."""

    @abstractmethod
    def column_sums(self, delta: Array, out: Array, alpha: float, beta: float) -> None:
        """out ← alpha · Σₑ delta[e] + beta · out."""

    @abstractmethod
    def activate(self, activation: Activation, z: Array, a: Array) -> None:
        """a ← f(z)."""

    @abstractmethod
    def activate_backward(
        self, activation: Activation, z: Array, a: Array, da: Array, delta: Array
    ) -> None:
        """δ ← ∂L/∂a ⊙ f′(z); for softmax, whose outputs depend on the whole row,
        δ ← a ⊙ (∂L/∂a − Σₖ aₖ ∂L/∂aₖ)."""

    def affine(
        self, x: Array, weight: Array, bias: Array, activation: Activation, z: Array, a: Array
    ) -> None:
        """z ← x Wᵀ + b;  a ← f(z)."""
        self.product(x, weight, z, transpose_b=True)
        self.add_bias(z, bias)
        self.activate(activation, z, a)

    def affine_backward(
        self,
        x: Array,
        weight: Array,
        delta: Array,
        dx: Array | None,
        weight_sink: Sink,
        bias_sink: Sink,
    ) -> None:
        """∂L/∂x ← δ W;  ∂L/∂W = δᵀ x and ∂L/∂b = Σₑ δ[e] go to their sinks.

        In this order: a sink may be the weight itself, and ∂L/∂x needs the old one.
        """
        if dx is not None:
            self.product(delta, weight, dx)
        self.product(
            delta, x, weight_sink.array, True, False, alpha=weight_sink.alpha, beta=weight_sink.beta
        )
        self.column_sums(delta, bias_sink.array, bias_sink.alpha, bias_sink.beta)

    # Losses ------------------------------------------------------------------------------

    @abstractmethod
    def loss(self, terms: Terms, z: Array, a: Array, y: Array, out: Array | None) -> float:
        """The batch's mean loss, 1/B Σₑ Σₖ term; out ← its gradient, unless None is passed."""

    @abstractmethod
    def softmax_cross_entropy(self, z: Array, a: Array, y: Array, delta: Array | None) -> float:
        """1/B Σₑ (ln Σₖ exp zₑₖ − Σₖ yₑₖ zₑₖ), never the logarithm of a rounded zero;
        δ ← (a − y) / B, unless None is passed."""

    # Optimisers --------------------------------------------------------------------------

    @abstractmethod
    def update(self, rule: Callable[..., tuple[Any, ...]], *arrays: Array) -> None:
        """Apply an optimiser's rule: rule(m, *arrays) gives the new values of the first arrays."""
