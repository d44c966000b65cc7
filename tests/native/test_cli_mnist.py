"""The command line on MNIST itself, where GLASSNET_MNIST says in which folder it is."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from glassnet.cli import main
from glassnet.data.drawn import normalise
from glassnet.data.folder import load

MNIST = os.environ.get("GLASSNET_MNIST", "")

pytestmark = pytest.mark.usefixtures("all_digits")


def test_one_epoch_of_the_classic_exercise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue 3's command, for one epoch: at least nine digits of ten."""
    command = "train --arch 784,36,10 --activation sigmoid --loss mse --optimizer sgd --lr 3.0"
    command += f" --batch 10 --epochs 1 --seed 1 --engine numpy --data {MNIST} --json"
    assert main([*command.split(), "--out", str(tmp_path / "run")]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["event"] == "stop" and last["test_accuracy"] >= 0.90
    assert main(["evaluate", str(tmp_path / "run"), "--data", MNIST, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == last["test_accuracy"]
    assert main(["show", str(tmp_path / "run"), "--data", MNIST, "--digit", "7"]) == 0
    assert "=== 7: misread" in capsys.readouterr().out


def test_all_of_mnist_loads_within_a_second_and_is_the_published_one() -> None:
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        data = load(MNIST, "mnist")
        seconds.append(time.perf_counter() - begin)
    assert min(seconds) < 1.0
    assert (len(data.train), len(data.test), data.shape) == (60_000, 10_000, (28, 28))
    assert np.bincount(data.train.labels).tolist()[:3] == [5923, 6742, 5958]


def test_drawn_digits_are_treated_as_mnists_were() -> None:
    """MNIST's own digits are fixed points, every pixel of them: box, scale and centre agree.
    (A few of the 10,000 lie on the edge between two places, or in a box of 19.)"""
    images = load(MNIST, "mnist").test.images
    same = [np.abs(normalise(image).astype(int) - image).max() <= 1 for image in images]
    assert np.mean(same) > 0.999
