"""What a network makes of one image, as a figure for notebooks: HTML without a line of JavaScript,
a PNG for where HTML is not shown, and a sentence for where neither is; where a kernel is and what
`glassnet[notebook]` brings, one that lives, too. All are made of the same numbers, so that what
nbconvert and others keep of a cell is true of the network that was asked.
"""

from __future__ import annotations

import base64
import sys
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import ShapeError
from glassnet.images import as_examples
from glassnet.notebook.seen import Example
from glassnet.notebook.widget import answer, is_live, mime_bundle
from glassnet.showing import Bytes, Html, coloured, picture, png, table, tiles

UNITS = 6  # of the first layer, the most active: with their weights
SIDE = 112  # pixels of the longer side of a part of the PNG, if it has no more numbers
GAP = 8  # pixels between its parts
BAR = 20  # characters of the longest bar
INK, PAPER, WINNER = (120, 124, 130), (255, 255, 255), (11, 99, 168)


@dataclass(frozen=True, eq=False)
class Shown:
    """One answer of a network.

    Attributes:
        words: it as a sentence.
        image: float64 (1, *input shape), what the network was given.
        layers: of each layer what it is, and what it answered: (1, *its shape).
        units: rows of the first layer's most active units, where each of them sees all inputs:
            number, weights, weights ⊙ input (both of the image's shape), bias, activation.
        label: the class that it is of, if that is known.
        network: whose answer it is, for a figure that lives.
    """

    words: str
    image: NDArray[Any]
    layers: list[tuple[str, NDArray[Any]]]
    units: list[tuple[int, NDArray[Any], NDArray[Any], float, float]]
    label: int | None = None
    network: Any = None

    def __repr__(self) -> str:
        return f"<Shown: {self.words}>"

    def _repr_html_(self) -> str:
        flow: list[tuple[object, ...]] = [("input", _size(self.image), picture(self.image))]
        flow += [(name, _size(answer), picture(answer)) for name, answer in self.layers]
        parts = [table(("layer", "numbers", "answer"), flow)]
        if self.units:
            rows = [
                (unit, picture(w), picture(wx), _sum(float(wx.sum()), bias, a))
                for unit, w, wx, bias, a in self.units
            ]
            parts.append(table(("unit", "weights", "weights ⊙ input", "Σ + bias → answer"), rows))
        outputs = self.layers[-1][1][0]
        longest, best = float(outputs.max()), int(outputs.argmax())
        bars = [_bar(value, longest) for value in outputs.tolist()]
        rows_of_classes = [
            (number, f"{value:.4f}", bar, Html("<b>← the answer</b>") if number == best else "")
            for number, (value, bar) in enumerate(zip(outputs.tolist(), bars, strict=True))
        ]
        parts.append(table(("class", "output", "", ""), rows_of_classes))
        return f"<p>{escape(self.words)}</p>{''.join(parts)}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """All that a notebook may keep; each viewer takes what it can show."""
        static = {
            "text/html": self._repr_html_(),
            "image/png": base64.b64encode(self.png()).decode(),
            "text/plain": repr(self),
        }
        return mime_bundle(self.widget(), static) if self._lives() else static

    def _display_(self) -> Any:
        """For marimo: alive if it can be."""
        return self.widget() if self._lives() else sys.modules["marimo"].Html(self._repr_html_())

    def _lives(self) -> bool:
        return self.network is not None and is_live()

    def widget(self) -> Any:
        """It as an anywidget, which can be looked into; of the network as it is now.

        Raises:
            Missing: anywidget is not installed, or there is no module to draw with.
        """
        example = Example(self.image, self.label, "The image")
        return answer(self.network, example, [answer for _, answer in self.layers])

    def png(self) -> bytes:
        """A PNG file: the input, what each layer answered, the outputs as bars, side by side."""
        parts = [_large(coloured(tiles(self.image)))]
        parts += [_large(coloured(tiles(answer))) for _, answer in self.layers[:-1]]
        parts.append(_bars(self.layers[-1][1][0]))
        height = max(len(part) for part in parts)
        width = sum(part.shape[1] + GAP for part in parts) - GAP
        whole = np.full((height, width, 3), PAPER, np.uint8)
        left = 0
        for part in parts:
            top = (height - len(part)) // 2
            whole[top : top + len(part), left : left + part.shape[1]] = part
            left += part.shape[1] + GAP
        return png(whole)


def shown(network: Any, image: Any, label: int | None = None) -> Shown:
    """What a `Network` makes of one image.

    Args:
        image: of the network's shape or flat: bytes 0..255, or floats 0..1.
        label: the class that it is of, if that is known.

    Raises:
        ShapeError: the image has not as many pixels as the network's input, or no class has that
            label.
    """
    x = as_examples(np.asarray(image)[np.newaxis], network.shape, np.float64)
    if label is not None and not 0 <= label < network.outputs:
        raise ShapeError("label", f"a class, 0 to {network.outputs - 1}", label)
    answers = network.activations(x)
    layers = [(repr(layer), a) for layer, a in zip(network.layers, answers, strict=True)]
    outputs = answers[-1][0]
    best = int(outputs.argmax())
    words = f"read as {best}, output {outputs[best]:.4f}"
    if not np.isfinite(outputs).all():
        words = "no answer: outputs are not finite"
    elif label is not None:
        words = f"✓ {words}, and right" if best == label else f"✗ {words}, and wrong: it is {label}"
    units = _units(network, x, answers[0])
    return Shown(words, x, layers, units, label, network)


def _units(network: Any, x: NDArray[Any], answer: NDArray[Any]) -> list[Any]:
    """The first layer's most active units, if each has a weight for every input."""
    parameters = network.parameters()
    weight, bias = (parameters.get(f"layers.0.{name}") for name in ("weight", "bias"))
    if weight is None or np.shape(weight) != (answer.size, x.size):
        return []
    weight, biases = np.asarray(weight, np.float64), np.zeros(answer.size)
    if bias is not None:
        biases += np.asarray(bias, np.float64).reshape(-1)
    flat = answer.reshape(-1)
    most = np.argsort(-flat, kind="stable")[:UNITS].tolist()
    rows = [(unit, weight[unit].reshape(x.shape)) for unit in most]
    return [(unit, w, w * x, float(biases[unit]), float(flat[unit])) for unit, w in rows]


def _size(array: NDArray[Any]) -> str:
    return "×".join(map(str, array.shape[1:]))


def _sum(products: float, bias: float, answer: float) -> str:
    return f"{products:.4f} {'−' if bias < 0 else '+'} {abs(bias):.4f} → {answer:.4f}"


def _bar(value: float, longest: float) -> str:
    """A bar of text, which no viewer takes away; of a number below zero, none."""
    whole = np.isfinite(value) and np.isfinite(longest) and value > 0
    return "█" * round(BAR * value / longest) if whole else ""


def _bars(outputs: NDArray[Any]) -> Bytes:
    """Outputs as bars, one a class, from the top; the largest is blue."""
    values = np.where(np.isfinite(outputs), outputs, 0).clip(0)
    row = max(3, SIDE // len(values))
    bars = np.full((row * len(values), SIDE, 3), PAPER, np.uint8)
    for number, value in enumerate(values / (values.max() or 1)):
        colour = WINNER if number == int(outputs.argmax()) else INK
        bars[number * row : (number + 1) * row - 1, : round(SIDE * value)] = colour
    return bars


def _large(pixels: Bytes) -> Bytes:
    """Each pixel as a square, as large as fits."""
    times = max(1, SIDE // max(pixels.shape[:2]))
    return pixels.repeat(times, axis=0).repeat(times, axis=1)
