"""A run's folder: its log, its last checkpoint and its weights.

    log.jsonl                  one event a line, the configuration first
    checkpoint.safetensors     the whole state, to go on from
    weights.safetensors        the network alone, to evaluate and to show

A run that uses only some of the data's examples has their rows in the checkpoint: whoever goes on
with it gives the whole data set, and the same choice is made again.

The checkpoint remembers how long the log was.  A run that was killed later goes on from the
checkpoint, and the log is cut back to it: it tells every step once.  One that was killed before its
first checkpoint begins again, with the configuration that the log begins with.

While a run goes on its log is locked, so that no other process trains in the same folder.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.errors import ConfigError, StorageError
from glassnet.model import Model, check_arrays, outline, save_model
from glassnet.storage import WEIGHTS_LIMITS as LIMITS
from glassnet.storage import RunLog, load_checkpoint, read_beginning, save_checkpoint
from glassnet.storage.json import parse_json
from glassnet.storage.limits import MAX_SIDE
from glassnet.storage.lock import FileLock
from glassnet.training import Run

TAIL = 1 << 16  # bytes of a log in which its last event is looked for
NUMBER = 4  # bytes: float32
FLUSH_S = 0.2  # between two times that the log is given to whoever watches it
LOG, CHECKPOINT, WEIGHTS = "log.jsonl", "checkpoint.safetensors", "weights.safetensors"


class RunFolder:
    """The folder of a run that is going on; to be used in a `with` statement.

    Args:
        path: the folder; `begin` makes it.
        resume: whether to go on with the run in it; otherwise there must be none.

    Raises:
        ConfigError: there is a run in it and `resume` is false, or there is none and it is true.
    """

    def __init__(self, path: str | Path, *, resume: bool = False) -> None:
        self.path = Path(path)
        self._file: IO[str] | None = None
        self._log: RunLog | None = None
        self._lock: FileLock | None = None
        self._stopped = False  # whether the log's last event is the run's end
        self._flushed = -FLUSH_S
        saved, begun = ((self.path / name).exists() for name in (CHECKPOINT, LOG))
        if resume and not (saved or begun):
            raise ConfigError("resume", f"{self.path / CHECKPOINT}: no such file")
        if not resume and saved:
            raise ConfigError("out", f"{self.path}: holds a run already; --resume goes on with it")
        if not resume and begun:
            raise ConfigError(
                "out",
                f"{self.path}: holds the log of a run without a checkpoint yet; if it was killed, "
                "--resume begins it again, and if not, it is going on",
            )

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
        if self._lock is not None:
            self._lock.release()

    def begin(self, run: Run) -> None:
        """Make the folder, and start the log of a new run.

        Raises:
            StorageError: the folder cannot be made, or the run could not be loaded again.
        """
        check_room(run.config, run.dataset.shape)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise StorageError(f"{self.path}: a file, where the run's folder should be") from None
        except OSError as error:
            raise StorageError(f"{self.path}: {error.strerror or error}") from error
        self._open(run, "x", resumed=False)
        self._lock = FileLock(self.path / LOG)

    def resume(
        self, dataset: Dataset, clock: Callable[[], float], epochs: int | None = None
    ) -> Run:
        """The run as it was last saved.

        Args:
            epochs: how far it goes, if not as far as it was to go.

        Raises:
            StorageError: the checkpoint or the log is damaged, or of other data; or another process
                is training in the folder.
        """
        changes = {} if epochs is None else {"epochs": epochs}
        self._lock = FileLock(self.path / LOG)
        if not (self.path / CHECKPOINT).exists():
            return self._begin_again(dataset, clock, changes)
        run, length = read_run(self.path / CHECKPOINT, dataset, clock, **changes)
        self._cut_log(length)
        self._stopped = self._ends_with_stop()
        self._open(run, "a", resumed=True)
        return run

    def write(self, event: Mapping[str, Any]) -> None:
        """Add an event to the log; the end of a run that had ended already is there."""
        assert self._log is not None
        assert self._file is not None
        before, self._stopped = self._stopped, event.get("event") == "stop"
        if not (before and self._stopped):
            self._log.write(event)
        if self._stopped or time.monotonic() - self._flushed > FLUSH_S:
            self._flushed = time.monotonic()
            self._file.flush()

    def save(self, run: Run) -> None:
        """Keep the run as it stands: its state, and its network."""
        assert self._file is not None
        self._file.flush()
        arrays, document = run.state()
        length = os.fstat(self._file.fileno()).st_size
        save_checkpoint(self.path / CHECKPOINT, arrays, {"run": document, "log": length})
        data = run.dataset
        model = Model(run.network, run.config, tuple(data.classes), data.name, run.step)
        save_model(self.path / WEIGHTS, model)

    def _begin_again(
        self, dataset: Dataset, clock: Callable[[], float], changes: Mapping[str, Any]
    ) -> Run:
        """The run that was killed before its first checkpoint, from its first step."""
        path = self.path / LOG
        try:
            first = read_beginning(path)
            config = RunConfig.from_saved({**first["config"], **changes})
        except (StorageError, ConfigError) as error:
            raise StorageError(
                f"{error}; the run was killed before anything was kept: remove "
                f"{self.path} and train again"
            ) from error
        run = Run.from_config(config, dataset, clock)
        if first.get("data") != (here := json.loads(json.dumps(_about(run.dataset)))):
            raise StorageError(f"the run was begun on {first.get('data')}, and this is {here}")
        self._open(run, "w", resumed=False)
        return run

    def _open(self, run: Run, mode: str, resumed: bool) -> None:
        try:
            self._file = (self.path / LOG).open(mode, encoding="utf-8", newline="\n")
        except OSError as error:
            raise StorageError(f"{self.path / LOG}: {error.strerror or error}") from error
        config = run.config.to_json()
        self._log = RunLog(self._file, config, _about(run.dataset), resumed=resumed)
        self._file.flush()  # from here on a run that is killed can begin again

    def _ends_with_stop(self) -> bool:
        with (self.path / LOG).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
        try:
            event = parse_json(last.decode("utf-8"))
        except ValueError:  # longer than a stop is
            return False
        return isinstance(event, dict) and event.get("event") == "stop"

    def _cut_log(self, length: int) -> None:
        path = self.path / LOG
        try:
            if not 0 <= length <= path.stat().st_size:
                raise StorageError(f"{path}: shorter than when the run was saved")
            os.truncate(path, length)
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror or error}") from error


def _about(data: Dataset) -> dict[str, Any]:
    """What a log tells of the data."""
    about: dict[str, Any] = {
        "name": data.name,
        "classes": list(data.classes),
        "shape": list(data.shape),
        "counts": data.counts(),
    }
    if data.chosen:
        about["chosen"] = sorted(data.chosen)  # parts of which not all examples are used
    return about


def check_room(config: RunConfig, shape: tuple[int, int]) -> None:
    """Refuse a run whose files could not be loaded again, before anything of it is made.

    Raises:
        StorageError: saying which limit it is over.
        ConfigError, ShapeError: the layers do not fit each other.
    """
    if max(shape) > MAX_SIDE:
        raise StorageError(f"images of {shape[0]}x{shape[1]}; saved networks have {MAX_SIDE:,}")
    sizes = [math.prod(size) for size in outline(config, shape).values()]
    try:
        LIMITS.check(len(sizes), NUMBER * sum(sizes))
    except StorageError as error:
        raise StorageError(f"this network's weights cannot be kept in a file: {error}") from None


def read_run(
    path: Path, dataset: Dataset, clock: Callable[[], float] | None = None, **changes: Any
) -> tuple[Run, int]:
    """The run in a checkpoint, and how long its log was.

    Args:
        changes: fields of the configuration to be read otherwise than they were saved.

    Raises:
        StorageError: the checkpoint is damaged, holds no run, or one on other data.
    """
    arrays, saved = load_checkpoint(path)
    document, length = saved.get("run"), saved.get("log")
    if not isinstance(document, dict) or type(length) is not int:
        raise StorageError(f"{path}: no run in it")
    if isinstance(fields := document.get("config"), dict):
        document = {**document, "config": {**fields, **changes}}
    try:
        config = RunConfig.from_saved(document.get("config"))
    except ConfigError as error:
        raise StorageError(f"{path}: {error}") from error
    check_arrays(config, dataset.shape, arrays, path.name, others=True)
    return Run.restore(arrays, document, dataset, clock), length


def weights_in(path: str | Path) -> Path:
    """The file of weights that a user means: the file itself, or the one in a run's folder.

    Raises:
        ConfigError: an empty name.
        StorageError: there is nothing of that name, no weights in the folder, or a checkpoint.
    """
    if not str(path):
        raise ConfigError("model", "which run, or file of weights? its name is empty")
    path = Path(path)
    if path.name == CHECKPOINT:
        raise StorageError(f"{path}: a run to go on with; its network is in {WEIGHTS}, beside it")
    if not path.exists():
        raise StorageError(f"{path}: no such run, and no such file; see glassnet train --out")
    if path.is_dir() and not (path / WEIGHTS).exists():
        raise StorageError(f"{path}: no {WEIGHTS} in it; a run that is going on has them later")
    return path / WEIGHTS if path.is_dir() else path
