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

from typing import Any

from glassnet.layers.base import Flow, Layer, Shape, Sinks
from glassnet.layers.batch_norm import BatchNorm
from glassnet.layers.dense import Activate, Dense, Flatten
from glassnet.layers.dropout import Dropout
from glassnet.layers.windows import AveragePool2D, Conv2D, MaxPool2D

__all__ = ["LAYERS", "Flow", "Layer", "Shape", "Sinks"]

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
