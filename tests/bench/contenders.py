"""Who takes part in the race: something that can be warmed up and that runs a workload's steps."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page

from bench.workloads import Workload
from make.settings import ROOT

_ASK = """([name, message]) => new Promise((resolve, reject) => {
  const worker = window.workers[name];
  worker.onmessage = ({ data }) => ('error' in data ? reject(new Error(data.error)) : resolve(data.result));
  worker.onerror = (event) => reject(new Error(event.message));
  worker.postMessage(message);
})"""
_OPEN = """([name, url]) => {
  window.workers ??= {};
  window.workers[name] = new Worker(url, { type: 'module', name });
}"""


@dataclass(frozen=True)
class Trial:
    """What a round brought. seconds: of all steps. losses: of the first. accuracy: after all."""

    seconds: float
    losses: list[float]
    accuracy: float | None


class Contender(Protocol):
    """One engine or library."""

    name: str

    def takes(self, workload: Workload) -> bool:
        """Whether it can train such a network at all."""

    def warm(self, workload: Workload, seconds: float) -> None:
        """Train and forget it."""

    def run(self, workload: Workload, judge: bool) -> Trial:
        """Take the workload's steps from its first weights."""


class Native:
    """A process of its own with one thread: CPython with our package and numpy, or with PyTorch."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name, self._process = name, process
        self.versions: dict[str, str] = self._read()

    def takes(self, workload: Workload) -> bool:
        return True

    def warm(self, workload: Workload, seconds: float) -> None:
        self._ask({"type": "warm", "workload": workload.to_json(), "seconds": seconds})

    def run(self, workload: Workload, judge: bool) -> Trial:
        return Trial(**self._ask({"type": "run", "workload": workload.to_json(), "judge": judge}))

    def _ask(self, message: dict[str, Any]) -> Any:
        assert self._process.stdin
        print(json.dumps(message), file=self._process.stdin, flush=True)
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the native process ended; see its message above")
        return json.loads(line)


def has_pytorch() -> bool:
    """Whether PyTorch is installed here (tests/torch.txt; where it is to be had)."""
    return importlib.util.find_spec("torch") is not None


@contextmanager
def native(site: Path, name: str, module: str) -> Iterator[Native]:
    """What a module of the bench runs natively, for as long as it is needed."""
    paths = [ROOT / "tests", ROOT / "web", ROOT / "pylib" / "src"]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
    command = [sys.executable, "-m", f"bench.{module}", str(site)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        yield Native(name, process)
        assert process.stdin
        process.stdin.close()


class InBrowser:
    """An engine or a library in a worker of a page; several engines may share one worker.

    Args:
        worker: the name under which `open_worker` started it.
        only: the workloads it can do.
    """

    def __init__(self, page: Page, worker: str, name: str, only: frozenset[str]) -> None:
        self.name, self._page, self._worker, self._only = name, page, worker, only

    def takes(self, workload: Workload) -> bool:
        return workload.name in self._only

    def warm(self, workload: Workload, seconds: float) -> None:
        self._ask({"type": "warm", "seconds": seconds, "workload": workload.to_json()})

    def run(self, workload: Workload, judge: bool) -> Trial:
        message = {"type": "run", "judge": judge, "workload": workload.to_json()}
        return Trial(**self._ask(message))

    def _ask(self, message: dict[str, Any]) -> Any:
        return self._page.evaluate(_ASK, [self._worker, {**message, "engine": self.name}])


def open_worker(page: Page, name: str, url: str, first: dict[str, Any]) -> Any:
    """Start a worker and send its first message; returns the answer."""
    page.evaluate(_OPEN, [name, url])
    return page.evaluate(_ASK, [name, {"type": "open", **first}])
