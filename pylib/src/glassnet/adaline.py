"""Adaline, the adaptive linear neuron: learning before backpropagation.

One neuron a class, each a weighted sum of the 64 pixels and a bias, with no activation function.
After every single example each weight moves a little against that example's squared error:

    y = w · x          e = t − y          w ← w + 2 η e x

which is the gradient of e² with respect to w.  The targets t are +1 for the example's own class
and −1 for all others; the pixels are +1 and −1; the bias is a weight whose input is always 1.

Source: B. Widrow and M. E. Hoff, "Adaptive switching circuits", IRE WESCON Convention Record 4
(1960), 96-104.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glassnet.data.glyphs import Glyph, classes_of
from glassnet.errors import ConfigError, DataError, DivergedError

Floats = NDArray[np.float64]

RATE = 0.01
TARGET = 1e-6
EPOCHS = 10_000


@dataclass(frozen=True)
class Epoch:
    """One pass over all examples: its number, from 1, and its mean squared error.

    The error is the sum over the neurons of e², before each example's own update, averaged over
    the examples.
    """

    number: int
    mse: float


@dataclass(frozen=True)
class Answer:
    """What Adaline takes a glyph for, and the sum y of the neuron that won."""

    label: str
    score: float


class Adaline:
    """One linear neuron for each class, all weights zero at first.

    Attributes:
        classes: the classes, one neuron each.
        weights: float64 (classes, inputs); column 0 is the bias.
    """

    def __init__(self, classes: Sequence[str], inputs: int = 65) -> None:
        self.classes = list(classes)
        self.weights: Floats = np.zeros((len(self.classes), inputs))

    def train(
        self,
        glyphs: Sequence[Glyph],
        *,
        rate: float = RATE,
        target: float = TARGET,
        epochs: int = EPOCHS,
    ) -> Iterator[Epoch]:
        """Pass over the glyphs, in their order, until the error is small enough.

        Args:
            glyphs: the examples; several of one class train that class's one neuron.
            rate: η, the learning rate.
            target: the mean squared error to stop at.
            epochs: the most passes.

        Yields:
            Each epoch, once it is over.

        Raises:
            ConfigError: a rate, target or number of epochs that cannot be used.
            DataError: a glyph of a class without a neuron.
            DivergedError: the error grew beyond all numbers; the rate is too large.
        """
        _check_settings(rate, target, epochs)
        examples = [(features(glyph), self._targets(glyph)) for glyph in glyphs]
        for number in range(1, epochs + 1):
            squares = 0.0
            with np.errstate(over="ignore", invalid="ignore"):
                for x, t in examples:
                    e = t - self.weights @ x
                    self.weights += 2 * rate * np.outer(e, x)
                    squares += float(e @ e)
            mse = squares / len(examples)
            if not np.isfinite(mse):
                raise DivergedError("mean squared error", step=number * len(examples))
            yield Epoch(number, mse)
            if mse <= target:
                return

    def predict(self, glyph: Glyph) -> Answer:
        """The class whose neuron answers most."""
        scores = self.weights @ features(glyph)
        best = int(scores.argmax())
        return Answer(self.classes[best], float(scores[best]))

    def _targets(self, glyph: Glyph) -> Floats:
        """+1 for the glyph's own class, −1 for all others, float64 (classes,)."""
        if glyph.label not in self.classes:
            raise DataError(f"{glyph.file}: there is no neuron for class {glyph.label!r}")
        return np.where(np.array(self.classes) == glyph.label, 1.0, -1.0)


def features(glyph: Glyph) -> Floats:
    """The inputs x of a glyph, float64 (65,): 1 for the bias, then ±1 for each pixel."""
    return np.concatenate(([1.0], glyph.pixels.ravel() * 2.0 - 1.0))


def for_glyphs(glyphs: list[Glyph]) -> Adaline:
    """An untrained Adaline with a neuron for each class among the glyphs."""
    return Adaline(classes_of(glyphs))


def _check_settings(rate: float, target: float, epochs: int) -> None:
    if not 0 < rate < np.inf:
        raise ConfigError("rate", f"expected a number above 0, got {rate}")
    if not 0 <= target < np.inf:
        raise ConfigError("target", f"expected a number of at least 0, got {target}")
    if epochs < 1:
        raise ConfigError("epochs", f"expected at least 1, got {epochs}")
