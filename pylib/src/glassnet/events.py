"""What a run tells: plain records, each of which is one line of JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from glassnet.errors import StorageError


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened after `step` steps."""

    step: int

    def to_json(self) -> dict[str, Any]:
        """The record as a JSON object; `event` names its kind."""
        kind = type(self)  # its values are JSON's own, or tuples of them: none need be copied
        names: tuple[str, ...] = kind.__match_args__
        values = {name: getattr(self, name) for name in names}
        return {"event": kind.__name__.lower(), **values}


@dataclass(frozen=True, slots=True)
class Step(Event):
    """One step was taken. Loss and accuracy are the batch's, before the weights changed."""

    epoch: int  # completed
    batch: int  # taken in the epoch under way
    loss: float
    accuracy: float  # 0..1


@dataclass(frozen=True, slots=True)
class Evaluating(Event):
    """An evaluation goes on: `done` of `total` examples. Comes between chunks, so a clock can."""

    split: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Evaluation(Event):
    """The network was measured on a whole split.

    Attributes:
        loss: mean over the split.
        accuracy: 0..1.
        confusion: counts; row: the true class, column: the class the network said.
    """

    split: str
    count: int
    loss: float
    accuracy: float
    confusion: tuple[tuple[int, ...], ...]

    @property
    def per_class(self) -> tuple[float, ...]:
        """Of each class's examples, the part that was recognised (0..1; 0 where there are none)."""
        return tuple(row[k] / max(sum(row), 1) for k, row in enumerate(self.confusion))

    def to_json(self) -> dict[str, Any]:
        return {**Event.to_json(self), "per_class": self.per_class}


@dataclass(frozen=True, slots=True)
class EpochEnd(Event):
    """All training examples were used once more. Loss and accuracy are means over its steps."""

    epoch: int  # completed
    loss: float
    accuracy: float
    samples_per_second: float | None  # None without a clock


@dataclass(frozen=True, slots=True)
class Checkpoint(Event):
    """A good moment to keep `Run.state()`: all numbers are known to be finite."""


@dataclass(frozen=True, slots=True)
class Stop(Event):
    """The run is over.

    Attributes:
        reason: a sentence.
        diverged: the array that became NaN or infinite, as `layers.0.z`; None if none did. The
            weights are then the last finite ones, those after `step` steps.
    """

    reason: str
    diverged: str | None = None


EVENTS: dict[str, type[Event]] = {
    kind.__name__.lower(): kind
    for kind in (Step, Evaluating, Evaluation, EpochEnd, Checkpoint, Stop)
}
TYPES: dict[str, tuple[type, ...]] = {  # of fields, by their annotations
    "int": (int,),
    "float": (int, float),
    "float | None": (int, float, type(None)),
    "str": (str,),
    "str | None": (str, type(None)),
}


def read_event(document: object) -> Event:
    """The record whose `to_json` this is. Raises StorageError if it is none."""
    if not isinstance(document, Mapping) or document.get("event") not in EVENTS:
        raise StorageError(f"expected a run's event, got {document!r}")
    kind: type[Any] = EVENTS[document["event"]]
    values: dict[str, Any] = {}
    for field in fields(kind):
        value = document.get(field.name)
        if field.name == "confusion":
            value = _read_table(value)
        elif isinstance(value, bool) or not isinstance(value, TYPES[str(field.type)]):
            raise StorageError(f"{document['event']}.{field.name}: got {value!r}")
        elif isinstance(value, float) and not math.isfinite(value):
            raise StorageError(f"{document['event']}.{field.name}: {value} is not finite")
        values[field.name] = value
    event: Event = kind(**values)
    return event


def _read_table(value: object) -> tuple[tuple[int, ...], ...]:
    rows = value if isinstance(value, list | tuple) else ()
    if not all(
        isinstance(row, list | tuple) and all(type(cell) is int for cell in row) for row in rows
    ):
        raise StorageError("evaluation.confusion: expected rows of whole numbers")
    return tuple(map(tuple, rows))
