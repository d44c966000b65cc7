"""A network as Python for PyTorch: what a learner would have written, with the weights' loading."""

from __future__ import annotations

from typing import Any

import glassnet
from glassnet.activations import LEAK
from glassnet.export.plan import Match, Plan, Step
from glassnet.layers.batch_norm import EPSILON
from glassnet.network import Network

ACTIVATIONS = {
    "identity": "",
    "sigmoid": "torch.sigmoid(x)",
    "tanh": "torch.tanh(x)",
    "relu": "torch.relu(x)",
    "leaky_relu": f"nn.functional.leaky_relu(x, {LEAK})",
    "gelu": 'nn.functional.gelu(x, approximate="tanh")',
    "softmax": "torch.softmax(x, dim={axis})",
}

TEXT = '''"""A network of glassnet's in PyTorch. Needs torch and safetensors.

    model = load("weights.safetensors")  # the file in a run's folder
    outputs = model(images)  # float32 (n, {shape}) of 0..1; gives (n, {outputs})

Written by glassnet {version}.
"""

import torch
from safetensors.torch import load_file
from torch import nn

{turn}
class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleDict(
            {{
{modules}
            }}
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
{forward}
        return x


def load(path: str) -> Network:
    """The network with glassnet's weights, ready to answer."""
    ours = load_file(path)
    model = Network()
    model.load_state_dict(
        {{
{state}
        }}
    )
    return model.eval()
'''
TURN = '''
def channels_first(x: torch.Tensor, *image: int) -> torch.Tensor:
    """What was an image (height, width, channels), made a row, as PyTorch makes it one."""
    return x.unflatten(-1, image).movedim(-1, -3).flatten(-3)

'''


def pytorch(network: Network) -> str:
    """Python source that builds the same network in PyTorch and loads our weights into it.

    Its `load(path)` reads the safetensors file that a run keeps, or `save_model` writes; the
    module's state dict is what `state_dict` gives. Images are turned to channels first inside it,
    so it takes what `Network.activations` takes.

    Raises:
        ConfigError: a layer or an activation is the reader's own.
    """
    plan = Plan(network.layers, network.shapes)
    modules = {step.place: made for step in plan.steps if (made := _module(step))}
    lines = [f"x = {line}" for step in plan.steps if (line := _line(step))]
    return TEXT.format(
        version=glassnet.__version__,
        shape=", ".join(map(str, network.shape)),
        outputs=network.outputs,
        turn=TURN if any(match.image for match in plan.matches) else "",
        modules="\n".join(f'{" " * 16}"{place}": {made},' for place, made in modules.items()),
        forward="\n".join(f"        {line}" for line in lines),
        state="\n".join(f'{" " * 12}"{m.theirs}": {_loaded(m)},' for m in plan.matches),
    )


def _module(step: Step) -> str:
    """What goes into the module dictionary; nothing for what has neither arrays nor a mode."""
    layer: Any = step.layer
    match step.op:
        case "dense":
            units, inputs = step.matches["weight"].shape_there
            return f"nn.Linear({inputs}, {units})"
        case "conv2d":
            filters, channels, size, _ = step.matches["weight"].shape_there
            more = f", stride={layer.stride}" if layer.stride != 1 else ""
            more += f", padding={layer.padding}" if layer.padding else ""
            return f"nn.Conv2d({channels}, {filters}, {size}{more})"
        case "batch_norm":
            kind = "BatchNorm2d" if step.dimensions == 3 else "BatchNorm1d"
            count = step.matches["weight"].shape[0]
            return f"nn.{kind}({count}, eps={EPSILON}, momentum={layer.momentum})"
        case "dropout":
            return f"nn.Dropout({layer.rate})"
    return ""


def _line(step: Step) -> str:
    """What comes of x."""
    layer: Any = step.layer
    match step.op:
        case "activation":
            return ACTIVATIONS[step.activation].format(axis=step.axis)
        case "max_pool2d" | "average_pool2d":
            kind = "max_pool2d" if step.op == "max_pool2d" else "avg_pool2d"
            return f"nn.functional.{kind}(x, {layer.size}, {layer.stride or layer.size})"
        case "permute":
            return f"x.permute({', '.join(map(str, step.axes))})"
        case "channel":
            return "x.unsqueeze(1)"
        case "flatten":
            return "x.flatten(1)"
    return f'self.layers["{step.place}"](x)'


def _loaded(match: Match) -> str:
    """An array of ours as PyTorch has it."""
    text = f'ours["{match.ours}"]'
    if match.axes:
        text += f".permute({', '.join(map(str, match.axes))})"
    return f"channels_first({text}, {', '.join(map(str, match.image))})" if match.image else text
