"""A network: layers in order, the loss at their end, and every parameter by name."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS
from glassnet.data.dataset import Split
from glassnet.engines import ENGINES, Array, Engine, Sink
from glassnet.errors import ConfigError, ShapeError
from glassnet.images import as_examples
from glassnet.initializers import INITIALIZERS, Initializer, Start
from glassnet.layers import LAYERS, Flow, Layer, Shape, Sinks, as_layer
from glassnet.layers.base import unbuilt
from glassnet.losses import LOSSES, Loss
from glassnet.optimizers import Optimizer
from glassnet.options import look_up, name_in, write_tagged

if TYPE_CHECKING:
    from glassnet.shown import Shown

NETWORK = 0  # the seed's stream for networks; the order of examples has another
CHUNK = 500  # examples answered at a time
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
        shape: of one example.
        loss, engine, initializer: by name or as an object.
        seed: the only source of the first weights, and of what dropout drops; or a generator.

    Attributes:
        outputs: how many numbers an answer has.
        shapes: of one example, before the first layer and after each.

    Raises:
        ShapeError: a layer cannot take what the layer before gives.
        ConfigError: a name is not known, the loss cannot measure what the last layer gives, or a
            layer belongs to another network.
    """

    def __init__(
        self,
        layers: Sequence[Layer | str | Mapping[str, Any]],
        shape: Shape = (28, 28),
        loss: str | Loss = "mse",
        engine: str | Engine = "numpy",
        initializer: str | Initializer = "uniform",
        seed: int | np.random.Generator = 1,
    ) -> None:
        self.layers, self.shape = list(map(as_layer, layers, count())), tuple(shape)
        self.engine = look_up("engine", ENGINES, engine)() if isinstance(engine, str) else engine
        self.rng = np.random.default_rng([seed, NETWORK]) if isinstance(seed, int) else seed
        self.loss = look_up("loss", LOSSES, loss) if isinstance(loss, str) else loss
        if isinstance(initializer, str):
            initializer = look_up("initializer", INITIALIZERS, initializer)
        self.initializer = initializer
        self._claim_layers()
        self.shapes = [self.shape]
        for layer in self.layers:
            output = layer.build(self.engine, self.shapes[-1], Start(initializer, self.rng))
            self.shapes.append(output)
        if len(last := self.shapes[-1]) != 1:
            raise ShapeError("the last layer", "one number a class", f"an output of shape {last}")
        self.outputs = last[0]
        name = self.layers[-1].activation_name
        if self.loss.outputs and name in ACTIVATIONS and name not in self.loss.outputs:
            raise ConfigError("loss", self._better_loss(name))
        self.fused = name in self.loss.fused
        self.criterion = self.loss.fused[name] if self.fused else self.loss.plain
        self._workspaces: dict[tuple[int, bool], Workspace] = {}
        for layer in self.layers:
            layer.built = True

    def _claim_layers(self) -> None:
        """Each layer is ready to be built, and nobody else's."""
        if not self.layers:
            raise ConfigError("layers", "expected at least one")
        taken = "it holds the weights of another place already: make a new one"
        for i, layer in enumerate(self.layers):
            if layer.built or any(layer is other for other in self.layers[:i]):
                raise ConfigError(f"layers[{i}]", taken)

    def _better_loss(self, last: str) -> str:
        """What to say of a loss that cannot measure the last layer's outputs."""
        wanted = " or ".join(self.loss.outputs)
        fitting = [loss.name for loss in LOSSES.values() if loss.outputs and last in loss.outputs]
        advice = f"; for {last}, take {' or '.join(fitting)}" if fitting else ""
        return f"{self.loss.name} needs {wanted} in the last layer{advice}"

    def _places(self) -> list[tuple[str, int, str]]:
        """Each parameter's full name, its layer's number (`_named`: the layer), its name there."""
        layers = enumerate(self.layers)
        return [(f"layers.{i}.{key}", i, key) for i, layer in layers for key in layer.parameters]

    def _named(self) -> list[tuple[str, Layer, str]]:
        return [(full, self.layers[i], key) for full, i, key in self._places()]

    def parameters(self) -> dict[str, NDArray[Any]]:
        """The live parameters, as `layers.0.weight`: writing into one changes the network. They are
        the engine's own: numpy's, or of the python engine lists that numpy can read."""
        return self.shaped({full: layer.parameters[name] for full, layer, name in self._named()})

    def memory(self) -> dict[str, NDArray[Any]]:
        """What layers remember without training it, as `layers.1.running_mean`; live as well."""
        layers = enumerate(self.layers)
        return {f"layers.{i}.{name}": a for i, layer in layers for name, a in layer.memory.items()}

    def attach(self, optimizer: Optimizer, seen: bool = False) -> list[Sinks]:
        """Give the parameters into an optimiser's charge; returns each layer's sinks.

        Args:
            seen: let every gradient go into a buffer of the optimiser's.
        """
        parameters = {full: layer.parameters[name] for full, layer, name in self._named()}
        decays = {full for full, layer, name in self._named() if name in layer.decays}
        buffered = [full for full, layer, _ in self._named() if seen or not layer.direct]
        optimizer.attach(self.engine, parameters, decays, buffered)
        return [
            {name: optimizer.sinks[f"layers.{i}.{name}"] for name in layer.parameters}
            for i, layer in enumerate(self.layers)
        ]

    def to_json(self) -> dict[str, Any]:
        """The fields of a configuration that make an equal network, untrained.

        Raises:
            ConfigError: something in it is the reader's own.
        """
        return {
            "layers": [
                write_tagged(LAYERS, layer, f"layers[{i}]") for i, layer in enumerate(self.layers)
            ],
            "loss": name_in("loss", LOSSES, self.loss),
            "initializer": name_in("initializer", INITIALIZERS, self.initializer),
            "engine": name_in("engine", ENGINES, self.engine.name),
        }

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

    def measure_loss(self, work: Workspace, training: bool = False) -> float:
        """The batch's mean loss, after `forward`; for training, also its gradient."""
        last = work.flows[-1]
        out = (last.delta if self.fused else last.da) if training else None
        return self.engine.loss(self.criterion, last.z, last.a, work.y, out)

    def backward(self, work: Workspace, sinks: Sequence[Sinks]) -> None:
        """Backpropagate, after `measure_loss`: from the last layer to the first, each gradient
        goes to its sink."""
        fused = self.fused
        for i in reversed(range(len(self.layers))):
            self.layers[i].backward(work.flows[i], sinks[i], fused)
            fused = False

    def backpropagated(self, work: Workspace) -> dict[str, NDArray[Any]]:
        """∂L/∂θ of every parameter by name, after `measure_loss`, in arrays of its own."""
        sinks = [
            {name: Sink(self.engine.zeros(array.shape)) for name, array in layer.parameters.items()}
            for layer in self.layers
        ]
        self.backward(work, sinks)
        return self._shown(sinks)

    def gradients(self, work: Workspace) -> dict[str, NDArray[Any]]:
        """The same after `backward`: found again.

        What `backward` has used is still in the workspace, so each layer can repeat its part. It
        writes what it passes on elsewhere, for by now that would be of other weights.
        """
        into: list[dict[str, Sink]] = []
        for i, (layer, flow) in enumerate(zip(self.layers, work.flows, strict=True)):
            zeros = self.engine.zeros
            into.append({name: Sink(zeros(a.shape)) for name, a in layer.parameters.items()})
            if layer.parameters:
                again = replace(flow, backward_arrays={})
                layer.flow_back(again, flow.da, first=i == 0)
                again.delta = flow.delta
                layer.backward(again, into[i], self.fused and i == len(self.layers) - 1)
        return self._shown(into)

    def _shown(self, sinks: Sequence[Sinks]) -> dict[str, NDArray[Any]]:
        arrays = {full: sinks[i][name].array for full, i, name in self._places()}
        return {full: np.asarray(array) for full, array in self.shaped(arrays).items()}

    def shaped(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """Arrays of parameters' sizes, by the parameters' names, in the shapes these are shown."""
        shown = {}
        for full, layer, name in self._named():
            if full in arrays:
                shape = layer.stored_shapes.get(name, arrays[full].shape)
                shown[full] = self.engine.view(arrays[full], shape)
        return shown

    def arrays(self, work: Workspace) -> Iterator[tuple[str, Array]]:
        """All arrays of a workspace by name, in the order in which a step computes them."""
        yield from self.forward_arrays(work)
        yield from self.backward_arrays(work)

    def forward_arrays(self, work: Workspace) -> Iterator[tuple[str, Array]]:
        """Those of the way forward."""
        yield "x", work.x
        for i, flow in enumerate(work.flows):
            yield from ((f"layers.{i}.{name}", a) for name, a in flow.named_forward().items())

    def backward_arrays(self, work: Workspace) -> Iterator[tuple[str, Array]]:
        """Those of the way back."""
        for i, flow in reversed(list(enumerate(work.flows))):
            yield from ((f"layers.{i}.{name}", a) for name, a in flow.named_backward().items())

    def activations(self, x: Any) -> list[NDArray[Any]]:
        """What every layer answers to `x`, float32 (n, pixels) in 0..1, as copies; training is not
        disturbed. Raises ShapeError if an example has not as many numbers as the input."""
        x = as_examples(x, self.shape, np.float32)
        work = self.workspace(len(x))
        self.engine.load(x, work.x)
        with np.errstate(all="ignore"):  # of weights that are too large, too, the truth is told
            self.forward(work)
        return [
            np.array(flow.a).reshape(len(x), *shape)
            for flow, shape in zip(work.flows, self.shapes[1:], strict=True)
        ]

    def predict(self, images: Any) -> NDArray[np.float32]:
        """The outputs for some images: float32 (n, classes).

        Args:
            images: (n, *shape) or (n, pixels), as bytes 0..255 or as floats 0..1.

        Raises:
            ShapeError: an image has not as many pixels as the network's input.
        """
        x = as_examples(images, self.shape, np.float32)
        answers = np.empty((len(x), self.outputs), np.float32)
        for begin in range(0, len(x), CHUNK):
            part = x[begin : begin + CHUNK]
            answers[begin : begin + CHUNK] = self.activations(part)[-1]
        return answers

    def copy_to(self, engine: Engine, layers: Sequence[Layer] | None = None) -> Network:
        """A network of the same layers (or of other new ones), numbers and generator, elsewhere."""
        rng, made = copy.deepcopy(self.rng), layers or [unbuilt(layer) for layer in self.layers]
        twin = Network(made, self.shape, self.loss, engine, "zeros", rng)
        twin.initializer = self.initializer
        rng.bit_generator.state = self.rng.bit_generator.state  # building may have drawn
        originals = {**self.parameters(), **self.memory()}
        for name, array in {**twin.parameters(), **twin.memory()}.items():
            engine.load(np.array(originals[name]), array)
        return twin

    def show(self, image: Any, label: int | None = None) -> Shown:
        """What the network makes of one image, as a figure for a notebook (`glassnet.shown`)."""
        from glassnet.shown import shown  # only notebooks need it

        return shown(self, image, label)

    def _repr_html_(self) -> str:
        from glassnet.showing import network_html  # only notebooks need it

        return network_html(self)

    def __repr__(self) -> str:
        size = "×".join(map(str, self.shape))
        layers = ", ".join(map(repr, self.layers))
        count = sum(math.prod(array.shape) for array in self.parameters().values())
        return f"<Network: {size} → {layers}; {self.loss.name}, {count:,} parameters>"
