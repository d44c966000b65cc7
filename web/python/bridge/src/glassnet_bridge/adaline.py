"""What the page of letters asks of Python: Adalines by name, trained by the package's own delta
rule, and what they make of whole and of damaged letters. It knows no browser.

The page keeps the weights too, by class, and hands them back with the letters: so nothing is lost
when the interpreter dies, nor when a letter of a new class comes in.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.adaline import TARGET, Floats, features, for_glyphs
from glassnet.data.glyphs import SIDE, Glyph, parse_glyph
from glassnet.errors import DataError
from glassnet_bridge.browse import as_array
from glassnet_bridge.failure import Unknown

Json = dict[str, Any]
Message = Mapping[str, Any]

CELLS = SIDE * SIDE
STEPS = range(0, 21, 2)  # how many cells are flipped, to see how much damage is borne
VERSIONS = 10  # of each letter, differently damaged
MOST = 12  # confusions that are told


class Letters:
    """Every Adaline of the page."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._held: dict[str, Held] = {}

    def answer(self, message: Message) -> Any:
        """To one request (`web/python/protocol-adaline.js`)."""
        kind = message["type"].removeprefix("adaline_")
        if kind == "open":
            return self._open(message)
        if kind == "close":
            return self._held.pop(message["adaline"], None) and None
        held = self._named(message)
        if kind == "train":
            return held.train(message, self._clock)
        return held.learn(message) if kind == "letter" else held.measure(message)

    def _open(self, message: Message) -> Json:
        """Begin one, or give it other letters; a class whose weights come along has those."""
        letters, trials = (
            [parse_glyph(str(text), str(file)) for file, text in message[kind].items()]
            for kind in ("letters", "trials")
        )
        if not letters:
            raise DataError("letters: expected at least one")
        held = Held(letters, trials)
        held.take(message["weights"])
        self._held[message["adaline"]] = held
        return {"classes": held.model.classes, "weights": held.weights()}

    def _named(self, message: Message) -> Held:
        name = message["adaline"]
        if name not in self._held:
            raise Unknown("Adaline", name, self._held)
        return self._held[name]


class Held:
    """One Adaline, the letters that it learns, and those that it is tried on: of its classes."""

    def __init__(self, letters: list[Glyph], trials: list[Glyph]) -> None:
        self.model = for_glyphs(letters)
        self.letters = letters
        self.trials = [glyph for glyph in trials if glyph.label in self.model.classes]

    def take(self, weights: Mapping[str, Any]) -> None:
        """Weights by class, the bias first; of classes that there are not, they are passed over."""
        for label, row in weights.items():
            if label not in self.model.classes:
                continue
            values = as_array(row)
            if values.shape != self.model.weights[0].shape or not np.isfinite(values).all():
                raise DataError(f"weights of {label}: expected {CELLS + 1} finite numbers")
            self.model.weights[self.model.classes.index(label)] = values

    def weights(self) -> Floats:
        """A copy, class after class."""
        return self.model.weights.reshape(-1).copy()

    def train(self, message: Message, clock: Callable[[], float]) -> Json:
        """Pass over all letters: so often, or until so many milliseconds have gone by, or until the
        error is small enough. When it grows beyond all numbers, the weights are as they were.

        Returns:
            The mean squared error of each pass, float64, and the weights after the last.
        """
        until = clock() + float(message["milliseconds"]) / 1000
        before, errors = self.weights(), list[float]()
        rate, passes = float(message["rate"]), int(message["passes"])
        try:
            for epoch in self.model.train(self.letters, rate=rate, epochs=passes):
                errors.append(epoch.mse)
                if clock() >= until:
                    break
        except Exception:
            self.model.weights[:] = before.reshape(self.model.weights.shape)
            raise
        reached = errors[-1] <= TARGET
        return {"errors": np.array(errors), "weights": self.weights(), "reached": reached}

    def learn(self, message: Message) -> Json:
        """The delta rule once, on one letter as it has been drawn: its error before that."""
        pixels = as_array(message["cells"]).astype(np.uint8)
        if pixels.shape != (CELLS,) or pixels.max() > 1:
            raise DataError(f"cells: expected {CELLS} times 0 or 1")
        label = str(message["label"])
        drawn = Glyph(label, label, pixels.reshape(SIDE, SIDE))
        epoch = next(self.model.train([drawn], rate=float(message["rate"]), epochs=1))
        return {"error": epoch.mse, "weights": self.weights()}

    def measure(self, message: Message) -> Json:
        """How many letters are recognised: whole, damaged by hand, and damaged by chance; and of
        those damaged by `flips` cells, which are taken for which, with an example of each."""
        whole = np.array([features(glyph) for glyph in self.letters])
        labels = [glyph.label for glyph in self.letters]
        flips, ranks = int(message["flips"]), self._ranks(int(message["seed"]))
        meant = [label for label in labels for _ in range(VERSIONS)]
        right, confused = dict[int, int](), list[Json]()
        for flipped in {*STEPS, flips}:
            inputs = np.repeat(whole, VERSIONS, axis=0)
            inputs[:, 1:] *= np.where(ranks < flipped, -1.0, 1.0)
            answers = self._answers(inputs)
            right[flipped] = _right(meant, answers)
            if flipped == flips:
                confused = _confused(meant, answers, inputs)
        trials = np.array([features(glyph) for glyph in self.trials]).reshape(-1, CELLS + 1)
        return {
            "whole": {"count": len(labels), "right": _right(labels, self._answers(whole))},
            "damaged": {
                "count": len(self.trials),
                "right": _right([one.label for one in self.trials], self._answers(trials)),
            },
            "flipped": {"cells": flips, "count": len(meant), "right": right[flips]},
            "curve": {"cells": list(STEPS), "right": [right[cells] for cells in STEPS]},
            "confused": confused,
        }

    def _answers(self, inputs: Floats) -> list[str]:
        """What each row is taken for, as `Adaline.predict` has it."""
        return [self.model.classes[k] for k in (inputs @ self.model.weights.T).argmax(axis=1)]

    def _ranks(self, seed: int) -> NDArray[np.int64]:
        """In which order each version's cells are flipped, (letters x versions, cells)."""
        rows = np.tile(np.arange(CELLS), (len(self.letters) * VERSIONS, 1))
        return np.random.default_rng(seed).permuted(rows, axis=1)


def _right(labels: Sequence[str], answers: Sequence[str]) -> int:
    return sum(label == answer for label, answer in zip(labels, answers, strict=True))


def _confused(labels: Sequence[str], answers: Sequence[str], inputs: Floats) -> list[Json]:
    """Which class was taken for which, how often, and the first drawing that was; most first."""
    pairs = list(zip(labels, answers, strict=True))
    often = Counter(pair for pair in pairs if pair[0] != pair[1]).most_common(MOST)
    return [
        {
            "label": pair[0],
            "answer": pair[1],
            "times": times,
            "cells": (inputs[pairs.index(pair), 1:] > 0).astype(np.uint8),
        }
        for pair, times in often
    ]
