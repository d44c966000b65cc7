"""An executor for tests: what it is given is done in this process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class Here(Executor):
    """Does what it is given at once; the first so many runs, and then is interrupted."""

    def __init__(self, most: float = float("inf")) -> None:
        self.most, self.given = most, 0

    def submit(self, f: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        if self.given >= self.most:
            raise KeyboardInterrupt
        self.given += 1
        future: Future[Any] = Future()
        try:
            future.set_result(f(*args, **more))
        except Exception as error:
            future.set_exception(error)
        return future
