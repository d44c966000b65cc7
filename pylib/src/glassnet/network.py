"""A network: layers in order, the loss at their end, and every parameter by name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Split
from glassnet.engines import Array, Engine
from glassnet.errors import ConfigError, ShapeError
from glassnet.initializers import INITIALIZERS, Initializer, Start
from glassnet.layers import Flow, Layer, Shape, Sinks
from glassnet.losses import LOSSES, Loss
from glassnet.optimizers import Optimizer

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
        self.layers, self.shape, self.engine, self.rng = list(layers), shape, engine, rng
        self.loss = LOSSES[loss] if isinstance(loss, str) else loss
        start = INITIALIZERS[initializer] if isinstance(initializer, str) else initializer
        self.shapes = [shape]  # of one example, before the first layer and after each
        for layer in self.layers:
            shape = layer.build(engine, shape, Start(start, rng))
            self.shapes.append(shape)
        if len(shape) != 1:
            raise ShapeError("the last layer", "one number a class", f"an output of shape {shape}")
        self.outputs = shape[0]
        last = self.layers[-1].activation_name
        if self.loss.outputs and last not in self.loss.outputs:
            wanted = " or ".join(self.loss.outputs)
            raise ConfigError("loss", f"{self.loss.name} needs {wanted} in the last layer")
        self.fused = last in self.loss.fused
        self.criterion = self.loss.fused[last] if self.fused else self.loss.plain
        self._workspaces: dict[tuple[int, bool], Workspace] = {}

    def _named(self) -> list[tuple[str, Layer, str]]:
        """Each parameter's full name, its layer, and its name there."""
        layers = enumerate(self.layers)
        return [
            (f"layers.{i}.{key}", layer, key) for i, layer in layers for key in layer.parameters
        ]

    def parameters(self) -> dict[str, Array]:
        """The live parameters, as `layers.0.weight`: writing into one changes the network."""
        shown = {}
        for full, layer, name in self._named():
            array = layer.parameters[name]
            shown[full] = self.engine.view(array, layer.natural.get(name, array.shape))
        return shown

    def memory(self) -> dict[str, Array]:
        """What layers remember without training it, as `layers.1.running_mean`; live as well."""
        layers = enumerate(self.layers)
        return {f"layers.{i}.{name}": a for i, layer in layers for name, a in layer.memory.items()}

    def attach(self, optimizer: Optimizer, seen: bool = False) -> list[Sinks]:
        """Give the parameters into an optimiser's charge; returns each layer's sinks."""
        parameters = {full: layer.parameters[name] for full, layer, name in self._named()}
        decays = {full for full, layer, name in self._named() if name in layer.decays}
        optimizer.attach(self.engine, parameters, decays, seen)
        return [
            {name: optimizer.sinks[f"layers.{i}.{name}"] for name in layer.parameters}
            for i, layer in enumerate(self.layers)
        ]

    def workspace(self, batch: int, training: bool = False) -> Workspace:
        """The buffers for `batch` examples; only for training do they include the way back."""
        key = (batch, training)
        work = self._workspaces.pop(key, None) or self._make_workspace(batch, training)
        self._workspaces[key] = work  # last in the dictionary: the last to be forgotten
        if len(self._workspaces) > WORKSPACES:
            del self._workspaces[next(iter(self._workspaces))]
        return work

    def _make_workspace(self, batch: int, training: bool) -> Workspace:
        zeros, view = self.engine.zeros, self.engine.view
        x, y = zeros((batch, *self.shape)), zeros((batch, self.outputs))
        flows: list[Flow] = []
        for layer, shape in zip(self.layers, self.shapes, strict=False):
            flows.append(layer.flow(view(flows[-1].a if flows else x, (batch, *shape))))
        if training:
            da = zeros(flows[-1].a.shape)
            for i in reversed(range(len(flows))):
                self.layers[i].flow_back(flows[i], da, first=i == 0)
                if i:  # what a layer finds out of its input is what the one before is told
                    da = view(flows[i].dx, flows[i - 1].a.shape)
        return Workspace(x, y, flows)

    def load(self, split: Split, rows: NDArray[Any], training: bool = False) -> Workspace:
        """Some examples of a split, in the buffers for as many."""
        work = self.workspace(len(rows), training)
        self.engine.gather(split.images, rows, work.x)
        self.engine.one_hot(split.labels[rows], work.y)
        return work

    def forward(self, work: Workspace, training: bool = False) -> Array:
        """The outputs (B, classes) for `work.x`: each layer's answer is the next one's input."""
        for layer, flow in zip(self.layers, work.flows, strict=True):
            layer.forward(flow, training)
        return work.flows[-1].a

    def judge(self, work: Workspace, training: bool = False) -> float:
        """The batch's mean loss, after `forward`; for training, also its gradient."""
        last = work.flows[-1]
        out = (last.delta if self.fused else last.da) if training else None
        return self.engine.loss(self.criterion, last.z, last.a, work.y, out)

    def backward(self, work: Workspace, sinks: Sequence[Sinks]) -> None:
        """Backpropagate, after `judge`: from the last layer to the first, each gradient goes to
        its sink."""
        fused = self.fused
        for i in reversed(range(len(self.layers))):
            self.layers[i].backward(work.flows[i], sinks[i], fused)
            fused = False

    def arrays(self, work: Workspace) -> Iterator[tuple[str, Array]]:
        """All arrays of a workspace by name, in the order in which a step computes them."""
        yield "x", work.x
        for i, flow in enumerate(work.flows):
            yield from ((f"layers.{i}.{name}", array) for name, array in flow.forward().items())
        for i, flow in reversed(list(enumerate(work.flows))):
            yield from ((f"layers.{i}.{name}", array) for name, array in flow.backward().items())

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
        with np.errstate(all="ignore"):  # of weights that are too large, too, the truth is told
            self.forward(work)
        return [
            np.array(flow.a).reshape(len(x), *shape)
            for flow, shape in zip(work.flows, self.shapes[1:], strict=True)
        ]
