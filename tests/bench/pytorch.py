"""PyTorch natively, in a process of its own with one thread, as its tutorials use it: the digits as
float tensors beforehand, `nn.Sequential`, `torch.optim`, a loop of five lines.

Started by contenders.py; reads one request a line and answers each with a line, both JSON. Images
have their channels before their pixels there, and so have weights.
"""

from __future__ import annotations

import json
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from bench import digits, stage
from bench.digits import Part
from bench.trial import COMPARED
from bench.workloads import WORKLOADS, Workload

FOREVER = float("inf")


def dense(hidden: int, activation: nn.Module, *last: nn.Module) -> list[nn.Module]:
    return [nn.Flatten(), nn.Linear(784, hidden), activation, nn.Linear(hidden, 10), *last]


def conv(inputs: int, filters: int, pool: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, filters, 5, padding=2), nn.ReLU(), nn.MaxPool2d(pool)]


MODELS = {
    "W1": lambda: dense(36, nn.Sigmoid(), nn.Sigmoid()),
    "W2": lambda: dense(128, nn.ReLU()),  # the softmax is the loss's
    "W3": lambda: [*conv(1, 8, 2), *conv(8, 16, 3), nn.Flatten(), nn.Linear(256, 10)],
}


def half_squared(answers: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    targets = nn.functional.one_hot(labels, 10).float()
    return 0.5 * nn.functional.mse_loss(answers, targets, reduction="sum") / len(labels)


LOSSES = {"W1": half_squared, "W2": nn.CrossEntropyLoss(), "W3": nn.CrossEntropyLoss()}


class Prepared:
    """A workload with its tensors.

    Args:
        parts: all digits.
        steps: that the tensors are to last for.
    """

    def __init__(self, parts: dict[str, Part], name: str, steps: int) -> None:
        self.workload: Workload = WORKLOADS[name].taking(steps)
        self.first = stage.first_parameters(parts, self.workload)
        self.train = tensors(stage.ordered(parts, self.workload))
        self.test = tensors(stage.judged(parts, self.workload))

    def begin(self) -> tuple[nn.Module, torch.optim.Optimizer]:
        """A model with our own run's first weights, and what trains it."""
        model = nn.Sequential(*MODELS[self.workload.name]())
        with torch.no_grad():
            for parameter, values in zip(model.parameters(), self.first, strict=True):
                parameter.copy_(torch.tensor(channels_first(values)))
        options = dict(self.workload.config["optimizer"])
        del options["type"]
        return model, torch.optim.SGD(model.parameters(), **options)

    def fit(
        self, model: nn.Module, optimizer: torch.optim.Optimizer, seconds: float = FOREVER
    ) -> list[torch.Tensor]:
        """Take the workload's steps, or as many as there is time for; their losses."""
        (x, y), size, loss_of = self.train, self.workload.batch, LOSSES[self.workload.name]
        losses, end = [], time.perf_counter() + seconds
        for begin in range(0, self.workload.steps * size, size):
            optimizer.zero_grad()
            loss = loss_of(model(x[begin : begin + size]), y[begin : begin + size])
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
            if time.perf_counter() > end:
                break
        return losses


def tensors(part: Part) -> tuple[torch.Tensor, torch.Tensor]:
    images, labels = part
    return torch.tensor(images).float()[:, None] / 255, torch.tensor(labels).long()


def channels_first(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Our weights as theirs: those of a convolution, and those of what follows upon one."""
    if values.ndim == 4:
        return np.ascontiguousarray(values.transpose(0, 3, 1, 2))
    if values.shape == (10, 256):
        return np.ascontiguousarray(values.reshape(10, 4, 4, 16).transpose(0, 3, 1, 2)).reshape(
            10, 256
        )
    return values


def run(prepared: Prepared, judge: bool) -> dict[str, Any]:
    """As `Trials.run`."""
    model, optimizer = prepared.begin()
    begin = time.perf_counter()
    losses = prepared.fit(model, optimizer)
    seconds = time.perf_counter() - begin
    accuracy = None
    if judge:
        x, y = prepared.test
        accuracy = float((model(x).argmax(1) == y).float().mean())
    return {
        "seconds": seconds,
        "losses": [float(loss) for loss in losses[:COMPARED]],
        "accuracy": accuracy,
    }


def main() -> None:
    torch.set_num_threads(1)
    parts = digits.read(Path(sys.argv[1]))

    @cache
    def prepared(name: str, steps: int) -> Prepared:
        return Prepared(parts, name, steps)

    print(json.dumps({"pytorch": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        chosen = prepared(request["workload"]["name"], request["workload"]["steps"])
        answer = None
        if request["type"] == "warm":
            chosen.fit(*chosen.begin(), request["seconds"])
        else:
            answer = run(chosen, request["judge"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
