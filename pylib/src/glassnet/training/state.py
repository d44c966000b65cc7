"""What a run's saved state is made of, and how a damaged or foreign one is refused.

All but the arrays is JSON, and comes back without losing a bit; integers of more than 53 bits are
written as text, because JavaScript would round them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.errors import ConfigError, DataError, StorageError
from glassnet.options import integer, number, read

Arrays = dict[str, NDArray[Any]]
State = tuple[Arrays, dict[str, Any]]

MOST = 2**53
CHOSEN = "chosen."  # begins the names of arrays of chosen rows
LARGEST = sys.float_info.max


@dataclass(slots=True)
class Progress:
    """How far a learner has come.

    Attributes:
        step: steps taken.
        epoch: epochs completed.
        step_in_epoch: steps taken in the epoch under way; in files `batch`.
    """

    step: int = integer(0, low=0, high=MOST)
    epoch: int = integer(0, low=0, high=MOST)
    step_in_epoch: int = integer(0, low=0, high=MOST, formerly="batch")


@dataclass(slots=True)
class Tally:
    """What a run keeps count of.

    Attributes:
        epoch_loss, epoch_correct: sums over the examples of the epoch under way.
        evaluated, checkpointed: the step at which that was last done.
        best: the lowest validation loss, or −1 before there is one.
        age: evaluations since then.  reached: the last validation accuracy.
    """

    epoch_loss: float = number(0.0, low=-LARGEST, high=LARGEST)
    epoch_correct: int = integer(0, low=0, high=MOST)
    evaluated: int = integer(0, low=0, high=MOST)
    checkpointed: int = integer(0, low=0, high=MOST)
    best: float = number(-1.0, low=-1, high=LARGEST)
    age: int = integer(0, low=0, high=MOST)
    reached: float = number(0.0, low=0, high=1)

    def note_validation(self, loss: float, accuracy: float) -> None:
        """Note an evaluation on the validation split."""
        improved = self.best < 0 or loss < self.best
        self.best = loss if improved else self.best
        self.age = 0 if improved else self.age + 1
        self.reached = accuracy


def write_progress(now: Progress, tally: Tally) -> dict[str, Any]:
    """Both as one JSON object."""
    place = {"step": now.step, "epoch": now.epoch, "batch": now.step_in_epoch}
    return {**place, **asdict(tally)}


def read_progress(document: object, steps_per_epoch: int) -> tuple[Progress, Tally]:
    """Both from JSON. Raises StorageError if they are none, or of other epochs."""
    fields = dict(document) if isinstance(document, Mapping) else {}
    place = {name: fields.pop(name) for name in ("step", "epoch", "batch") if name in fields}
    try:
        if len(place) < 3:
            raise ConfigError("progress", "step, epoch or batch is missing")
        now, tally = read(Progress, place, "progress"), read(Tally, fields, "progress")
    except ConfigError as error:
        raise StorageError(f"the saved run cannot be resumed: {error}") from error
    whole = now.epoch * steps_per_epoch
    if now.step_in_epoch > steps_per_epoch or now.step != whole + now.step_in_epoch:
        at = f"epoch {now.epoch}, batch {now.step_in_epoch} of {steps_per_epoch}"
        raise StorageError(f"the saved run's step {now.step} is not {at}")
    return now, tally


def write_generator(rng: np.random.Generator) -> dict[str, Any]:
    """Where a PCG64 generator stands."""
    state: Mapping[str, Any] = rng.bit_generator.state
    numbers = {"state": state["state"]["state"], "inc": state["state"]["inc"]}
    return {
        **{name: f"{value:032x}" for name, value in numbers.items()},
        "has_uint32": state["has_uint32"],
        "uinteger": state["uinteger"],
    }


def read_generator(document: object, rng: np.random.Generator) -> None:
    """Bring a PCG64 generator to where `write_generator` found one. Raises StorageError."""
    try:
        assert isinstance(document, Mapping)
        rng.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {name: int(document[name], 16) for name in ("state", "inc")},
            "has_uint32": int(document["has_uint32"]),
            "uinteger": int(document["uinteger"]),
        }
    except (AssertionError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise StorageError(f"the saved run's generator cannot be read: {error!r}") from error


def write_chosen(dataset: Dataset) -> dict[str, NDArray[Any]]:
    """The rows that were chosen of a data set, as arrays of the saved run: `chosen.train`, ..."""
    return {CHOSEN + name: rows for name, rows in dataset.chosen.items()}


def read_chosen(
    arrays: Mapping[str, NDArray[Any]], dataset: Dataset
) -> tuple[dict[str, NDArray[Any]], Dataset]:
    """The other arrays of a saved run, and what it chose of the whole data set.

    Raises:
        StorageError: this is not the whole data set, or it has no such rows.
    """
    if dataset.chosen:
        raise StorageError(f"{dataset.name}: a saved run makes its own choice of the whole data")
    others = {name: array for name, array in arrays.items() if not name.startswith(CHOSEN)}
    rows = {name.removeprefix(CHOSEN): arrays[name] for name in arrays.keys() - others.keys()}
    if odd := rows.keys() - {"train", "test"}:
        raise StorageError(f"the saved run chose of unknown parts: {', '.join(sorted(odd))}")
    try:
        return others, dataset.choose(**rows)
    except DataError as error:
        raise StorageError(
            f"the saved run's choice of examples is not of this data: {error}"
        ) from error


def match_arrays(arrays: Mapping[str, Any], targets: Mapping[str, Any], dtype: str) -> None:
    """Raise StorageError unless there is just one array for each target, of its shape."""
    if targets.keys() != arrays.keys():
        odd = ", ".join(sorted(targets.keys() ^ arrays.keys()))
        raise StorageError(f"the saved run's arrays are not this network's: {odd}")
    for name, target in targets.items():
        found = arrays[name]
        if found.shape != target.shape or found.dtype != dtype:
            wanted = f"{dtype} {tuple(target.shape)}"
            raise StorageError(f"{name}: expected {wanted}, got {found.dtype} {found.shape}")
