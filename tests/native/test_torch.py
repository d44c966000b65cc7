"""The same networks, weights and batches in PyTorch: forward, gradients, ten steps of training.

PyTorch is an independent implementation of all that we do; it is only ever used here. Ours runs in
float32 and in float64; PyTorch in float64. Images are channels-last here, channels-first there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS
from glassnet.engines import Engine, make_engine
from glassnet.engines.numpy import NumpyEngine
from glassnet.layers import LAYERS
from glassnet.losses import LOSSES
from glassnet.network import Network
from glassnet.optimizers import OPTIMIZERS, Optimizer
from glassnet.options import make
from unit.small import dense, network

if TYPE_CHECKING:
    import torch
    from torch import nn
else:
    torch = pytest.importorskip("torch", reason="PyTorch's build for the CPU is not to be had here")
    nn = torch.nn

ENGINES: dict[str, Callable[[], Engine]] = {
    "float32": lambda: make_engine("numpy"),
    "float64": lambda: NumpyEngine("float64"),
    "python": lambda: make_engine("python"),
}
TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
SHAPE = (6, 7, 2)

ACTIVATE: dict[str, Callable[[], nn.Module]] = {
    "identity": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.01),
    "gelu": lambda: nn.GELU(approximate="tanh"),
    "softmax": lambda: nn.Softmax(dim=1),
}


class ChannelsLast(nn.Module):
    """A layer of PyTorch's on images as we keep them."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = self.inner(x.permute(0, 3, 1, 2) if x.ndim == 4 else x)
        return found.permute(0, 2, 3, 1) if found.ndim == 4 else found


class Pictures(nn.Module):
    """An image without channels has one."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[..., None] if x.ndim == 3 else x


def counterpart(layer: Any) -> nn.Module:
    """The same layer in PyTorch, with the same parameters."""
    options = {field: getattr(layer, field) for field in layer.__dataclass_fields__}
    weights = {
        name: torch.tensor(
            np.array(array, np.float64).reshape(layer.stored_shapes.get(name, np.shape(array)))
        )
        for name, array in layer.parameters.items()
    }
    made: nn.Module
    match type(layer).__name__:
        case "Dense":
            made = nn.Sequential(nn.Flatten(), nn.Linear(layer.weight.shape[1], layer.units))
            load(made[1], weights["weight"], weights["bias"])
            made.append(ACTIVATE[options["activation"]]())
        case "Conv2D":
            filters, size, _, channels = weights["weight"].shape
            inner = nn.Conv2d(channels, filters, size, options["stride"], options["padding"])
            load(inner, weights["weight"].permute(0, 3, 1, 2), weights["bias"])
            made = nn.Sequential(Pictures(), ChannelsLast(inner), ACTIVATE[options["activation"]]())
        case "MaxPool2D":
            made = ChannelsLast(nn.MaxPool2d(options["size"], options["stride"] or None))
        case "AveragePool2D":
            made = ChannelsLast(nn.AvgPool2d(options["size"], options["stride"] or None))
        case "BatchNorm":
            size = len(weights["gamma"])
            images = nn.BatchNorm2d(size, momentum=options["momentum"])
            made = ChannelsLast(images if layer.images else nn.BatchNorm1d(size))
            load(made.inner, weights["gamma"], weights["beta"])
        case "Activate":
            made = ACTIVATE[options["activation"]]()
        case "Flatten":
            made = nn.Flatten()
        case _:
            raise NotImplementedError(type(layer).__name__)
    return made.double()


def load(module: Any, weight: torch.Tensor, bias: torch.Tensor) -> None:
    module.weight.data, module.bias.data = weight.contiguous(), bias


def loss_of(name: str, model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    outputs = model(x)
    if name == "mse":
        return 0.5 * nn.functional.mse_loss(outputs, y, reduction="sum") / len(x)
    if name == "cross_entropy":
        return -(y * outputs.log()).sum() / len(x)
    return nn.functional.binary_cross_entropy(outputs, y, reduction="sum") / len(x)


def batch(step: int, shape: tuple[int, ...], classes: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(step)
    return rng.standard_normal((8, *shape)), rng.integers(0, classes, 8).astype(np.uint8)


def natural(name: str, gradient: NDArray[Any]) -> NDArray[Any]:
    """PyTorch's array as we keep it."""
    return gradient.transpose(0, 2, 3, 1) if gradient.ndim == 4 else gradient


