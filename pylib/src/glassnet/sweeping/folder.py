"""A sweep's folder, which its parent process alone writes to, but for the runs' own folders.

sweep.json      the plan: configuration, settings, the runs, and what computed them
results.jsonl   a line for each run that has ended
runs/000, ...   each run's log, checkpoint and weights
stop            is there while running runs are asked to leave off
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from glassnet.config import RunConfig
from glassnet.errors import ConfigError, StorageError
from glassnet.storage.files import write_file
from glassnet.storage.json import parse_json
from glassnet.storage.lock import FileLock
from glassnet.storage.runlog import format_line, versions
from glassnet.sweeping.settings import Point

Json = dict[str, Any]

PLAN, RESULTS, RUNS, STOP = "sweep.json", "results.jsonl", "runs", "stop"
VERSION = 1
KEPT = ("done", "diverged")  # outcomes that would be the same if the run were run again


class SweepFolder:
    """The folder of a sweep that goes on; to be used in a `with` statement.

    Args:
        path: the folder; it is made.
        points: the runs, if the sweep is new, or is to be the same as the one that is there; None:
            the one that is there.
        resume: whether to go on with the sweep in it; otherwise there must be none.

    Attributes:
        points: the runs.
        results: by number, what is known of those that need not be run again.

    Raises:
        ConfigError: there is a sweep in it and `resume` is false, or there is none, or another one,
            and it is true.
        StorageError: it is damaged, cannot be written, or another process sweeps in it.
    """

    def __init__(self, path: str | Path, points: Sequence[Point] | None, resume: bool) -> None:
        self.path = Path(path)
        there = (self.path / PLAN).exists()
        if there and not resume:
            raise ConfigError("out", f"{path}: holds a sweep already; it can be resumed")
        if resume and not there:
            raise ConfigError("resume", f"{self.path / PLAN}: no such file")
        if there:
            saved = read_plan(self.path)
            if points is not None and _rows(points) != _rows(saved):
                raise ConfigError("resume", f"{path}: holds a sweep of other runs")
            self.points = saved
        else:
            self.points = list(points or ())
            self._make()
        self._lock = FileLock(self.path / PLAN)
        try:
            self.results = {told["run"]: told for told in read_results(self.path)}
            self.results = {n: told for n, told in self.results.items() if told["outcome"] in KEPT}
            self.ask_to_stop(False)
            self._file = self._begin()
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> SweepFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self.ask_to_stop(False)
        self._lock.release()

    def run_folder(self, number: int) -> Path:
        """A run's own."""
        return self.path / run_name(number, len(self.points))

    def write(self, point: Point, told: Json) -> Json:
        """Keep what became of a run, on the disk at once. Returns the line."""
        line = result(point, len(self.points), told)
        self._file.write(format_line(line))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.results[point.number] = line
        return line

    def ask_to_stop(self, wish: bool) -> None:
        """Tell the running runs to leave off; or that they need not."""
        if wish:
            (self.path / STOP).touch()
        else:
            with contextlib.suppress(FileNotFoundError):
                (self.path / STOP).unlink()

    def _make(self) -> None:
        try:
            (self.path / RUNS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{self.path}: {error.strerror or error}") from error
        write_file(self.path / PLAN, plan(self.points).encode())

    def _begin(self) -> IO[str]:
        """The results that stay, written again: without those that failed, which are run again, and
        without a last line that a kill has torn."""
        path = self.path / RESULTS
        kept = [self.results[number] for number in sorted(self.results)]
        write_file(path, "".join(map(format_line, kept)).encode())
        return path.open("a", encoding="utf-8", newline="\n")


def run_name(number: int, count: int) -> str:
    """A run's own folder in that of its sweep of so many, as `runs/03`."""
    return f"{RUNS}/{number:0{len(str(count - 1))}}"


def plan(points: Sequence[Point]) -> str:
    """The text of a sweep's plan."""
    told = {"sweep": VERSION, "versions": versions(), "runs": _rows(points)}
    return json.dumps(told, indent=1) + "\n"


def result(point: Point, count: int, told: Json) -> Json:
    """The line of a run that has ended. told: what became of it, as `carry_out` tells."""
    line = {"event": "result", "run": point.number, "folder": run_name(point.number, count)}
    return {**line, "settings": point.settings, **told}


def _rows(points: Sequence[Point]) -> list[Json]:
    return [{"settings": point.settings, "config": point.config.to_json()} for point in points]


def read_plan(path: str | Path) -> list[Point]:
    """The runs of the sweep in a folder.

    Raises:
        StorageError: there is none, or it is damaged.
    """
    file = Path(path) / PLAN
    try:
        told = parse_json(file.read_text(encoding="utf-8"))
        if not isinstance(told, dict) or told.get("sweep") != VERSION:
            raise StorageError(f"{file}: no sweep of version {VERSION}")
        return [
            Point(number, dict(row["settings"]), RunConfig.from_saved(row["config"]))
            for number, row in enumerate(told["runs"])
        ]
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, ConfigError) as error:
        raise StorageError(f"{file}: damaged: {error}") from error


def read_results(path: str | Path) -> list[Json]:
    """What is known of the runs of the sweep in a folder, in the order in which they ended; a last
    line without its end is left out.

    Raises:
        StorageError: a line is damaged.
    """
    file = Path(path) / RESULTS
    if not file.exists():
        return []
    results = []
    for number, text in enumerate(file.read_text(encoding="utf-8").split("\n")[:-1], start=1):
        try:
            line = parse_json(text)
            if not (isinstance(line, dict) and {"run", "settings", "outcome"} <= line.keys()):
                raise ValueError("no result")
            results.append(line)
        except ValueError as error:
            raise StorageError(f"{file}, line {number}: damaged: {error}") from error
    return results
