"""The protocol between a network and whatever does its arithmetic.

A few primitives are the engine's own. All that a network asks for is built on them once, here and
in the files that hold the maths; an engine that can do a larger piece at once, such as `affine`,
overrides that method.

What an engine may rely on:

- Arrays are row-major, of the engine's own making and opaque to everybody else: outside, only
  `.shape` and `numpy.asarray(array)` are used. float32, but float64 in the python engine.
- Results go into arrays that live as long as the network: the same call comes with the same
  arrays step after step, so an address may be taken once.
- A formula is a function of `m` and then numbers: `m.exp`, `m.maximum` and the like belong to the
  engine, which may pass whole arrays in place of the numbers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

Array = Any  # an engine's own array
Number = Any  # a number or a whole array of them, as the engine prefers
Formula = Callable[..., Any]  # (m, *numbers) → a number, or several


@dataclass(slots=True, eq=False)
class Sink:
    """Where a gradient g goes: array ← alpha·g + beta·array.

    A plain buffer has alpha 1 and beta 0. Plain SGD passes the parameter itself with alpha −η
    and beta 1, which saves a pass over the weights; momentum its velocity, with beta μ.
    """

    array: Array
    alpha: float = 1.0
    beta: float = 0.0


@dataclass(frozen=True)
class Window:
    """A square window that slides over images (B, height, width, channels)."""

    height: int
    width: int
    channels: int
    size: int
    stride: int = 1
    padding: int = 0  # rows and columns of zeros around the image

    @property
    def rows(self) -> int:
        """Positions of the window from top to bottom."""
        return (self.height + 2 * self.padding - self.size) // self.stride + 1

    @property
    def columns(self) -> int:
        """Positions of the window from left to right."""
        return (self.width + 2 * self.padding - self.size) // self.stride + 1


@runtime_checkable
class Nonlinearity(Protocol):
    """What an engine sees of an activation (`glassnet.activations`)."""

    @property
    def name(self) -> str: ...
    def forward(self, engine: Engine, z: Array, a: Array) -> None: ...
    def backward(self, engine: Engine, z: Array, a: Array, da: Array, delta: Array) -> None: ...


class Criterion(Protocol):
    """What an engine sees of a loss (`glassnet.losses`)."""

    @property
    def name(self) -> str: ...
    @property
    def formula(self) -> str: ...  # of the gradient
    def measure(self, engine: Engine, z: Array, a: Array, y: Array, out: Array | None) -> float: ...


class Engine(ABC):
    """One way to do a network's arithmetic. M, K, N, C stand for sizes; n for rows.

    Scalars, such as a loss, may live where the arrays live: then the engine hands out stand-ins
    for them, which `read` turns into numbers, and a run asks only so often.
    """

    name: str
    dtype: str  # of its numbers: "float32" or "float64"
    steps_between_reads: ClassVar[int] = 1  # 1: scalars are numbers at once
    unfolds: ClassVar[bool] = True  # False: `convolve` and `pool_images` do all, without `unfold`

    # The primitives --------------------------------------------------------------------------

    @abstractmethod
    def zeros(self, shape: Sequence[int]) -> Array:
        """A new array of zeros."""

    @abstractmethod
    def view(self, array: Array, shape: Sequence[int]) -> Array:
        """The same numbers in another shape; the memory is shared."""

    @abstractmethod
    def load(self, values: Any, out: Array) -> None:
        """out ← a C-contiguous numpy array of float32 or float64, of as many numbers."""

    @abstractmethod
    def gather(self, images: Any, rows: Any, out: Array) -> None:
        """out ← images[rows] / 255, for uint8 images (n, ...) and integers rows (B,)."""

    @abstractmethod
    def one_hot(self, labels: Any, out: Array) -> None:
        """out[e, k] ← 1 where k = labels[e], else 0; uint8 labels (B,)."""

    @abstractmethod
    def argmax(self, a: Array) -> Any:
        """The column of each row's first largest number."""

    @abstractmethod
    def finite(self, array: Array) -> bool:
        """Whether no number is NaN or infinite."""

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
        """out ← alpha · op(a) op(b) + beta · out, (M, K)·(K, N) → (M, N); op may transpose."""

    @abstractmethod
    def map(self, out: Array, formula: Formula, *arrays: Array) -> None:
        """out ← formula(m, ...), number by number. An array of shape (C,) counts for every row
        of an out (..., C), one of shape (n, 1) for every column of an out (n, C)."""

    @abstractmethod
    def update(self, rule: Formula, numbers: tuple[float, ...], *arrays: Array) -> None:
        """The first of `arrays` ← rule(m, ..., *numbers), which gives as many as it changes."""

    @abstractmethod
    def total(self, formula: Formula, *arrays: Array) -> float:
        """Σ formula(m, ...) over all numbers."""

    @abstractmethod
    def row_sums(self, formula: Formula, *arrays: Array) -> Array:
        """Σ formula(m, ...) along each row: (n, C) → a new (n, 1)."""

    @abstractmethod
    def row_maxima(self, array: Array) -> Array:
        """The largest number of each row: (n, C) → a new (n, 1)."""

    @abstractmethod
    def column_sums(self, array: Array, out: Array, alpha: float = 1.0, beta: float = 0.0) -> None:
        """out ← alpha · Σ rows + beta · out: (n, C) → (C,)."""

    @abstractmethod
    def unfold(self, images: Array, window: Window, out: Array) -> None:
        """What the window sees at each position, as a row: (B, height, width, C) → (n, size²·C)
        for n = B·rows·columns (im2col; Chellapilla, Puri, Simard 2006)."""

    @abstractmethod
    def fold(self, rows: Array, window: Window, out: Array) -> None:
        """The transpose of unfold: every number is added to the pixel it was read from."""

    @abstractmethod
    def pool(self, seen: Array, out: Array, winner: Array | None) -> None:
        """(n, size², C) → (n, C): the largest, `winner` telling which (the first, if several);
        without `winner` the mean."""

    @abstractmethod
    def pool_backward(self, dout: Array, winner: Array | None, dseen: Array) -> None:
        """The transpose of pool: to the winner all, or to each its part."""

    # Engines whose numbers are far away ---------------------------------------------------------

    def read(self, scalars: Sequence[Any]) -> list[float]:
        """The numbers that `total`, `loss` and `correct` stand for."""
        return list(scalars)

    async def settled(self) -> None:  # noqa: B027 (nothing to wait for is an answer)
        """Wait until all that was asked of the engine is computed, and can be read at once."""

    # What networks ask for: an engine may do these at once -----------------------------------

    def quiet(self) -> AbstractContextManager[None]:
        """Within it, overflow and NaN are no news: whoever computes looks at the results."""
        return nullcontext()

    def correct(self, a: Array, y: Array) -> int:
        """How many rows of `a` have their largest number where `y` has its."""
        return sum(int(i == j) for i, j in zip(self.argmax(a), self.argmax(y), strict=True))

    def add_bias(self, z: Array, bias: Array) -> None:
        """z ← z + b, for every row."""
        self.map(z, lambda m, z, b: z + b, z, bias)

    def affine(
        self, x: Array, weight: Array, bias: Array, f: Nonlinearity, z: Array, a: Array
    ) -> bool:
        """All of `Affine.forward_affine` in one call, if this engine can: whether it did.

        x (B, I), W (U, I), b (U,), z and a (B, U).
        """
        return False

    def activation_backward(
        self, activation: Nonlinearity, z: Array, a: Array, da: Array, delta: Array
    ) -> None:
        """δ ← ∂L/∂z, from da = ∂L/∂a."""
        activation.backward(self, z, a, da, delta)

    def affine_backward(
        self, x: Array, weight: Array, delta: Array, dx: Array | None, into: Sink, bias_into: Sink
    ) -> bool:
        """All of `Affine.backward_affine` in one call, if this engine can: whether it did."""
        return False

    def convolve(
        self, x: Array, window: Window, w: Array, b: Array, f: Nonlinearity, z: Array, a: Array
    ) -> bool:
        """All of `Conv2D.forward` in one call, if this engine can: whether it did.

        x (B, height, width, C), W (U, size²·C), b (U,), z and a (n, U).
        """
        return False

    def convolve_backward(
        self, x: Array, window: Window, w: Array, delta: Array, dx: Array | None, dw: Sink, db: Sink
    ) -> bool:
        """From δ on, all of `Conv2D.backward` in one call, if this engine can: whether it did."""
        return False

    def pool_images(self, x: Array, window: Window, a: Array, winner: Array | None) -> bool:
        """unfold and pool in one call, if this engine can: whether it did."""
        return False

    def pool_images_backward(
        self, da: Array, window: Window, winner: Array | None, dx: Array
    ) -> bool:
        """pool_backward and fold in one call, if this engine can: whether it did."""
        return False

    def loss(self, criterion: Criterion, z: Array, a: Array, y: Array, out: Array | None) -> float:
        """The batch's mean loss; its gradient goes to `out`, unless that is None."""
        return criterion.measure(self, z, a, y, out)

    def accumulate(self, gradient: Array, into: Sink) -> None:
        """The sink takes a gradient that was made elsewhere."""
        alpha, beta = into.alpha, into.beta
        if beta == 0:
            self.map(into.array, lambda m, g: alpha * g, gradient)
        else:
            self.map(into.array, lambda m, g, old: alpha * g + beta * old, gradient, into.array)
