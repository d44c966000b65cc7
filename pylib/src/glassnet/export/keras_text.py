"""A network as Python for Keras 3, which has an image's channels last, as we do."""

from __future__ import annotations

from typing import Any

import glassnet
from glassnet.activations import LEAK
from glassnet.export.plan import Plan, Step
from glassnet.layers.batch_norm import EPSILON
from glassnet.network import Network

ACTIVATIONS = {
    "identity": "",
    "sigmoid": 'Activation("sigmoid")',
    "tanh": 'Activation("tanh")',
    "relu": 'Activation("relu")',
    "leaky_relu": f"LeakyReLU(negative_slope={LEAK})",
    "gelu": "Activation(gelu)",
    "softmax": "Softmax(axis=-1)",
}
GELU = '''
def gelu(z):
    """By tanh: Keras's own default is the exact one."""
    return keras.activations.gelu(z, approximate=True)

'''
TURNED = {"dense": ".T", "conv2d": ".transpose(1, 2, 3, 0)"}  # a weight, units last

TEXT = '''"""A network of glassnet's in Keras 3. Needs keras and safetensors.

    model = load("weights.safetensors")  # the file in a run's folder
    outputs = model.predict(images)  # float32 (n, {shape}) of 0..1; gives (n, {outputs})

Written by glassnet {version}.
"""

import keras
from safetensors.numpy import load_file

{gelu}
def build():
    return keras.Sequential(
        [
            keras.Input({input}),
{layers}
        ]
    )


def load(path):
    """The network with glassnet's weights, ready to answer."""
    ours = load_file(path)
    model = build()
{weights}
    return model
'''


def keras(network: Network) -> str:
    """Python source that builds the same network in Keras 3 and loads our weights into it.

    Its `load(path)` reads the safetensors file that a run keeps, or `save_model` writes.

    Raises:
        ConfigError: a layer or an activation is the reader's own.
    """
    plan = Plan(network.layers, network.shapes)
    layers = [made for step in plan.steps for made in _layers(step, network)]
    weights = [line for step in plan.steps if step.matches for line in _weights(step)]
    return TEXT.format(
        version=glassnet.__version__,
        shape=", ".join(map(str, network.shape)),
        input=network.shape,
        outputs=network.outputs,
        gelu=GELU if "Activation(gelu)" in layers else "",
        layers="\n".join(f"            keras.layers.{made}," for made in layers),
        weights="\n".join(f"    {line}" for line in weights),
    )


def _layers(step: Step, network: Network) -> list[str]:
    """The layers of a step; turning an image is none."""
    layer: Any = step.layer
    name = f'name="layers_{step.place}"'
    match step.op:
        case "dense":
            return [f"Dense({layer.units}, {name})"]
        case "conv2d":
            before = [f"ZeroPadding2D({layer.padding})"] if layer.padding else []
            stride = f", strides={layer.stride}" if layer.stride != 1 else ""
            return [*before, f"Conv2D({layer.filters}, {layer.size}{stride}, {name})"]
        case "max_pool2d" | "average_pool2d":
            kind = "MaxPooling2D" if step.op == "max_pool2d" else "AveragePooling2D"
            return [f"{kind}({layer.size}, strides={layer.stride or layer.size})"]
        case "batch_norm":
            momentum = round(1 - layer.momentum, 12)  # the part of the old there, of the new here
            return [f"BatchNormalization(momentum={momentum}, epsilon={EPSILON}, {name})"]
        case "dropout":
            return [f"Dropout({layer.rate})"]
        case "activation":
            return [made] if (made := ACTIVATIONS[step.activation]) else []
        case "channel":
            return [f"Reshape({(*network.shapes[step.place], 1)})"]
        case "flatten":
            return ["Flatten()"]
    return []


def _weights(step: Step) -> list[str]:
    """The lines that give a layer its arrays; Keras has them in the order in which we do."""
    turned = TURNED.get(step.op, "")
    return [
        f'model.get_layer("layers_{step.place}").set_weights(',
        "    [",
        *(
            f'        ours["{match.ours}"]{turned if name == "weight" else ""},'
            for name, match in step.matches.items()
        ),
        "    ]",
        ")",
    ]
