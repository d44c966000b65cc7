"""Runs in which the simd engine's losses have to be numpy's: each type of layer, each activation,
loss and optimiser once. Their unit test trains them on 10×10 pixels, the bench on MNIST.

Two engines add the same numbers up in different orders, so from the first step on they are a
rounding of 6e-8 apart, and training can enlarge that. The rates here are such as one trains with:
0.02 with momentum 0.9, 0.2 without, 0.003 for optimisers that scale their steps, 1.0 for the small
gradients of "mse" after a sigmoid. The losses are then within 1e-6, on MNIST batch_norm's within
7e-6 and all others' within 3e-6 (measured, Chromium and Firefox). At ten times these rates some
runs diverge (conv2d, identity, batch_norm), and nothing that diverges is alike: numpy in float32
and in float64 are as far apart there. Where max pooling or relu meets numbers that are all but
equal, a rounding can choose another winner; at these rates that has not come to show.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from glassnet.data.dataset import Dataset
from unit.small import bars, dense

TOLERANCE = 1e-5  # relative, for each loss
STEPS = 100
BATCH = 12

Layers = list[dict[str, Any]]

CONV: dict[str, Any] = {"type": "conv2d", "filters": 4, "size": 3, "activation": "relu"}
OTHER_CONV = {**CONV, "stride": 2, "padding": 1, "activation": "tanh"}
MOMENTUM: dict[str, Any] = {"type": "momentum", "lr": 0.02}

LAYERS: dict[str, Layers] = {
    "dense": [dense(12, "sigmoid"), dense(12, "tanh")],
    "conv2d": [CONV, OTHER_CONV],
    "max_pool2d": [CONV, {"type": "max_pool2d", "size": 2}],
    "average_pool2d": [CONV, {"type": "average_pool2d", "size": 3, "stride": 2}],
    "flatten": [OTHER_CONV, {"type": "flatten"}, dense(12, "relu")],
    "activation": [dense(12, "identity"), {"type": "activation", "activation": "gelu"}],
    "dropout": [dense(12, "relu"), {"type": "dropout", "rate": 0.2}],
    "batch_norm": [
        {**CONV, "activation": "identity"},
        {"type": "batch_norm"},
        {"type": "activation", "activation": "leaky_relu"},
    ],
}
ACTIVATIONS = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "gelu", "softmax"]
LOSSES: dict[str, tuple[str, dict[str, Any]]] = {  # the last activation, the optimiser
    "mse": ("sigmoid", {"type": "sgd", "lr": 1.0}),
    "cross_entropy": ("softmax", MOMENTUM),
    "binary_cross_entropy": ("sigmoid", MOMENTUM),
}
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "sgd": {"lr": 0.2},
    "momentum": {"lr": 0.02},
    "nesterov": {"lr": 0.02, "l1": 1e-4, "l2": 1e-3},
    "rmsprop": {"lr": 0.003, "clip": 0.5},
    "adam": {"lr": 0.003},
    "adamw": {"lr": 0.003},
}


def runs(classes: int) -> dict[str, dict[str, Any]]:
    """Configurations, without an engine, by what they are for: "layer dense", "loss mse"."""
    last, hidden = dense(classes, "softmax"), dense(12, "relu")
    made: dict[str, dict[str, Any]] = {}
    for name, layers in LAYERS.items():
        made[f"layer {name}"] = run([*layers, last])
    for name in ACTIVATIONS:
        made[f"activation {name}"] = run([dense(12, name), last])
    for name, (output, optimizer) in LOSSES.items():
        made[f"loss {name}"] = run([hidden, dense(classes, output)], name, optimizer)
    for name, options in OPTIMIZERS.items():
        made[f"optimizer {name}"] = run([hidden, last], optimizer={"type": name, **options})
    return made


def run(
    layers: Layers, loss: str = "cross_entropy", optimizer: dict[str, Any] = MOMENTUM
) -> dict[str, Any]:
    """One configuration. It never ends of itself: a test takes its first steps."""
    chosen = {"layers": layers, "loss": loss, "optimizer": optimizer, "batch": BATCH}
    return {**chosen, "initializer": "xavier_uniform", "epochs": 1000, "evaluate_every": 0}


def noisy_bars() -> Dataset:
    """Bars of which a third has any label, so that no loss comes near zero: there float32 itself
    has no five digits, for −ln a of an a just below 1 comes in steps of 6e-8."""
    rng = np.random.default_rng(2)
    dataset = bars(train=STEPS * BATCH, test=BATCH, size=10)
    labels = dataset.train.labels
    wrong = rng.random(len(labels)) < 1 / 3
    labels[wrong] = rng.integers(0, 4, np.count_nonzero(wrong))
    return dataset


def difference(one: list[float], other: list[float]) -> float:
    """The largest relative difference of two runs' losses, step by step; infinite if one of them is
    no number, or if nothing is learnt: losses that stand still would be alike without any training.
    """
    if not np.isfinite([*one, *other]).all() or len(set(one)) < len(one) / 2:
        return math.inf
    pairs = zip(one, other, strict=True)
    return max(abs(a - b) / max(abs(a), abs(b)) for a, b in pairs)