class Pair:
    """One network, here and there."""

    def __init__(self, layers: list[dict[str, Any]], loss: str, engine: str) -> None:
        shape = SHAPE
        self.engine, self.loss, self.shape = ENGINES[engine](), loss, shape
        self.net: Network = network(layers, shape, loss, self.engine, seed=7)
        for layer, size in zip(self.net.layers, self.net.shapes, strict=False):
            layer.images = len(size) == 3  # type: ignore[attr-defined]
        self.model = nn.Sequential(*map(counterpart, self.net.layers))
        self.tolerance = TOLERANCE[self.engine.dtype]

    def step(self, number: int, optimizer: Optimizer, sinks: Any) -> tuple[float, torch.Tensor]:
        """The loss of one batch on both sides; the gradients are then there."""
        x, labels = batch(number, self.shape, self.net.outputs)
        work = self.net.workspace(len(x), training=True)
        self.engine.load(np.ascontiguousarray(x), work.x)
        self.engine.one_hot(labels, work.y)
        optimizer.begin(1.0)
        outputs = self.net.forward(work, training=True)
        there = self.model(torch.tensor(x)).detach().numpy()
        np.testing.assert_allclose(outputs, there, rtol=self.tolerance, atol=self.tolerance)
        loss = self.net.measure_loss(work, training=True)
        self.net.backward(work, sinks)
        y = nn.functional.one_hot(torch.tensor(labels.astype(int)), self.net.outputs).double()
        return loss, loss_of(self.loss, self.model, torch.tensor(x), y)

    def same_weights(self) -> None:
        ours, theirs = list(self.net.parameters().items()), list(self.model.parameters())
        for (name, array), parameter in zip(ours, theirs, strict=True):
            wanted = natural(name, parameter.detach().numpy())
            np.testing.assert_allclose(
                array, wanted, rtol=self.tolerance, atol=self.tolerance, err_msg=name
            )


def check(layers: list[dict[str, Any]], loss: str, engine: str) -> None:
    """Forward, loss and every gradient."""
    pair = Pair(layers, loss, engine)
    optimizer: Optimizer = make(OPTIMIZERS, {"type": "sgd", "lr": 0.0})
    sinks = pair.net.attach(optimizer, seen=True)
    for module in pair.model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.momentum = 0.0  # the forward pass for comparison is not to be remembered
    found, wanted = pair.step(0, optimizer, sinks)
    assert found == pytest.approx(wanted.item(), rel=pair.tolerance)
    wanted.backward()
    gradients = zip(optimizer.gradients.items(), pair.model.parameters(), strict=True)
    for (name, gradient), parameter in gradients:
        assert parameter.grad is not None
        there = natural(name, parameter.grad.numpy())
        ours = np.asarray(gradient).reshape(there.shape)
        np.testing.assert_allclose(
            ours, there, rtol=pair.tolerance, atol=pair.tolerance, err_msg=name
        )


LAST = [dense(4, "softmax")]
FIRST: dict[str, Any] = {"type": "conv2d", "filters": 3, "size": 2, "activation": "tanh"}

# One row a layer; dropout is random, and its mask is checked by finite differences instead.
BETWEEN: dict[str, list[dict[str, Any]]] = {
    "dense": [dense(5, "tanh")],
    "conv2d": [{"type": "conv2d", "filters": 4, "size": 3, "stride": 2, "padding": 1}],
    "max_pool2d": [{"type": "max_pool2d", "size": 3, "stride": 2}],
    "average_pool2d": [{"type": "average_pool2d"}],
    "flatten": [{"type": "flatten"}],
    "activation": [{"type": "activation", "activation": "gelu"}],
    "batch_norm": [{"type": "batch_norm"}, dense(5, "tanh"), {"type": "batch_norm"}],
}


def test_every_layer_has_a_row() -> None:
    assert LAYERS.keys() - BETWEEN.keys() == {"dropout"}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", BETWEEN)
