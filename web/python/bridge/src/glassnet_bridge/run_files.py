"""A run as the files that the command line writes: taken along from a page, and opened in one.

Pages compute with an engine of their own, which other machines do not have; it gives numpy's
numbers, so files say `numpy`, and what is opened here goes on with the page's engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.errors import StorageError
from glassnet.model import load_model
from glassnet.run_folder import CHECKPOINT, LOG, WEIGHTS, RunFolder, read_run
from glassnet.storage import read_runlog
from glassnet.training import Run

Json = dict[str, Any]
NAMES = (CHECKPOINT, WEIGHTS, LOG)
FOLDER = Path("/tmp/glassnet-run")  # of the browser's file system in memory
LOG_EVERY = 10  # of the steps, as the command line does


@dataclass
class Opened:
    """A run out of files: standing at its step, with what its log tells of the way there."""

    run: Run
    events: list[Json] = field(default_factory=list)


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
    files: Iterable[tuple[str, bytes]],
    dataset: Dataset,
    engine: str,
    chosen: Mapping[str, NDArray[Any]],
    folder: Path = FOLDER,
) -> Opened:
    """The run in some of those files: a checkpoint, or weights alone; with its log, or without.

    Args:
        files: names and bytes; a name may be anything.
        dataset: the whole; a checkpoint tells what its run chose of it.
        chosen: rows by split, for weights alone, which tell nothing of the kind.

    Raises:
        StorageError: there is none, a file is damaged, or the page cannot show such a network.
    """
    clear(folder)
    folder.mkdir(parents=True)
    try:
        files = list(files)
        for name, data in files:
            if (safe := _safe(name)).endswith((".safetensors", ".jsonl")):
                (folder / safe).write_bytes(data)
        weights = sorted(folder.glob("*.safetensors"), key=lambda path: path.name != CHECKPOINT)
        if not weights:
            names = ", ".join(name for name, _ in files) or "no file"
            raise StorageError(f"expected {CHECKPOINT} or {WEIGHTS}, got {names}")
        opened = Opened(_read(weights[0], dataset, engine, chosen))
        for log in folder.glob("*.jsonl"):
            told = read_runlog(log)[1]
            opened.events += [e for e in told if e.get("step", 0) <= opened.run.step]
        return opened
    finally:
        clear(folder)


def pairs(files: Any) -> Iterable[tuple[str, Any]]:
    """The names and contents in a page's object of files.

    One with a file called `constructor` is no plain object to pyodide, which leaves it as it is.
    """
    found: Iterable[tuple[str, Any]] = (
        files.object_entries() if hasattr(files, "object_entries") else files.items()
    )
    return found


def _read(path: Path, dataset: Dataset, engine: str, chosen: Mapping[str, NDArray[Any]]) -> Run:
    """A checkpoint's run where it stood; or, of weights alone, a new run that begins with them."""
    try:
        run, _ = read_run(path, dataset, engine=engine)
    except StorageError as error:
        if "expected a checkpoint" not in str(error):
            raise
        run = _begin_with(path, dataset.choose(**chosen), engine)
    kinds = {document["type"] for document in run.config.layers}
    if kinds != {"dense"}:
        others = ", ".join(sorted(kinds - {"dense"}))
        raise StorageError(
            f"{path.name}: this page draws networks of dense layers; this one has {others}. "
            "The command line shows it: glassnet show"
        )
    return run


def _begin_with(path: Path, dataset: Dataset, engine: str) -> Run:
    model = load_model(path)
    run = Run.from_config(replace(model.config, engine=engine), dataset)
    arrays = {**model.network.parameters(), **model.network.memory()}
    for name, target in {**run.network.parameters(), **run.network.memory()}.items():
        run.engine.load(arrays[name], target)
    run.keep_if_finite()
    return run


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
