"""Are the gradients right? Asked of the loss itself, by finite differences.

A parameter is moved a little along a random direction v, forwards and backwards; the difference of
the losses over the way must be the projection of the gradient on v:

    (L(θ + εv) − L(θ − εv)) / 2ε  ≈  ⟨∂L/∂θ, v⟩      (an error of order ε²)

One number answers for the whole array: a gradient wrong anywhere has the right projection on a
random direction with probability zero. Where it is wrong is then found by halving: of the
direction's two halves, the one whose projection is further off has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Split
from glassnet.engines.numpy import NumpyEngine
from glassnet.errors import ShapeError
from glassnet.images import as_examples
from glassnet.network import Network

EPSILON = 1e-6
SMALL = 1e-5  # gradients below are compared by their difference alone

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Located:
    """A parameter's gradient, checked.

    Attributes:
        error: relative, of the whole array.
        index: of the entry that is furthest off.
        found: that entry as backpropagation has it.
        wanted: the same by finite differences.
    """

    error: float
    index: tuple[int, ...]
    found: float
    wanted: float


def gradcheck(
    network: Network,
    examples: Split | NDArray[Any],
    labels: NDArray[np.uint8] | None = None,
    seed: int = 0,
) -> dict[str, float]:
    """The relative error of the gradient of each parameter, by its name.

    Args:
        network: stays as it is. A twin of float64 numbers is checked: on its own engine, if that
            has them, or else on numpy's.
        examples: some of a data set, as `data.test[:8]`; or images as `Network.predict` takes
            them, and `labels`, uint8 (n,).

    Returns:
        |found − wanted| / max(|found|, |wanted|, SMALL): some 1e-8 where a gradient is right, more
        than 1e-4 where it is wrong, or where θ + εv lies beyond a kink of relu or max.
    """
    return {name: check.error() for name, check in _checks(network, examples, labels, seed)}


def locate_gradient_errors(
    network: Network,
    examples: Split | NDArray[Any],
    labels: NDArray[np.uint8] | None = None,
    seed: int = 0,
) -> dict[str, Located]:
    """As `gradcheck`, and for each parameter the entry whose gradient is furthest off."""
    return {name: check.locate() for name, check in _checks(network, examples, labels, seed)}


class _Check:
    """The gradient of one parameter, and the loss to ask."""

    def __init__(self, probe: _Probe, name: str, gradient: Floats, v: Floats) -> None:
        self.probe, self.name, self.gradient, self.v = probe, name, gradient, v

    def sides(self, v: Floats) -> tuple[float, float]:
        """The projection on v: of the gradient, and by finite differences."""
        return float((self.gradient * v).sum()), self.probe.slope(self.name, v)

    def error(self) -> float:
        found, wanted = self.sides(self.v)
        return abs(found - wanted) / max(abs(found), abs(wanted), SMALL)

    def locate(self) -> Located:
        left = np.arange(self.v.size)
        while len(left) > 1:
            halves = np.array_split(left, 2)
            left = max(halves, key=lambda half: abs(np.subtract(*self.sides(self._only(half)))))
        index = tuple(int(i) for i in np.unravel_index(left[0], self.v.shape))
        entry = np.zeros(self.v.shape)
        entry[index] = 1
        return Located(self.error(), index, *self.sides(entry))

    def _only(self, entries: NDArray[Any]) -> Floats:
        kept = np.zeros(self.v.size)
        kept[entries] = self.v.ravel()[entries]
        return kept.reshape(self.v.shape)


class _Probe:
    """The loss of a twin on some examples, as a function of its parameters."""

    def __init__(self, network: Network, x: Floats, labels: NDArray[np.uint8]) -> None:
        own = network.engine if network.engine.dtype == "float64" else NumpyEngine("float64")
        self.twin = network.copy_to(own)
        self.parameters = self.twin.parameters()
        self.work = self.twin.workspace(len(x), training=True)
        own.load(x, self.work.x)
        own.one_hot(labels, self.work.y)
        self._generator = self.twin.rng.bit_generator.state

    def loss(self) -> float:
        """Dropout drops the same every time."""
        self.twin.rng.bit_generator.state = self._generator
        self.twin.forward(self.work, training=True)
        return self.twin.engine.read([self.twin.measure_loss(self.work, training=True)])[0]

    def gradients(self) -> dict[str, NDArray[Any]]:
        self.loss()
        return self.twin.backpropagated(self.work)

    def slope(self, name: str, v: Floats) -> float:
        array, before = self.parameters[name], np.array(self.parameters[name])
        sides = []
        for sign in (1, -1):
            self.twin.engine.load(np.ascontiguousarray(before + sign * EPSILON * v), array)
            sides.append(self.loss())
        self.twin.engine.load(before, array)
        return (sides[0] - sides[1]) / (2 * EPSILON)


def _checks(
    network: Network,
    examples: Split | NDArray[Any],
    labels: NDArray[np.uint8] | None,
    seed: int,
) -> Iterator[tuple[str, _Check]]:
    images: NDArray[Any]
    if isinstance(examples, Split):
        images, labels = examples.images, examples.labels
    else:
        images = examples
    x = as_examples(images, network.shape, np.float64)
    if labels is None or len(labels) != len(x):
        got = "none" if labels is None else len(labels)
        raise ShapeError("gradcheck", f"{len(x)} labels, one an example", got)
    probe, rng = _Probe(network, x, np.asarray(labels, np.uint8)), np.random.default_rng(seed)
    for name, gradient in probe.gradients().items():
        yield name, _Check(probe, name, gradient, rng.standard_normal(gradient.shape))
