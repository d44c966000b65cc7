"""One run of a sweep, wherever an executor carries it out: in a folder of its own, and told by what
it returns. Nothing that other runs share is written here.

A folder in which the run has begun is gone on with; so a run that was killed costs what it had
done since its last checkpoint.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from glassnet.config import RunConfig
from glassnet.data import folder as folders
from glassnet.data.dataset import Dataset
from glassnet.errors import GlassnetError, StorageError
from glassnet.events import Checkpoint, Evaluating, Evaluation, Event, Step, Stop
from glassnet.run_folder import CHECKPOINT, LOG, RunFolder
from glassnet.storage import read_beginning, read_runlog
from glassnet.storage.lock import FileLock
from glassnet.training import Run, evaluate

Json = dict[str, Any]

LOOK = 0.2  # seconds between two looks for the wish to stop
PATIENCE = 15.0  # seconds in which a process whose sweep was killed has surely let its folder go


@dataclass(frozen=True)
class Job:
    """What a run needs, to be sent to any process that sees the same files.

    Attributes:
        folder: the run's own.
        config: its configuration, as JSON.
        source: the data, or the folder they are in; `name`: which data set it must be.
        stop: the run is left, to be gone on with, when there is a file of this name.
        log_every: of the steps, each so many-th is logged.
    """

    folder: str
    config: Json
    source: str | Dataset
    name: str | None
    stop: str
    log_every: int


def carry_out(job: Job) -> Json:
    """Train to the end, or to the wish to stop. Returns what became of it, in JSON's types:

    outcome: "done", "diverged", "stopped" or "failed"; reason: in words; and where there is a log,
    what `summary` reads in it. Whatever goes wrong is an outcome, too, and no exception.
    """
    try:
        return _carry_out(job)
    except GlassnetError as error:
        return {"outcome": "failed", "reason": str(error)}
    except MemoryError:
        return {"outcome": "failed", "reason": "too little memory for this network or data set"}
    except Exception as error:  # a mistake of ours, or of the machine's: it concerns this run alone
        return {"outcome": "failed", "reason": f"{type(error).__name__}: {error}"}


def _carry_out(job: Job) -> Json:
    source = job.source
    data = source if isinstance(source, Dataset) else _load(source, job.name)
    path = Path(job.folder)
    begun = _is_begun(path)
    with RunFolder(path, resume=begun) as folder:
        if begun:
            run = folder.resume(data, time.perf_counter)
        else:
            run = Run.from_config(RunConfig.from_json(job.config), data, time.perf_counter)
            folder.begin(run)
        if not _follow(run, folder, job):
            return {"outcome": "stopped", "reason": f"after step {run.step:,}"}
    return summary(path)


@lru_cache(maxsize=1)
def _load(source: str, name: str | None) -> Dataset:
    """The data, read once a process."""
    return folders.load(source, name)


def _is_begun(path: Path) -> bool:
    """Whether there is a run to go on with; what cannot even be begun again is taken away."""
    if not (path / LOG).exists():
        return (path / CHECKPOINT).exists()
    _wait_until_free(path)
    if not (path / CHECKPOINT).exists():
        try:
            read_beginning(path / LOG)
        except StorageError:  # killed while it wrote the log's first line
            (path / LOG).unlink()
            return False
    return True


def _wait_until_free(path: Path) -> None:
    """Until nobody trains there any more. Raises StorageError if it takes too long."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return FileLock(path / LOG).release()
        except StorageError:
            if time.monotonic() > end:
                raise
            time.sleep(LOOK)


def _follow(run: Run, folder: RunFolder, job: Job) -> bool:
    """Train and keep. Returns whether the run came to its end."""
    looked = time.monotonic()
    for event in run.events():
        if _is_told(event, job.log_every):
            told = event.to_json()
            if isinstance(event, Stop):
                told["test_accuracy"] = _test_accuracy(run)
            folder.write(told)
        if isinstance(event, Checkpoint | Stop):
            folder.save(run)
        elif time.monotonic() - looked > LOOK:
            looked = time.monotonic()
            if Path(job.stop).exists():
                folder.save(run)
                return False
    return True


def _is_told(event: Event, every: int) -> bool:
    """Whether an event goes into the log, as in that of `glassnet train`."""
    return not (isinstance(event, Evaluating) or (isinstance(event, Step) and event.step % every))


def _test_accuracy(run: Run) -> float | None:
    """As `glassnet train` logs it: of the weights that the run ends with."""
    if not len(run.dataset.test):
        return None
    known = [told for told in run.evaluations if told.split == "test"]
    if known and known[-1].step == run.step:
        return known[-1].accuracy
    measuring = evaluate(run.network, "test", run.dataset.test, run.step)
    while True:
        try:
            next(measuring)
        except StopIteration as done:
            result: Evaluation = done.value
            return result.accuracy


def summary(path: Path) -> Json:
    """What a finished run's log says of it: the last evaluation of each split, the last epoch.

    Raises:
        StorageError: the log is damaged, or the run has not ended.
    """
    return summarise(read_runlog(path / LOG)[1], path / LOG)


def summarise(events: Iterable[Json], name: Path) -> Json:
    """The same, of the events of a log of that name."""
    told: Json = {}
    rates = []
    for event in events:
        match event:
            case {"event": "evaluation", "split": str(split)}:
                told[split] = {key: event[key] for key in ("loss", "accuracy")}
            case {"event": "epochend"}:
                told |= {"epoch": event["epoch"], "loss": event["loss"]}
                rates += [event["samples_per_second"]] if event["samples_per_second"] else []
            case {"event": "stop"}:
                told |= {"step": event["step"], "reason": event["reason"]}
                told["outcome"] = "diverged" if event["diverged"] else "done"
    if "outcome" not in told:
        raise StorageError(f"{name}: the run has not ended")
    told["samples_per_second"] = statistics.median(rates) if rates else None
    return told


def end_with(parent_ended: Callable[[], object]) -> None:
    """End this process at once when its parent has ended, however that happened.

    A pool's processes would otherwise wait for work for ever, or train on unseen.

    Args:
        parent_ended: returns when it has.
    """

    def watch() -> None:
        parent_ended()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
