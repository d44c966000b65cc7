"""What the classic exercise and a small conv net reach on MNIST itself.

One epoch each by default. GLASSNET_LONG=1 runs them as published: three seeds of 30 epochs, and the
conv net to its end, some minutes.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.data.folder import load
from glassnet.training import Evaluation, Run, Step

MNIST = os.environ.get("GLASSNET_MNIST", "")
LONG = os.environ.get("GLASSNET_LONG", "") == "1"

pytestmark = pytest.mark.usefixtures("all_digits")
long = pytest.mark.skipif(not LONG, reason="takes minutes: GLASSNET_LONG=1 runs it")

CONV: dict[str, Any] = {
    "layers": [
        {"type": "conv2d", "filters": 8, "size": 5},
        {"type": "max_pool2d"},
        {"type": "conv2d", "filters": 16, "size": 5},
        {"type": "max_pool2d"},
        {"type": "dense", "units": 128, "activation": "relu"},
        {"type": "dropout", "rate": 0.5},
        {"type": "dense", "units": 10, "activation": "softmax"},
    ],
    "loss": "cross_entropy",
    "optimizer": {"type": "adam", "lr": 0.002},
    "schedule": {"type": "cosine"},
    "initializer": "he_normal",
    "batch": 64,
    "epochs": 10,
    "evaluate_every": 0,
}


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load(MNIST)


def accuracies(dataset: Dataset, **config: Any) -> list[float]:
    """The test accuracy after each epoch."""
    made = Run.from_config(RunConfig.from_json({"evaluate_every": 0, **config}), dataset)
    return [event.accuracy for event in made.events() if isinstance(event, Evaluation)]


def test_the_first_epoch_of_the_classic_exercise(mnist: Dataset) -> None:
    (accuracy,) = accuracies(mnist, epochs=1)
    assert accuracy >= 0.92


def test_the_first_steps_of_a_conv_net(mnist: Dataset) -> None:
    made = Run.from_config(RunConfig.from_json(CONV), mnist)
    losses = []
    for event in made.events():
        if isinstance(event, Step):
            losses.append(event.loss)
        if len(losses) == 120:
            break
    assert np.mean(losses[:5]) > 2 and np.mean(losses[-20:]) < 0.6


@long
def test_the_classic_exercise_reaches_the_published_figure(mnist: Dataset) -> None:
    """784-36-10, sigmoid, half mean square, rate 3, batch 10, U[−1, 1): 95.56 % after 30 epochs."""
    reached = [accuracies(mnist, epochs=30, seed=seed)[-1] for seed in (1, 2, 3)]
    assert np.mean(reached) >= 0.9556, reached


@long
def test_a_small_conv_net_reaches_99_percent(mnist: Dataset) -> None:
    assert accuracies(mnist, **CONV)[-1] >= 0.99
