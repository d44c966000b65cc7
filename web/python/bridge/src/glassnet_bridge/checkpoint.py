"""A run as bytes: all that is needed to raise it again, in the format of the package's checkpoints.

Unlike the files that a visitor takes along, these keep the page's own engine, and what the page
has been told of the run's time.
"""

from __future__ import annotations

from dataclasses import dataclass

from glassnet.data.dataset import Dataset
from glassnet.errors import StorageError
from glassnet.storage import format_checkpoint, parse_checkpoint
from glassnet.training import Run
from glassnet_bridge.held import Held


@dataclass
class Thawed:
    """A run at its step, the seconds that its steps and its evaluations had taken, and why it had
    ended, if it had."""

    run: Run
    seconds: float
    measuring: float
    stopped: str | None


def freeze(held: Held) -> bytes:
    """A run as it stands. Raises StorageError if a number in it is not finite."""
    arrays, document = held.run.state()
    told = {"seconds": held.seconds, "measuring": held.measuring, "stopped": held.stopped}
    return format_checkpoint(arrays, {"run": document, "log": 0, "told": told})


def thaw(data: bytes, dataset: Dataset) -> Thawed:
    """What `freeze` made.

    Args:
        dataset: the whole; what the run chose of it is chosen again.

    Raises:
        StorageError: it is damaged, or of other data.
    """
    arrays, saved = parse_checkpoint(data, name="the run's last checkpoint")
    told = saved.get("told")
    if not isinstance(told, dict):
        raise StorageError("the run's last checkpoint: it was not made by this page")
    seconds, measuring = (_as_seconds(told.get(name)) for name in ("seconds", "measuring"))
    stopped = told.get("stopped")
    run = Run.restore(arrays, saved.get("run"), dataset)
    return Thawed(run, seconds, measuring, stopped if isinstance(stopped, str) else None)


def _as_seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
