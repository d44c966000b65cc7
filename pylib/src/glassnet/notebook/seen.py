"""A network at one example, as the page's elements are told of it: its layers in words and shapes,
and the arrays that they draw, as float32 bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.looking import grid_shape

Json = dict[str, Any]

ROWS = 100  # of a layer's weights: as many units are drawn of a layer at most


@dataclass(frozen=True, eq=False)
class Example:
    """What a network is shown.

    Attributes:
        image: float (1, *input shape), 0..1.
        label: its class, if that is known.
        name: what it is, as `Test digit 7`.
    """

    image: NDArray[Any]
    label: int | None
    name: str


class Seen:
    """A network as it is drawn.

    Args:
        network: a `Network`.
        classes: names of its outputs; without them, their numbers.

    Attributes:
        told: what does not change: `layers`, `classes`, `rows` and `columns` of the image.
    """

    def __init__(self, network: Any, classes: Sequence[str] = ()) -> None:
        self.network = network
        rows, columns = image_shape(network.shape)
        numbers = [str(number) for number in range(network.outputs)]
        self.told: Json = {
            "layers": [_layer(network, number) for number in range(len(network.layers))],
            "classes": list(classes) or numbers,
            "rows": rows,
            "columns": columns,
        }

    def arrays(self, example: Example, answers: list[NDArray[Any]] | None = None) -> Json:
        """Every array that is drawn, by name: `shape`, and `data`, float32 little-endian. Of layers
        with more than ROWS units, those units' weights; the last layer's whole, for connections.

        Args:
            answers: what each layer makes of the example, if that is known.
        """
        network = self.network
        found = {"x": example.image[0]}
        answers = network.activations(example.image) if answers is None else answers
        found |= {f"layers.{number}.a": array[0] for number, array in enumerate(answers)}
        last = f"layers.{len(network.layers) - 1}."
        for name, array in network.parameters().items():
            array = np.asarray(array)
            cut = array.ndim == 2 and not name.startswith(last)
            found[name] = array[:ROWS] if cut else array
        return {name: {"shape": list(a.shape), "data": packed(a)} for name, a in found.items()}

    def example(self, example: Example) -> Json:
        """The example itself, for the picture of it."""
        pixels = np.rint(np.clip(np.nan_to_num(example.image), 0, 1) * 255).astype(np.uint8)
        flat = np.zeros(self.told["rows"] * self.told["columns"], np.uint8)
        ink = pixels.reshape(-1, self.channels).max(axis=1)
        flat[: len(ink)] = ink
        label = None if example.label is None else int(example.label)  # it may be numpy's
        return {"name": example.name, "label": label, "pixels": flat.tobytes()}

    @property
    def channels(self) -> int:
        """Of its input."""
        shape: tuple[int, ...] = self.network.shape
        return shape[2] if len(shape) == 3 else 1


def packed(array: Any) -> bytes:
    """float32, little-endian, row by row."""
    return np.ascontiguousarray(array, "<f4").tobytes()


def image_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of an example's picture; of one that is none, of the grid that holds it."""
    return (shape[0], shape[1]) if len(shape) in (2, 3) else grid_shape(prod(shape))


def _layer(network: Any, number: int) -> Json:
    layer, before = network.layers[number], f"layers.{number}."
    named = network.parameters().items()
    return {
        "name": before[:-1],
        "kind": _snake(type(layer).__name__),
        "input": list(network.shapes[number]),
        "output": list(network.shapes[number + 1]),
        "activation": layer.activation_name,
        "parameters": {
            name.removeprefix(before): list(np.shape(array))
            for name, array in named
            if name.startswith(before)
        },
    }


def _snake(name: str) -> str:
    """`MaxPool2D` → `max_pool2d`, which is what configurations and pages call it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
