"""Layers: forward and backward side by side. This is backpropagation.

On the way forward a layer turns its input x into its output a. On the way back it is given ∂L/∂a,
and by the chain rule finds ∂L/∂x, which is the ∂L/∂a of the layer before, and the gradients of its
own parameters. There is nothing more to it. (Rumelhart, Hinton, Williams, Nature 323, 1986;
Nielsen, Neural Networks and Deep Learning, chapter 2.)

The batch comes first: x is (B, ...), and images are (B, height, width, channels). A layer keeps its
parameters; what flows through it for one batch size is a `Flow`, whose arrays are made once.
Begin with `dense.Dense`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glassnet.errors import ConfigError
from glassnet.layers.base import Flow, Layer, Shape, Sinks
from glassnet.layers.batch_norm import BatchNorm
from glassnet.layers.dense import Activate, Dense, Flatten
from glassnet.layers.dropout import Dropout
from glassnet.layers.windows import AveragePool2D, Conv2D, MaxPool2D
from glassnet.options import make

__all__ = [
    "LAYERS",
    "Activate",
    "AveragePool2D",
    "BatchNorm",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Flow",
    "Layer",
    "MaxPool2D",
    "Shape",
    "Sinks",
    "as_layer",
]

LAYERS: dict[str, type[Any]] = {
    "dense": Dense,
    "conv2d": Conv2D,
    "max_pool2d": MaxPool2D,
    "average_pool2d": AveragePool2D,
    "flatten": Flatten,
    "activation": Activate,
    "dropout": Dropout,
    "batch_norm": BatchNorm,
}


def as_layer(layer: Layer | str | Mapping[str, Any], place: int) -> Layer:
    """A layer, or the one that a name or a document describes. Raises ConfigError."""
    path = f"layers[{place}]"
    if isinstance(layer, str | Mapping):
        document = {"type": layer} if isinstance(layer, str) else layer
        made: Layer = make(LAYERS, document, path)
        return made
    if isinstance(layer, Layer) and hasattr(layer, "parameters"):
        return layer
    wanted = "a subclass of glassnet.Layer, whose __init__ calls super().__init__()"
    raise ConfigError(path, f"expected {wanted}; got {layer!r}")
