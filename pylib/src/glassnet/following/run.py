"""One run, followed by its log."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from glassnet.errors import StorageError
from glassnet.run_folder import LOG, WEIGHTS
from glassnet.series import Series
from glassnet.storage.json import parse_json
from glassnet.storage.runlog import MAX_LINE

Json = dict[str, Any]

PIECE = 1 << 18  # bytes read at a time: others have their turn between
SEAM = 64  # bytes before the place where the last reading ended, to see that it is the same log


class FollowedRun:
    """What the log in a run's folder has told so far.

    A log that was cut back, as a resumed run's is, or begun anew is read again from its beginning.

    Attributes:
        folder: the run's.
        version: when something last changed.
        state: `waiting` (there is no log yet), `going`, `ended`, or `damaged`.
        reason: why it ended, or what is wrong with its log.
        step, epoch: how far it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = 0
        self._begin()

    def _begin(self) -> None:
        self.state, self.reason = "waiting", ""
        self.step = self.epoch = 0
        self._first: Json = {}
        self._losses, self._tested, self._accuracies = Series(), Series(), Series()
        self._offset, self._seam, self._rest = 0, b"", b""
        self._begun = (
            -1
        )  # version at which it was read from its beginning; -1: with the next change
        self._weights: int | None = None

    def read(self, version: int) -> bool:
        """Read what is new. Returns whether there may be more to read at once.

        Args:
            version: the one that what is new shall have.
        """
        self._look_for_weights(version)
        try:
            with (self.folder / LOG).open("rb") as file:
                file.seek(self._offset - len(self._seam))
                same = file.read(len(self._seam)) == self._seam
                if not same:
                    self._begin()
                    file.seek(0)
                elif self.state == "damaged":
                    return False
                piece = file.read(PIECE)
        except OSError as error:
            gone = not isinstance(error, FileNotFoundError)
            if gone and self.reason != str(error.strerror or error):
                self._become("damaged", f"{self.folder / LOG}: {error.strerror or error}", version)
            return False
        if not piece:
            return False
        self._offset += len(piece)
        self._seam = (self._seam + piece)[-SEAM:]
        *lines, self._rest = (self._rest + piece).split(b"\n")
        try:
            if len(self._rest) > MAX_LINE:
                raise StorageError("a line without an end")
            for line in lines:
                self._hear(_event(line), version)
        except (ValueError, KeyError, TypeError, StorageError) as error:
            self._become("damaged", f"{self.folder / LOG}: {error}", version)
        return len(piece) == PIECE

    def told(self, after: int) -> Json:
        """What somebody lacks who knows this run as it was at version `after`."""
        whole = self._begun > after
        since = -1 if whole else after
        told: Json = {
            "state": self.state,
            "reason": self.reason,
            "step": self.step,
            "epoch": self.epoch,
            "losses": self._losses.since(since),
            "tested": self._tested.since(since),
            "accuracies": self._accuracies.since(since),
            "weights": self._weights,
        }
        return {**told, **self._first} if whole else told

    def _become(self, state: str, reason: str, version: int) -> None:
        self.state, self.reason, self.version = state, reason, version
        if self._begun < 0:
            self._begun = version

    def _look_for_weights(self, version: int) -> None:
        """Notes when the network was last kept, in milliseconds since 1970."""
        try:
            kept = (self.folder / WEIGHTS).stat().st_mtime_ns // 1_000_000
        except OSError:
            return
        if kept != self._weights:
            self._weights, self.version = kept, version

    def _hear(self, event: Json, version: int) -> None:
        if not self._first:
            if event["event"] != "run" or not isinstance(event["config"], dict):
                raise StorageError("expected the run's configuration in line 1")
            self._first = {key: event[key] for key in ("config", "data", "versions")}
        self._become("going", "", version)
        kind = event["event"]
        if kind == "step":
            self.step, self.epoch = int(event["step"]), int(event["epoch"])
            self._losses.add(self.step, float(event["loss"]), version)
        elif kind == "evaluation" and event["split"] == "test":
            self._tested.add(int(event["step"]), float(event["loss"]), version)
            self._accuracies.add(int(event["step"]), float(event["accuracy"]), version)
        elif kind == "epochend":
            self.epoch = int(event["epoch"])
        elif kind == "stop":
            self._become("ended", str(event["reason"]), version)

    def silence(self) -> float:
        """Seconds since the log last grew."""
        try:
            return max(0.0, time.time() - (self.folder / LOG).stat().st_mtime)
        except OSError:
            return 0.0


def _event(line: bytes) -> Json:
    event = parse_json(line.decode("utf-8"))
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        raise StorageError(f"expected an event, got {line[:60]!r}")
    return event
