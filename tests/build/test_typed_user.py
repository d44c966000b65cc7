"""A user's program under strict mypy: the package's public names have types that say something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from make.settings import PYLIB

PROGRAM = """
from typing import assert_type

import numpy as np
from numpy.typing import NDArray

import glassnet as gn

data: gn.Dataset = gn.load("mnist", folder="digits")
network = gn.Network([gn.Dense(36), gn.Dense(10, "softmax")], loss="cross_entropy", seed=1)
learner = gn.Learner(network, gn.SGD(lr=3.0), data.train, batch=10, schedule=gn.Cosine())
run = gn.Run(learner, data, epochs=3)
for event in run:
    assert_type(event, gn.Event)
    if isinstance(event, gn.Step):
        assert_type(event.loss, float)
answers: NDArray[np.float32] = network.predict(data.test.images[:5])
gradient = learner.gradients["layers.0.weight"]
print(gradient.shape, float(gradient.max()))
weights = network.parameters()["layers.0.weight"]
print(weights.shape, float(weights.max()))
told = gn.trace(network, data.test.images[0], label=7)
assert_type(told[0], gn.Quantity)
assert_type(told.named("x").formula, str)
errors: dict[str, float] = gn.gradcheck(network, data.test[:8])
worst = gn.locate_gradient_errors(network, data.test[:8])["layers.0.weight"]
assert_type(worst.index, tuple[int, ...])


async def follow() -> None:
    async for event in run:
        assert_type(event, gn.Event)
"""

FAULTS = {
    "a name that is not there": "import glassnet as gn\ngn.Netwrok\n",
    "an argument of another type": "import glassnet as gn\ngn.Dense('36')\n",
    "Any from an array": (
        "import glassnet as gn\n"
        "def f(n: gn.Network) -> int:\n    return n.parameters()['layers.0.weight']\n"
    ),
}


def mypy(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Checked with nothing but the package beside it, as a user's is."""
    file = folder / "program.py"
    file.write_text(program, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir"]
    return subprocess.run(
        [*command, str(folder / "cache"), str(file)],
        env={**os.environ, "MYPYPATH": str(PYLIB / "src")},
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_users_program(tmp_path: Path) -> None:
    done = mypy(tmp_path, PROGRAM)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (PYLIB / "src" / "glassnet" / "py.typed").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_it_is_seen(fault: str, tmp_path: Path) -> None:
    done = mypy(tmp_path, FAULTS[fault])
    assert done.returncode == 1 and "program.py" in done.stdout, done.stdout + done.stderr
