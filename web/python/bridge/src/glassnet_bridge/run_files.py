"""A run as the files that the command line writes: taken along from a page, and opened in one.

Pages compute with an engine of their own, which other machines do not have; it gives numpy's
numbers, so files say `numpy`, and what is opened here goes on with the page's engine.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.errors import StorageError
from glassnet.model import load_model
from glassnet.run_folder import CHECKPOINT, LOG, WEIGHTS, RunFolder, read_run
from glassnet.storage import is_checkpoint, read_runlog
from glassnet.training import Evaluation, Run
from glassnet.training.evaluation import evaluate
from glassnet_bridge.history import plain

Json = dict[str, Any]
NAMES = (CHECKPOINT, WEIGHTS, LOG)
MEASURED = 2000  # test digits, of a run that is opened: the slowest network does not take long
FOLDER = Path("/tmp/glassnet-run")  # of the browser's file system in memory


@dataclass
class Opened:
    """A run out of files: standing at its step, with what its log tells of the way there."""

    run: Run
    events: list[Json] = field(default_factory=list)

    def measure(self) -> None:
        """Measure it on test digits, unless its log tells how it stands: one wants to know."""
        step = self.run.step
        known = [event for event in self.events if event["event"] == "evaluation"]
        test = self.run.dataset.test[:MEASURED]
        if len(test) and not any((one["split"], one["step"]) == ("test", step) for one in known):
            self.events.append(_last(evaluate(self.run.network, "test", test, step)).to_json())

    def told(self) -> Json:
        """The log; and out of it losses, as triples without their seconds, and evaluations."""
        steps = [event for event in self.events if event["event"] == "step"]
        losses = [(event["step"], event["loss"], 0.0) for event in steps]
        measured = [event for event in self.events if event["event"] == "evaluation"]
        return {
            "log": self.events,
            "losses": np.array(losses, np.float64).reshape(-1),
            "evaluations": [plain(event) for event in measured],
        }


def pack(run: Run, events: Iterable[Json], folder: Path = FOLDER) -> dict[str, bytes]:
    """The files of a run by name, as `glassnet train --out` leaves them.

    Args:
        events: all that its log is to tell, in order.

    Raises:
        StorageError: a weight is not finite.
    """
    own = run.config
    run.config = replace(own, engine="numpy")
    try:
        clear(folder)
        with RunFolder(folder) as kept:
            kept.begin(run)
            for event in events:
                kept.write(event)
            kept.save(run)
        return {name: (folder / name).read_bytes() for name in NAMES}
    finally:
        run.config = own
        clear(folder)


def unpack(
    files: Mapping[str, bytes],
    dataset: Dataset,
    engine: str,
    chosen: Mapping[str, NDArray[Any]],
    folder: Path = FOLDER,
) -> Opened:
    """The run in some of those files: a checkpoint, or weights alone; with its log, or without.

    Any network that the package can build.

    Args:
        files: by name, which may be anything.
        dataset: the whole; a checkpoint tells what its run chose of it.
        chosen: rows by split, for weights alone, which tell nothing of the kind.

    Raises:
        StorageError: there is none, or a file is damaged.
    """
    clear(folder)
    folder.mkdir(parents=True)
    try:
        for name, data in files.items():
            if (safe := _safe(name)).endswith((".safetensors", ".jsonl")):
                (folder / safe).write_bytes(data)
        weights = sorted(folder.glob("*.safetensors"), key=lambda path: path.name != CHECKPOINT)
        if not weights:
            names = ", ".join(files) or "no file"
            raise StorageError(f"expected {CHECKPOINT} or {WEIGHTS}, got {names}")
        opened = Opened(_read(weights[0], dataset, engine, chosen))
        for log in folder.glob("*.jsonl"):
            told = read_runlog(log)[1]
            opened.events += [e for e in told if e.get("step", 0) <= opened.run.step]
        return opened
    finally:
        clear(folder)


def _read(path: Path, dataset: Dataset, engine: str, chosen: Mapping[str, NDArray[Any]]) -> Run:
    """A checkpoint's run where it stood; or, of weights alone, a new run that begins with them."""
    if is_checkpoint(path):
        return read_run(path, dataset, engine=engine)[0]
    return _begin_with(path, dataset.choose(**chosen), engine)


def _begin_with(path: Path, dataset: Dataset, engine: str) -> Run:
    model = load_model(path)
    run = Run.from_config(replace(model.config, engine=engine), dataset)
    arrays = {**model.network.parameters(), **model.network.memory()}
    for name, target in {**run.network.parameters(), **run.network.memory()}.items():
        run.engine.load(arrays[name], target)
    run.keep_if_finite()
    return run


def _last(measuring: Generator[Any, None, Evaluation]) -> Evaluation:
    """What a generator returns, all that it yields passed over."""
    while True:
        try:
            next(measuring)
        except StopIteration as over:
            result: Evaluation = over.value
            return result


def _safe(name: str) -> str:
    """A visitor's name of a file as one that every file system takes.

    (Not `__proto__`, which ends the one of the browser; but that is no file of a run.)
    """
    return re.sub(r"[^A-Za-z0-9_.-]", "_", Path(name).name)[-100:].lstrip(".")


def clear(folder: Path) -> None:
    """Remove a folder of files; it may be gone already."""
    if folder.exists():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
