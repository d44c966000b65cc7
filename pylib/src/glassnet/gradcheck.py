"""Are the gradients right? Asked of the loss itself, by finite differences.

A parameter is moved a little along a random direction v, forwards and backwards; the difference of
the losses over the way must be the projection of the gradient on v:

    (L(θ + εv) − L(θ − εv)) / 2ε  ≈  ⟨∂L/∂θ, v⟩      (an error of order ε²)

One number answers for the whole array: a gradient wrong anywhere has the right projection on a
random direction with probability zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import ConfigError
from glassnet.network import Network, Workspace
from glassnet.optimizers import SGD

EPSILON = 1e-6
SMALL = 1e-5  # gradients below are compared by their difference alone


def gradcheck(
    network: Network, x: NDArray[Any], labels: NDArray[Any], seed: int = 0
) -> dict[str, float]:
    """The relative error of the gradient of each parameter, by its name.

    Args:
        network: on an engine of float64 numbers, `NumpyEngine("float64")` or python's; its
            parameters are moved and put back, and so is all else that a step changes.
        x: float64 (B, pixels).  labels: uint8 (B,).

    Returns:
        |found − wanted| / max(|found|, |wanted|, SMALL): some 1e-8 where a gradient is right, more
        than 1e-4 where it is wrong, or where θ + εv lies beyond a kink of relu or max.

    Raises:
        ConfigError: the engine's numbers are too coarse to tell.
    """
    if network.engine.dtype != "float64":
        raise ConfigError("engine", f"gradients are checked in float64, not {network.engine.dtype}")
    optimizer = SGD(lr=0.0)
    sinks = network.attach(optimizer, seen=True)
    work = network.workspace(len(x), training=True)
    network.engine.load(np.ascontiguousarray(x, np.float64), work.x)
    network.engine.one_hot(labels, work.y)
    state = network.rng.bit_generator.state  # so that dropout drops the same every time
    memory = {name: np.array(array) for name, array in network.memory().items()}
    loss(network, work, state)
    network.backward(work, sinks)
    gradients = {name: np.array(array) for name, array in optimizer.gradients.items()}
    rng, errors = np.random.default_rng(seed), {}
    for name, array in optimizer.parameters.items():
        before, v = np.array(array), rng.standard_normal(array.shape)
        sides = []
        for sign in (1, -1):
            network.engine.load(before + sign * EPSILON * v, array)
            sides.append(loss(network, work, state))
        network.engine.load(before, array)
        found, wanted = float((gradients[name] * v).sum()), (sides[0] - sides[1]) / (2 * EPSILON)
        errors[name] = abs(found - wanted) / max(abs(found), abs(wanted), SMALL)
    network.rng.bit_generator.state = state
    for name, array in network.memory().items():
        network.engine.load(memory[name], array)
    return errors


def loss(network: Network, work: Workspace, state: Any) -> float:
    """The loss of one batch, its generator in the same state every time."""
    network.rng.bit_generator.state = state
    network.forward(work, training=True)
    return network.measure_loss(work, training=True)
