"""What other frameworks would do in a network's place, step by step, channels first.

PyTorch and ONNX have an image's channels before its rows; we have them after. So an image is turned
once, where a layer first looks at it as one, and stays so; and a layer that reads it as one row
meets its numbers in another order, in which its weights are then written. What that makes of each
array is said by its `Match`, and is undone by it as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS
from glassnet.engines import Array
from glassnet.errors import ConfigError
from glassnet.layers import (
    LAYERS,
    AveragePool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    Shape,
)

NAMES = {"gamma": "weight", "beta": "bias"}  # PyTorch's, where it has others


@dataclass(frozen=True)
class Match:
    """One array, here and there.

    Attributes:
        ours, theirs: its names, as `layers.1.gamma` and `layers.1.weight`.
        shape: of ours.
        axes: which of our dimensions each of theirs is, if they are in another order.
        image: the image (height, width, channels) that its last dimension was, if that is in
            another order there: channels first.
    """

    ours: str
    theirs: str
    shape: Shape
    axes: tuple[int, ...] | None = None
    image: Shape | None = None

    def there(self, array: NDArray[Any]) -> NDArray[Any]:
        """Theirs, of ours."""
        if self.axes:
            array = array.transpose(self.axes)
        return array[..., self._order()] if self.image else array

    def here(self, array: NDArray[Any]) -> NDArray[Any]:
        """Ours, of theirs."""
        if self.axes:
            array = array.transpose(np.argsort(self.axes))
        return array[..., np.argsort(self._order())] if self.image else array

    @property
    def shape_there(self) -> Shape:
        """Of theirs."""
        return tuple(self.shape[axis] for axis in self.axes) if self.axes else self.shape

    def _order(self) -> NDArray[Any]:
        """Of which of our numbers each of theirs is the same."""
        assert self.image is not None
        return np.arange(math.prod(self.image)).reshape(self.image).transpose(2, 0, 1).ravel()


@dataclass(frozen=True)
class Step:
    """One operation.

    Attributes:
        place: the number of the layer that it belongs to.
        op: dense, conv2d, max_pool2d, average_pool2d, batch_norm, dropout, activation; or one that
            only changes the shape: permute, channel (a new dimension of one), flatten.
        layer: the layer itself.
        matches: its arrays, by their own names there: weight, bias, running_mean, running_var.
        activation: which one.
        axis: softmax's; counted from the batch's, which is 0.
        axes: of permute: which dimension each one was, the batch's included.
        dimensions: of what comes in, without the batch's.
    """

    place: int
    op: str
    layer: Layer
    matches: Mapping[str, Match]
    activation: str = ""
    axis: int = -1
    axes: tuple[int, ...] = ()
    dimensions: int = 1


class Plan:
    """The steps for a network's layers.

    Args:
        layers: built.
        shapes: of one example, before the first layer and after each.

    Raises:
        ConfigError: naming the layer, or the activation, that is the reader's own, or otherwise has
            no counterpart.
    """

    def __init__(self, layers: list[Layer], shapes: list[Shape]) -> None:
        self._first = False  # whether the channels are before the rows now
        self._image: Shape | None = None  # that was made a row, channels first
        self._shapes, self._layers = shapes, layers
        self.steps = [step for place in range(len(layers)) for step in self._layer(place)]

    @property
    def matches(self) -> list[Match]:
        """Every array."""
        return [match for step in self.steps for match in step.matches.values()]

    def _layer(self, place: int) -> Iterator[Step]:
        layer, shape = self._layers[place], self._shapes[place]
        if type(layer) not in LAYERS.values():
            raise ConfigError(f"layers[{place}]", f"{layer!r} has no counterpart elsewhere")
        match layer:
            case Dense():
                yield from self._flatten(place, shape)
                yield self._step(place, "dense", image=self._image)
                self._image = None
            case Conv2D():
                yield from self._channels_first(place, shape)
                yield self._step(place, "conv2d", axes=(0, 3, 1, 2))
            case MaxPool2D():  # and the other, which is one of its kind
                average = isinstance(layer, AveragePool2D)
                yield from self._channels_first(place, shape)
                yield self._step(place, "average_pool2d" if average else "max_pool2d")
            case BatchNorm():
                yield from self._batch_norm(place, shape)
            case Dropout():
                yield self._step(place, "dropout")
            case Flatten():
                yield from self._flatten(place, shape)
        if hasattr(layer, "activation"):
            yield from self._activation(place)

    def _batch_norm(self, place: int, shape: Shape) -> Iterator[Step]:
        """Its channels are the last dimension here, the second there: also where that is an image's
        columns."""
        if len(shape) > 3:
            raise ConfigError(f"layers[{place}]", f"no counterpart for examples of shape {shape}")
        if len(shape) == 3:
            yield from self._channels_first(place, shape)
        if len(shape) == 2:
            yield self._step(place, "permute", turn=(0, 2, 1))
        yield self._step(place, "batch_norm", image=self._image, dimensions=len(shape))
        if len(shape) == 2:
            yield self._step(place, "permute", turn=(0, 2, 1))

    def _activation(self, place: int) -> Iterator[Step]:
        layer, axis = self._layers[place], 1 if self._first else -1
        f: Any = layer.activation  # type: ignore[attr-defined]
        name = f if isinstance(f, str) else getattr(f, "name", "")
        if name not in ACTIVATIONS or not (isinstance(f, str) or ACTIVATIONS[name] is f):
            raise ConfigError(f"layers[{place}].activation", f"{f!r} has no counterpart elsewhere")
        yield Step(place, "activation", layer, {}, activation=name, axis=axis)

    def _channels_first(self, place: int, shape: Shape) -> Iterator[Step]:
        if not self._first and len(shape) == 2:
            yield self._step(place, "channel")
        elif not self._first:
            yield self._step(place, "permute", turn=(0, 3, 1, 2))
        self._first = True

    def _flatten(self, place: int, shape: Shape) -> Iterator[Step]:
        """One row an example. Its order is theirs if a dense layer, whose weights can be written
        in that order, reads it; the order of the network's own outputs stays."""
        if len(shape) == 1:
            return
        if self._first and any(isinstance(layer, Dense) for layer in self._layers[place:]):
            self._image = shape if shape[2] > 1 and shape[0] * shape[1] > 1 else None
        elif self._first:
            yield self._step(place, "permute", turn=(0, 2, 3, 1))
        self._first = False
        yield self._step(place, "flatten")

    def _step(
        self,
        place: int,
        op: str,
        axes: tuple[int, ...] | None = None,
        image: Shape | None = None,
        turn: tuple[int, ...] = (),
        dimensions: int = 1,
    ) -> Step:
        layer, matches = self._layers[place], {}
        if op in ("dense", "conv2d", "batch_norm"):
            for name, array in arrays(layer).items():
                theirs = NAMES.get(name, name)
                matrix = name == "weight" or op == "batch_norm"  # what has a number an input
                matches[theirs] = Match(
                    f"layers.{place}.{name}",
                    f"layers.{place}.{theirs}",
                    array.shape,
                    axes if name == "weight" else None,
                    image if matrix else None,
                )
        return Step(place, op, layer, matches, axes=turn, dimensions=dimensions)


def arrays(layer: Layer) -> dict[str, NDArray[Any]]:
    """All that a layer has learnt, by its names, in the shapes in which it is stored: copies."""
    learnt: dict[str, Array] = {**layer.parameters, **layer.memory}
    return {
        name: np.array(array).reshape(layer.stored_shapes.get(name, np.shape(array)))
        for name, array in learnt.items()
    }
