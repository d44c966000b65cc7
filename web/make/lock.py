"""Only one build at a time writes to a checkout; a second one waits for the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .console import say
from .settings import ROOT


@contextmanager
def exclusive() -> Iterator[None]:
    """Hold an advisory lock on `build.py` itself; the system frees it if we die."""
    try:
        import fcntl
    except ImportError:  # Windows: builds there are on their own
        yield
        return
    with (ROOT / "build.py").open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another build is running in this checkout; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
