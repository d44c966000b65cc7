"""The log of a run: JSON Lines, one event a line, the first line the configuration and versions.

    {"event":"run","format":1,"config":{...},"data":{...},"versions":{"glassnet":"0.1.0",...}}
    {"event":"step","step":1,...}

The same file is written by the command line and by the pages, and read by both.  A run that is
killed while writing leaves a last line without its end; that line is dropped, nothing else is.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

import glassnet
from glassnet.errors import StorageError
from glassnet.storage.json import parse_json

FORMAT = 1
MAX_LINE = 1 << 20
MAX_BYTES = 256 << 20

Json = dict[str, Any]


def versions() -> dict[str, str]:
    """What computed the numbers: this package, numpy, Python, and the machine's kind."""
    return {
        "glassnet": glassnet.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


class RunLog:
    """Writes a log, a line at a time.

    Args:
        file: an open text file, kept open.
        config: the run's configuration.
        data: which data: name, counts.
        resumed: whether the log goes on where it ended; then there is no new first line.
    """

    def __init__(self, file: IO[str], config: Json, data: Json, *, resumed: bool = False) -> None:
        self.file = file
        if not resumed:
            first = {"event": "run", "format": FORMAT, "config": config, "data": data}
            self.write({**first, "versions": versions()})

    def write(self, event: Mapping[str, Any]) -> None:
        """Add one event.

        Raises:
            StorageError: it holds a NaN or something else that JSON cannot.
        """
        self.file.write(format_line(event))


def format_line(event: Mapping[str, Any]) -> str:
    """One event as one line of JSON, newline included. Errors as `RunLog.write`."""
    try:
        return json.dumps(event, allow_nan=False, separators=(",", ":")) + "\n"
    except (TypeError, ValueError) as error:
        raise StorageError(f"event {event.get('event')!r}: {error}") from error


def parse_runlog(text: str, *, name: str = "run log") -> tuple[Json, Iterator[Json]]:
    """The first line and the events of a log.

    Raises:
        StorageError: the first line is not as described above; or, from the iterator, a later one
            is not an event.
    """
    lines = text.split("\n")
    lines.pop()  # empty, or a last line without its end
    if not lines:
        raise StorageError(f"{name}: empty")
    first = _parse_line(lines[0], name, 1)
    if first["event"] != "run" or not isinstance(first.get("config"), dict):
        raise StorageError(f"{name}, line 1: expected the run's configuration")
    if first.get("format") != FORMAT:
        raise StorageError(f"{name}, line 1: format {first.get('format')!r}, expected {FORMAT}")
    events = (_parse_line(line, name, number) for number, line in enumerate(lines[1:], start=2))
    return first, events


def read_runlog(path: str | Path) -> tuple[Json, Iterator[Json]]:
    """As `parse_runlog`, from a file.

    Raises:
        StorageError: also if the file is missing, larger than 256 MB or not text.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StorageError(f"{path}: larger than the limit of {MAX_BYTES:,} bytes")
        return parse_runlog(path.read_text(encoding="utf-8"), name=path.name)
    except UnicodeDecodeError as error:
        raise StorageError(f"{path}: not text: {error.reason}") from error
    except (OSError, ValueError) as error:  # a ValueError of names that no file can have
        raise StorageError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def read_beginning(path: str | Path) -> Json:
    """The first line of a log, however long that is. Errors as `read_runlog`."""
    path = Path(path)
    try:
        with path.open(encoding="utf-8") as file:
            return parse_runlog(file.readline(MAX_LINE + 2), name=path.name)[0]
    except UnicodeDecodeError as error:
        raise StorageError(f"{path}: not text: {error.reason}") from error
    except (OSError, ValueError) as error:  # a ValueError of names that no file can have
        raise StorageError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def _parse_line(line: str, name: str, number: int) -> Json:
    """One line, an object with the name of an event."""
    if len(line) > MAX_LINE:
        raise StorageError(f"{name}, line {number}: longer than {MAX_LINE:,} characters")
    try:
        event = parse_json(line)
    except ValueError as error:
        raise StorageError(f"{name}, line {number}: not JSON: {str(error)[:200]}") from error
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        raise StorageError(f"{name}, line {number}: expected an object with an event's name")
    return event
