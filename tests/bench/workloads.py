"""What is trained to measure speed: three networks, each with its data, steps and learning rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

SEED = 1
EPOCH = 60_000  # examples to which every time is scaled
JUDGED = 2_000  # test digits that accuracy is measured on


@dataclass(frozen=True)
class Workload:
    """One network to train.

    Attributes:
        config: as `RunConfig.from_json` reads it, without an engine.
        steps: in a round. Every round begins with the same weights and sees the same batches, and
            all of it lies within the first epoch, so that nothing but steps is timed.
        crop: pixels cut off at each side of an image.
    """

    name: str
    text: str
    config: dict[str, Any]
    steps: int
    crop: int = 0

    @property
    def batch(self) -> int:
        return int(self.config["batch"])

    @property
    def side(self) -> int:
        return 28 - 2 * self.crop

    def to_json(self) -> dict[str, Any]:
        """What workers and the native process are told."""
        return {"name": self.name, "config": self.config, "steps": self.steps, "crop": self.crop}

    def fitting(self, examples: int, share: float) -> Workload:
        """The same with a share of the steps, and never more than the data's first epoch has."""
        return self.taking(max(2, min(round(self.steps * share), examples // self.batch - 1)))

    def taking(self, steps: int) -> Workload:
        """The same with so many steps."""
        return replace(self, steps=steps)


def _config(
    batch: int, loss: str, start: str, optimizer: object, *layers: object
) -> dict[str, Any]:
    return {
        "layers": list(layers),
        "loss": loss,
        "optimizer": optimizer,
        "initializer": start,
        "batch": batch,
        "seed": SEED,
        "evaluate_every": 0,
    }


def _dense(units: int, activation: str) -> dict[str, Any]:
    return {"type": "dense", "units": units, "activation": activation}


def _conv(filters: int) -> dict[str, Any]:
    window = {"size": 5, "padding": 2}
    return {"type": "conv2d", "filters": filters, "activation": "relu", **window}


def _pool(size: int) -> dict[str, Any]:
    return {"type": "max_pool2d", "size": size}


_MOMENTUM = {"type": "momentum", "lr": 0.01, "momentum": 0.9}

WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(
            "W1",
            "784-36-10, sigmoid, half squared error, SGD at rate 3, batches of 10",
            _config(
                *(10, "mse", "xavier_uniform", {"type": "sgd", "lr": 3.0}),
                *(_dense(36, "sigmoid"), _dense(10, "sigmoid")),
            ),
            steps=2000,
        ),
        Workload(
            "W2",
            "784-128-10, ReLU and softmax, cross-entropy, momentum 0.9 at rate 0.01, batches of 64",
            _config(
                *(64, "cross_entropy", "he_uniform", _MOMENTUM),
                *(_dense(128, "relu"), _dense(10, "softmax")),
            ),
            steps=300,
        ),
        # The network of ConvNetJS's MNIST demo, on the middle 24×24 pixels as there (it crops at
        # random), with momentum instead of its Adadelta, which not all of the peers have.
        Workload(
            "W3",
            "24×24 crop: convolution 8@5×5 (padded by 2), pool 2, 16@5×5 (padded by 2), pool 3, "
            "dense 10; ReLU and softmax, cross-entropy, momentum 0.9 at rate 0.01, batches of 20",
            _config(
                *(20, "cross_entropy", "he_uniform", _MOMENTUM),
                *(_conv(8), _pool(2), _conv(16), _pool(3), _dense(10, "softmax")),
            ),
            steps=40,
            crop=2,
        ),
    )
}