def test_layer(kind: str, engine: str) -> None:
    check([FIRST, *BETWEEN[kind], *LAST], "cross_entropy", engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activation(activation: str, engine: str) -> None:
    check([dense(6, activation), *LAST], "cross_entropy", engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("loss", "last"),
    [(loss.name, last) for loss in LOSSES.values() for last in loss.outputs or ACTIVATIONS],
)
def test_loss(loss: str, last: str, engine: str) -> None:
    check([dense(5, "tanh"), dense(4, last)], loss, engine)


# One row an optimiser: ours, and PyTorch's. Its weight decay is on everything, so is ours here.
THERE: dict[str, tuple[dict[str, Any], Callable[[Any], torch.optim.Optimizer]]] = {
    "sgd": ({"lr": 0.5}, lambda p: torch.optim.SGD(p, lr=0.5)),
    "momentum": ({"lr": 0.1}, lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
    "nesterov": (
        {"lr": 0.1},
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    ),
    "rmsprop": ({"lr": 0.01}, lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9)),
    "adam": ({"lr": 0.01}, lambda p: torch.optim.Adam(p, lr=0.01)),
    "adamw": (
        {"lr": 0.01, "decay": 0.1},
        lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
    ),
}
WITH_L2: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.5, weight_decay=0.01),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "nesterov": lambda p: torch.optim.SGD(
        p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01
    ),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, weight_decay=0.01),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.01),
}


def test_every_optimizer_has_a_row() -> None:
    assert THERE.keys() == OPTIMIZERS.keys()


NETWORK: list[dict[str, Any]] = [FIRST, {"type": "max_pool2d"}, dense(6, "sigmoid"), *LAST]


def ten_steps(
    kind: str,
    options: dict[str, float],
    theirs: Callable[[Any], torch.optim.Optimizer],
    engine: str,
    clip: float = 0.0,
) -> None:
    pair = Pair(NETWORK, "cross_entropy", engine)
    if clip:  # PyTorch divides by the norm plus a millionth
        pair.tolerance = max(pair.tolerance, 1e-6)
    optimizer: Optimizer = make(OPTIMIZERS, {"type": kind, **options, "clip": clip})
    for layer in pair.net.layers:
        layer.decays = tuple(layer.parameters)  # type: ignore[misc]
    sinks = pair.net.attach(optimizer)
    reference = theirs(pair.model.parameters())
    for number in range(10):
        found, wanted = pair.step(number, optimizer, sinks)
        assert found == pytest.approx(wanted.item(), rel=pair.tolerance)
        optimizer.finish()
        reference.zero_grad()
        wanted.backward()
        if clip:
            nn.utils.clip_grad_norm_(pair.model.parameters(), clip)
        reference.step()
        pair.same_weights()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", THERE)
def test_ten_steps(kind: str, engine: str) -> None:
    options, theirs = THERE[kind]
    ten_steps(kind, options, theirs, engine)


@pytest.mark.parametrize("engine", ["float32", "float64"])
@pytest.mark.parametrize("kind", WITH_L2)
def test_ten_steps_with_a_penalty(kind: str, engine: str) -> None:
    ten_steps(kind, {**THERE[kind][0], "l2": 0.01}, WITH_L2[kind], engine)


@pytest.mark.parametrize("engine", ["float32", "float64"])
def test_ten_steps_with_clipping(engine: str) -> None:
    options, theirs = THERE["momentum"]
    ten_steps("momentum", options, theirs, engine, clip=0.2)


def test_what_batch_norm_remembers() -> None:
    """The running mean and variance after five batches, and the answer that follows from them."""
    pair = Pair([FIRST, {"type": "batch_norm", "momentum": 0.3}, *LAST], "cross_entropy", "float64")
    for number in range(5):
        x, _ = batch(number, SHAPE, 4)
        work = pair.net.workspace(8, training=True)
        pair.engine.load(np.ascontiguousarray(x), work.x)
        pair.net.forward(work, training=True)
        pair.model(torch.tensor(x))
    memory, module = pair.net.memory(), pair.model[1].inner
    for ours, theirs in zip(memory.values(), ("running_mean", "running_var"), strict=True):
        np.testing.assert_allclose(ours, getattr(module, theirs).numpy(), rtol=1e-12)
    x = x.astype(np.float32)
    there = pair.model.eval()(torch.tensor(x).double()).detach().numpy()
    np.testing.assert_allclose(pair.net.activations(x)[-1], there, rtol=1e-9)
