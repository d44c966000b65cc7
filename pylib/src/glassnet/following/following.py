"""Many runs, followed together."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from glassnet.errors import StorageError
from glassnet.following.run import FollowedRun
from glassnet.run_folder import LOG

Json = dict[str, Any]

DEPTH = 4  # folders within folders in which runs are looked for
SEARCH_S = 2.0  # between two searches for new runs
POLL_S = 0.2  # between two readings of the logs


class Following:
    """The runs in some folders, those that come later included.

    Args:
        roots: runs' folders, sweeps' folders, or folders that hold such; they may come later.

    Attributes:
        runs: by name, in the order in which they were found.

    Raises:
        StorageError: a root is a file.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        for root in roots:
            if root.is_file():
                raise StorageError(f"{root}: a file; expected the folder of a run, or of many")
        self.roots = list(roots)
        self.runs: dict[str, FollowedRun] = {}
        self._version = 1  # who knows nothing asks with 0, and is answered at once
        self._changed = threading.Condition()
        self._searched = -SEARCH_S

    def poll(self) -> bool:
        """Look for new runs, now and then, and read a piece of what is new in each. Returns whether
        there is more to read at once."""
        if time.monotonic() - self._searched >= SEARCH_S:
            self._searched = time.monotonic()
            found = list(self._found())
            with self._changed:
                for name, folder in found:
                    if name not in self.runs:
                        self.runs[name] = FollowedRun(folder)
        more = False
        version = self._version + 1
        for run in self.runs.values():
            with self._changed:  # for each anew: whoever asks waits for one piece, not for all
                more |= run.read(version)
        with self._changed:
            if any(run.version == version for run in self.runs.values()):
                self._version = version
                self._changed.notify_all()
        return more

    def news(self, after: int, wait: float) -> Json:
        """What has changed since version `after`; if nothing, what changes within `wait` seconds.

        Returns:
            `version`, to ask with the next time, and `runs`: for each that has changed, by name,
            what `FollowedRun.told` says. One who asks with another server's version is told all.
        """
        with self._changed:
            if not 0 <= after <= self._version:
                after = 0
            self._changed.wait_for(lambda: self._version > after, wait)
            known = {name: run for name, run in self.runs.items() if run.version > after}
            told = {name: run.told(after) for name, run in known.items()}
            silent = {name: round(run.silence(), 1) for name, run in self.runs.items()}
            return {"version": self._version, "runs": told, "silent": silent}

    def follow(self, stop: threading.Event) -> None:
        """Poll until `stop` is set: the work of a thread."""
        more = True
        while not stop.wait(0 if more else POLL_S):
            more = self.poll()

    def _found(self) -> Iterator[tuple[str, Path]]:
        """Names and folders of the runs that are there. A name begins with its root's; where two
        roots have one name, with the root as it was given."""
        bases = [root.resolve() for root in self.roots]
        unique = len({base.name for base in bases}) == len(bases)
        for root, base in zip(self.roots, bases, strict=True):
            start = Path(base.name) if unique else root
            for folder in _runs_below(base, DEPTH):
                yield (start / folder.relative_to(base)).as_posix(), folder


def _runs_below(folder: Path, depth: int) -> Iterator[Path]:
    below: list[Path] = []
    try:
        is_run = (folder / LOG).exists()
        if depth and not is_run:
            below = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:  # one that may not be read holds nothing for us
        return
    if is_run:
        yield folder
    for path in below:
        yield from _runs_below(path, depth - 1)
