"""When numbers stop being numbers: how a run finds the array where it began.

While training, only the loss of each step and, now and then, the parameters are looked at. That
costs nothing, but finds a NaN or an infinity some steps too late. A run is deterministic, so it can
go back to its last finite state and take the same steps again, this time watching everything.
"""

from __future__ import annotations

import math

from glassnet.events import Stop
from glassnet.training.learner import Learner


def stop_at(step: int, name: str, kept: int) -> Stop:
    """The end of a run whose weights are those after step `kept`."""
    what = f"step {step}: {name} is not finite (NaN or infinite)"
    return Stop(kept, f"{what}; the weights are those after step {kept}", name)


def culprit(learner: Learner, loss: float = 0.0) -> str | None:
    """The first array that is not finite, in the order in which a step computes them."""
    network, work, finite = learner.network, learner.work, learner.engine.finite
    for name, array in network.forward_arrays(work) if work else ():
        if not finite(array):
            return name
    if not math.isfinite(loss):
        return "loss"
    named = [
        *(network.backward_arrays(work) if work else ()),
        *((f"{name}.gradient", array) for name, array in learner.optimizer.gradients.items()),
        *learner.arrays().items(),
    ]
    return next((name for name, array in named if not finite(array)), None)
