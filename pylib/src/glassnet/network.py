"""A network: layers in order, the loss at their end, and every parameter by name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines import Array, Engine, Sink
from glassnet.errors import ConfigError, ShapeError
from glassnet.initializers import INITIALIZERS, Initializer
from glassnet.layers import Flow, Layer, Shape
from glassnet.losses import LOSSES, Loss

WORKSPACES = 8  # batch sizes whose buffers are kept


@dataclass(slots=True, eq=False)
class Workspace:
    """All arrays of one batch size, made once: the input x, the targets y, and a flow a layer."""

    x: Array  # (B, *input shape)
    y: Array  # (B, outputs), one-hot
    flows: list[Flow]


class Network:
    """Layers, built for one input shape on one engine.

    Args:
        layers: used by this network alone, for they hold its parameters.
        shape: of one example, as (28, 28).
        loss, initializer: by name or as an object.
        rng: the only source of the first weights.

    Raises:
        ShapeError: a layer cannot take what the layer before gives.
        ConfigError: the loss cannot judge what the last layer gives.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        shape: Shape,
        loss: str | Loss,
        engine: Engine,
        initializer: str | Initializer,
        rng: np.random.Generator,
    ) -> None:
        self.layers, self.shape, self.engine = list(layers), shape, engine
        self.loss = LOSSES[loss] if isinstance(loss, str) else loss
        start = INITIALIZERS[initializer] if isinstance(initializer, str) else initializer
        for layer in self.layers:
            shape = layer.build(engine, shape, start, rng)
        if len(shape) != 1:
            raise ShapeError("the last layer", "one number a class", f"an output of shape {shape}")
        self.outputs = shape[0]
        last = self.layers[-1].activation_name
        if self.loss.outputs and last not in self.loss.outputs:
            wanted = " or ".join(self.loss.outputs)
            raise ConfigError("loss", f"{self.loss.name} needs {wanted} in the last layer")
        self._fused = self.loss.fused.get(last)
        self._workspaces: dict[tuple[int, bool], Workspace] = {}

    def parameters(self) -> dict[str, Array]:
        """The live parameters, as `layers.0.weight`: writing into one changes the network."""
        return {
            f"layers.{i}.{name}": array
            for i, layer in enumerate(self.layers)
            for name, array in layer.parameters.items()
        }

    def workspace(self, batch: int, training: bool = False) -> Workspace:
        """The buffers for `batch` examples; only for training do they include the way back."""
        key = (batch, training)
        if key not in self._workspaces:
            while len(self._workspaces) >= WORKSPACES:
                del self._workspaces[next(iter(self._workspaces))]
            self._workspaces[key] = self._make_workspace(batch, training)
        return self._workspaces[key]

    def _make_workspace(self, batch: int, training: bool) -> Workspace:
        engine = self.engine
        x = engine.zeros((batch, *self.shape))
        flows: list[Flow] = []
        for layer in self.layers:
            flows.append(layer.flow(flows[-1].a if flows else x))
        for i, (layer, flow) in enumerate(zip(self.layers, flows, strict=True)):
            if training:
                layer.flow_back(flow, first=i == 0)
                if i:  # what this layer says of its input is what the one before hears
                    flows[i - 1].da = engine.view(flow.dx, flows[i - 1].a.shape)
        return Workspace(x, engine.zeros((batch, self.outputs)), flows)

    def forward(self, work: Workspace, training: bool = False) -> Array:
        """The outputs (B, classes) for `work.x`: each layer's answer is the next one's input."""
        for layer, flow in zip(self.layers, work.flows, strict=True):
            layer.forward(flow, training)
        return work.flows[-1].a

    def measure(self, work: Workspace) -> float:
        """The batch's mean loss, after `forward`."""
        last = work.flows[-1]
        return (self._fused or self.loss.plain).measure(self.engine, last.z, last.a, work.y, None)

    def backward(self, work: Workspace, sinks: Sequence[Mapping[str, Sink]]) -> float:
        """Backpropagate from the loss to the first layer, after `forward`; returns the loss.

        Args:
            sinks: for each layer, where the gradient of each of its parameters goes.
        """
        last = work.flows[-1]
        if self._fused:
            loss = self._fused.measure(self.engine, last.z, last.a, work.y, last.delta)
        else:
            loss = self.loss.plain.measure(self.engine, last.z, last.a, work.y, last.da)
        fused = self._fused is not None
        for layer, flow, into in zip(
            reversed(self.layers), reversed(work.flows), reversed(sinks), strict=True
        ):
            layer.backward(flow, into, fused)
            fused = False
        return loss

    def activations(self, x: Any) -> list[NDArray[Any]]:
        """What every layer answers to `x`, float32 (n, pixels) in 0..1, as copies.

        Training is not disturbed.

        Raises:
            ShapeError: an example has not as many numbers as the network's input.
        """
        x = np.ascontiguousarray(x, np.float32)
        inputs = math.prod(self.shape)
        if x.ndim < 2 or math.prod(x.shape[1:]) != inputs:
            raise ShapeError("activations", f"examples of {inputs} numbers", f"shape {x.shape}")
        work = self.workspace(len(x))
        self.engine.load(x, work.x)
        self.forward(work)
        return [np.array(flow.a) for flow in work.flows]
