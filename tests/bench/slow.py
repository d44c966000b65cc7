"""A slower machine: all processes of a browser stand still for most of the time, in turns so short
that they seem slow instead. (Chromium's own throttle does not reach workers.)

As a program, started by `slowed`: `python -m bench.slow GROUP TIMES`; it ends with its input.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Page

SETTLE = 1.0  # seconds that a browser has after its start
TRIES = 4  # of the loop
TURN = 0.032  # seconds: two pictures' time; in shorter turns, stopping and waking count too much

# How often a loop goes round in half a second; the same text for a page and for a worker.
LOOP = """() => {
  const end = performance.now() + 500;
  let [rounds, x] = [0, 1];
  for (; performance.now() < end; rounds++) for (let i = 0; i < 10_000; i++) x = (Math.imul(x, 31) + i) | 0;
  return x === 0.5 ? 0 : rounds;
}"""
IN_WORKER = """(loop) => new Promise((resolve) => {
  const text = `postMessage((${loop})())`;
  const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  worker.onmessage = ({ data }) => {
    worker.terminate();
    resolve(data);
  };
})"""


@contextmanager
def slowed(folder: str, times: float) -> Iterator[None]:
    """Slow the browser down whose profile is in a folder."""
    paths = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-m", "bench.slow", str(group_of(folder)), str(times)]
    environment = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
        yield
        assert process.stdin
        process.stdin.close()


def group_of(folder: str) -> int:
    """The process group of the program that was started with this folder; its processes share it."""
    groups = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if folder.encode() in (process / "cmdline").read_bytes():
                groups.add(os.getpgid(int(process.name)))
        except (OSError, ProcessLookupError):
            continue
    groups.discard(os.getpgrp())
    if len(groups) != 1:
        raise RuntimeError(f"a browser of {len(groups)} process groups cannot be slowed down")
    return groups.pop()


def speed(page: Page) -> dict[str, float]:
    """How often a loop goes round in the page, and in a worker of it, at best of a few times: it is
    compiled meanwhile, and a browser that has just begun has much to do. The page's policy must
    allow blobs."""
    time.sleep(SETTLE)
    return {
        "page": max(float(page.evaluate(LOOP)) for _ in range(TRIES)),
        "worker": max(float(page.evaluate(IN_WORKER, LOOP)) for _ in range(TRIES)),
    }


def main() -> None:
    group, times = int(sys.argv[1]), float(sys.argv[2])
    with suppress(OSError):  # where we may, we come before those whom we slow down
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    over, begin = False, time.monotonic()
    try:
        while not over and not _ended(TURN / times):
            os.killpg(group, signal.SIGSTOP)
            ran = time.monotonic() - begin  # longer than it was to, where we came late
            over = _ended(ran * (times - 1))
            os.killpg(group, signal.SIGCONT)
            begin = time.monotonic()
    except ProcessLookupError:  # the browser has ended first
        return


def _ended(seconds: float) -> bool:
    """Wait so long; whether the input has ended meanwhile."""
    return bool(select.select([sys.stdin], [], [], seconds)[0])


if __name__ == "__main__":
    main()
