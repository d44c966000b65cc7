"""A network as an ONNX model, written without onnx: a graph of standard operators.

Opset 20 (ONNX 1.15, October 2023) is the first with a Gelu. Operators:
https://onnx.ai/onnx/operators/.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import glassnet
from glassnet.activations import LEAK
from glassnet.errors import StorageError
from glassnet.export import messages
from glassnet.export.messages import Attribute
from glassnet.export.plan import Plan, Step, arrays
from glassnet.layers.batch_norm import EPSILON
from glassnet.network import Network
from glassnet.storage.files import write_file

IR, OPSET = 9, 20
INPUT, OUTPUT = "images", "outputs"
MOST = 2**31 - 1  # bytes of a protobuf message

ACTIVATIONS: dict[str, tuple[str, dict[str, Attribute]]] = {
    "identity": ("Identity", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "relu": ("Relu", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": LEAK}),
    "gelu": ("Gelu", {"approximate": "tanh"}),
    "softmax": ("Softmax", {}),  # and its axis
}


def onnx(network: Network, path: str | Path | None = None, *, classes: Sequence[str] = ()) -> bytes:
    """A network as an ONNX model of opset 20.

    Its one input, `images`, is float32 (n, *network.shape) of 0..1, for any n; its output,
    `outputs`, float32 (n, classes): what `network.predict` answers. Batch norm takes its running
    means, dropout lets everything pass. Parameters are named, and laid out, as in `state_dict`.

    Args:
        path: where to write it, too; replaced if it is there.
        classes: the name of each output, for the model's metadata.

    Returns:
        The file's bytes.

    Raises:
        ConfigError: a layer or an activation is the reader's own.
        StorageError: larger than 2 GiB, the most that the format has room for; or the file cannot
            be written.
    """
    model = _Graph(network, classes).model()
    if len(model) > MOST:
        raise StorageError(f"an ONNX model of {len(model):,} bytes; the format's limit is {MOST:,}")
    if path is not None:
        write_file(path, model)
    return model


class _Graph:
    """The nodes so far, and the tensor that they have come to."""

    def __init__(self, network: Network, classes: Sequence[str]) -> None:
        self.network, self.classes = network, classes
        self.nodes: list[tuple[str, str, list[str], dict[str, Attribute]]] = []
        self.tensors: dict[str, NDArray[Any]] = {}
        for step in Plan(network.layers, network.shapes).steps:
            getattr(self, f"_{step.op}")(step)
        if not self.nodes:  # layers that change nothing
            self.nodes.append(("Identity", "identity", [], {}))

    def model(self) -> bytes:
        """ModelProto."""
        shape, outputs = self.network.shape, self.network.outputs
        size = "×".join(map(str, shape))
        nodes, at = [], INPUT
        for i, (op, name, inputs, attributes) in enumerate(self.nodes):
            to = OUTPUT if i == len(self.nodes) - 1 else name
            nodes.append(messages.node(op, name, [at, *inputs], to, attributes))
            at = to
        graph = messages.graph(
            "network",
            nodes,
            (messages.tensor(name, array) for name, array in self.tensors.items()),
            messages.value(INPUT, ["n", *shape], f"n examples of {size}, each number 0..1"),
            messages.value(OUTPUT, ["n", outputs], "one number a class"),
        )
        producer = ("glassnet", glassnet.__version__)
        about = f"{self.network!r}, for images of 0..1: a byte divided by 255"
        named = {"classes": json.dumps(list(self.classes))} if self.classes else {}
        made = messages.model(graph, IR, OPSET, producer, about)
        return made + messages.metadata(named)

    def _add(
        self,
        step: Step,
        op: str,
        inputs: Sequence[str] = (),
        attributes: dict[str, Attribute] | None = None,
    ) -> None:
        name = f"layers.{step.place}.{op.lower()}"
        again = sum(other.startswith(name) for _, other, _, _ in self.nodes)
        name += f".{again}" if again else ""
        self.nodes.append((op, name, list(inputs), attributes or {}))

    def _keep(self, step: Step, *names: str) -> list[str]:
        """The names of some of a step's arrays, which are kept as there."""
        ours, matches = arrays(step.layer), [step.matches[name] for name in names]
        for match in matches:
            array = ours[match.ours.rpartition(".")[2]]
            self.tensors[match.theirs] = match.there(array.astype(np.float32))
        return [match.theirs for match in matches]

    def _dense(self, step: Step) -> None:
        self._add(step, "Gemm", self._keep(step, "weight", "bias"), {"transB": 1})

    def _conv2d(self, step: Step) -> None:
        layer: Any = step.layer
        self._add(
            step,
            "Conv",
            self._keep(step, "weight", "bias"),
            {
                "kernel_shape": [layer.size] * 2,
                "strides": [layer.stride] * 2,
                "pads": [layer.padding] * 4,
            },
        )

    def _max_pool2d(self, step: Step, op: str = "MaxPool") -> None:
        layer: Any = step.layer
        stride = layer.stride or layer.size
        self._add(step, op, (), {"kernel_shape": [layer.size] * 2, "strides": [stride] * 2})

    def _average_pool2d(self, step: Step) -> None:
        self._max_pool2d(step, "AveragePool")

    def _batch_norm(self, step: Step) -> None:
        names = self._keep(step, "weight", "bias", "running_mean", "running_var")
        self._add(step, "BatchNormalization", names, {"epsilon": EPSILON})

    def _dropout(self, step: Step) -> None:
        """One that lets everything pass, unless whoever goes on to train says otherwise."""
        name, layer = f"layers.{step.place}.rate", step.layer
        self.tensors[name] = np.array(layer.rate, np.float32)  # type: ignore[attr-defined]
        self._add(step, "Dropout", [name])

    def _activation(self, step: Step) -> None:
        op, attributes = ACTIVATIONS[step.activation]
        if op != "Identity":
            axis: dict[str, Attribute] = {"axis": step.axis} if op == "Softmax" else {}
            self._add(step, op, (), {**attributes, **axis})

    def _permute(self, step: Step) -> None:
        self._add(step, "Transpose", (), {"perm": step.axes})

    def _channel(self, step: Step) -> None:
        name = f"layers.{step.place}.axes"
        self.tensors[name] = np.array([1], np.int64)
        self._add(step, "Unsqueeze", [name])

    def _flatten(self, step: Step) -> None:
        self._add(step, "Flatten", (), {"axis": 1})
