"""A file that one process writes to at a time.

The lock is the operating system's, so it is gone with its process, however that ended: there is
nothing to clean up after a crash, and no stale lock to be told from a live one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from glassnet.errors import StorageError

BEYOND = 1 << 40  # the byte that Windows locks: where no file ends, so that all of it can be read


class FileLock:
    """Holds a file that is there, until `release`.

    Raises:
        StorageError: another process, or another lock in this one, holds it.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file: IO[bytes] = path.open("r+b")
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror or error}") from error
        try:
            _lock(self._file)
        except OSError:
            self._file.close()
            raise StorageError(
                f"{path.parent}: another process is training in this folder; "
                "wait until it has ended, or end it"
            ) from None

    def release(self) -> None:
        """Let others have it."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(BEYOND)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

elif sys.platform == "emscripten":

    def _lock(file: IO[bytes]) -> None:
        """A browser's file system has one process."""

else:
    import errno
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            # Some network file systems know no locks: better to train without than not at all.
