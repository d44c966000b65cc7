"""When numbers stop being numbers: finding the step and the array where it began.

While training, only the loss of each step and, now and then, the parameters are looked at. That
costs nothing, but finds a NaN or an infinity some steps too late. A run is deterministic, so it can
go back to its last trusted state and take the same steps again, this time watching everything.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from glassnet.events import Stop

if TYPE_CHECKING:
    from glassnet.training.run import Run


def recover(run: Run) -> Stop:
    """Find the first step with an array that is not finite, and return to where it began."""
    spoiled = (name for name, array in run.arrays().items() if not run.engine.finite(array))
    suspect, last = next(spoiled, None) or culprit(run), run.step
    run.put(*run.trusted)
    while run.step <= last:
        if run.batch == run.batches:
            run.end_epoch()
        before = run.place()
        loss, _ = run.advance()
        if found := culprit(run) or ("" if math.isfinite(loss) else "loss"):
            suspect = found
            break
    run.put(*before)
    return stop_at(run.step + 1, suspect or "loss", run.step)


def stop_at(step: int, name: str, kept: int) -> Stop:
    """The end of a run whose weights are those after step `kept`."""
    what = f"step {step}: {name} is not finite (NaN or infinite)"
    return Stop(kept, f"{what}; the weights are those after step {kept}", name)


def culprit(run: Run) -> str | None:
    """The first array that is not finite, in the order in which a step computes them."""
    named = [
        *(run.network.arrays(run.work) if run.work else ()),
        *((f"{name}.gradient", array) for name, array in run.optimizer.gradients.items()),
        *run.arrays().items(),
    ]
    return next((name for name, array in named if not run.engine.finite(array)), None)
