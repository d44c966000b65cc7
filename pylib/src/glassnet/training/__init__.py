"""Training: a run is a generator of plain events."""

from __future__ import annotations

from glassnet.events import Checkpoint, EpochEnd, Evaluating, Evaluation, Event, Step, Stop
from glassnet.training.evaluation import evaluate
from glassnet.training.learner import Learner
from glassnet.training.run import Run

__all__ = [
    "Checkpoint",
    "EpochEnd",
    "Evaluating",
    "Evaluation",
    "Event",
    "Learner",
    "Run",
    "Step",
    "Stop",
    "evaluate",
]
