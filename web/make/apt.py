"""The distribution's packages, where we may install them. Another program may be using apt, as on a
machine that updates itself; then it is waited for, and the person at the terminal is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

from .console import BuildError, say
from .fetch import Unavailable

SECONDS = 600.0  # to wait for the other program, at most
PAUSE = 5.0
# apt waits by itself for some of its locks, but not for /var/lib/apt/lists/lock.
_COMMAND = ["apt-get", "-o", "DPkg::Lock::Timeout=60"]
_HELD = ("Could not get lock", "Unable to acquire the dpkg frontend lock", "is another process")


def install(*packages: str) -> None:
    """Install packages; Unavailable where that cannot be, BuildError when apt fails."""
    if shutil.which("apt-get") is None:
        raise Unavailable("this system has none")
    if os.geteuid() != 0:
        raise Unavailable("only root may install packages")
    end = time.monotonic() + SECONDS
    _patiently([*_COMMAND, "update"], end)
    _patiently([*_COMMAND, "install", "-y", "--no-install-recommends", *packages], end)


def _patiently(command: list[str], end: float) -> None:
    """Run apt-get, again and again while another program holds one of its locks."""
    told = False
    while True:
        code, errors = _run(command)
        if code == 0:
            return
        held = any(sign in errors for sign in _HELD)
        if not held:
            raise BuildError(f"{' '.join(command)} ended with exit code {code}. {errors.strip()}")
        if time.monotonic() > end:
            raise BuildError(
                f"another program has been using apt for {SECONDS / 60:.0f} minutes; "
                f"try again when it is done. {errors.strip()}"
            )
        if not told:
            say(
                f"Another program is using apt; waiting for it, {SECONDS / 60:.0f} minutes at most."
            )
            told = True
        time.sleep(PAUSE)


def _run(command: list[str]) -> tuple[int, str]:
    """Run it in plain sight; its exit code, and what it said on standard error."""
    say(f"$ {' '.join(command)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stderr
        lines = []
        for line in process.stderr:
            sys.stderr.write(line)
            lines.append(line)
    return process.returncode, "".join(lines)
