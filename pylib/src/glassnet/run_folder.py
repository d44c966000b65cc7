"""A run's folder: its log, its last checkpoint and its weights.

    log.jsonl                  one event a line, the configuration first
    checkpoint.safetensors     the whole state, to go on from
    weights.safetensors        the network alone, to evaluate and to show

A run that uses only some of the data's examples has their rows in the checkpoint: whoever goes on
with it gives the whole data set, and the same choice is made again.

The checkpoint remembers how long the log was.  A run that was killed later goes on from the
checkpoint, and the log is cut back to it: it tells every step once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from glassnet.config import RunConfig
from glassnet.data.dataset import Dataset
from glassnet.errors import ConfigError, StorageError
from glassnet.model import Model, check_arrays, save_model
from glassnet.storage import RunLog, load_checkpoint, save_checkpoint
from glassnet.training import Run

LOG, CHECKPOINT, WEIGHTS = "log.jsonl", "checkpoint.safetensors", "weights.safetensors"


class RunFolder:
    """The folder of a run that is going on; to be used in a `with` statement.

    Args:
        path: made if it is not there.
        resume: whether to go on with the run in it; otherwise there must be none.

    Raises:
        ConfigError: there is a run in it and `resume` is false, or there is none and it is true.
        StorageError: the folder cannot be made.
    """

    def __init__(self, path: str | Path, *, resume: bool = False) -> None:
        self.path = Path(path)
        self._file: IO[str] | None = None
        self._log: RunLog | None = None
        there = (self.path / CHECKPOINT).exists()
        if resume and not there:
            raise ConfigError("resume", f"{self.path / CHECKPOINT}: no such file")
        if not resume and (there or (self.path / LOG).exists()):
            raise ConfigError("out", f"{self.path}: holds a run already; --resume goes on with it")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{self.path}: {error.strerror or error}") from error

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

    def begin(self, run: Run) -> None:
        """Start the log of a new run."""
        self._open(run, "w", resumed=False)

    def resume(
        self, dataset: Dataset, clock: Callable[[], float], epochs: int | None = None
    ) -> Run:
        """The run as it was last saved.

        Args:
            epochs: how far it goes, if not as far as it was to go.

        Raises:
            StorageError: the checkpoint or the log is damaged, or of other data.
        """
        changes = {} if epochs is None else {"epochs": epochs}
        run, length = read_run(self.path / CHECKPOINT, dataset, clock, **changes)
        self._cut_log(length)
        self._open(run, "a", resumed=True)
        return run

    def write(self, event: Mapping[str, Any]) -> None:
        """Add an event to the log."""
        assert self._log is not None
        self._log.write(event)

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

    def _open(self, run: Run, mode: str, resumed: bool) -> None:
        data = run.dataset
        about = {
            "name": data.name,
            "classes": list(data.classes),
            "shape": list(data.shape),
            "counts": {name: len(split) for name, split in data.splits().items()},
        }
        if data.chosen:
            about["chosen"] = sorted(data.chosen)  # parts of which not all examples are used
        try:
            self._file = (self.path / LOG).open(mode, encoding="utf-8", newline="\n")
        except OSError as error:
            raise StorageError(f"{self.path / LOG}: {error.strerror or error}") from error
        self._log = RunLog(self._file, run.config.to_json(), about, resumed=resumed)

    def _cut_log(self, length: int) -> None:
        path = self.path / LOG
        try:
            if not 0 <= length <= path.stat().st_size:
                raise StorageError(f"{path}: shorter than when the run was saved")
            os.truncate(path, length)
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror or error}") from error


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
        config = RunConfig.from_json(document.get("config"))
    except ConfigError as error:
        raise StorageError(f"{path}: {error}") from error
    check_arrays(config, dataset.shape, arrays, path.name, others=True)
    return Run.restore(arrays, document, dataset, clock), length


def weights_in(path: str | Path) -> Path:
    """The file of weights that a user means: the file itself, or the one in a run's folder."""
    path = Path(path)
    return path / WEIGHTS if path.is_dir() else path
