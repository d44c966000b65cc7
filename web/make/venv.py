"""The project's own virtual environment, made and filled before anything else runs.

Requirements are locked with the sha256 of every file, and the files are kept in the cache, so that
a second checkout needs no network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import stamp
from .console import run, say
from .settings import VENV, Settings

PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def inside() -> bool:
    """Whether this very process runs in the project's environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def create() -> None:
    """Make `.venv` if it is missing or its Python no longer starts."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        return
    if VENV.exists():
        say(f"{VENV} does not start any more; making it anew.")
        shutil.rmtree(VENV)
    make(VENV, Path(sys.executable))


def make(folder: Path, python: Path) -> None:
    """An environment for a Python."""
    run(
        [python, "-m", "venv", folder],
        advice="Python could not make a virtual environment. On Debian and Ubuntu the module is a"
        " package of its own: apt-get install python3-venv",
    )


def install(requirements: Path, settings: Settings) -> None:
    """Install a locked requirements file into our environment, if that has not been done."""
    key = stamp.digest(requirements, str(PYTHON), str(PYTHON.resolve()))
    if stamp.read(f"pip-{requirements.parent.name}-{requirements.stem}", key) is not None:
        return
    fill(PYTHON, requirements, settings)
    stamp.write(f"pip-{requirements.parent.name}-{requirements.stem}", key, [], "installed")


def fill(python: Path, requirements: Path, settings: Settings) -> None:
    """Install a locked requirements file, from the cache if all of it is there."""
    wheels = settings.cache / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    locked: list[str | Path] = ["--require-hashes", "--only-binary", ":all:", "-r", requirements]
    install = [*pip, "install", *locked, "--no-index", "--find-links", wheels]
    if settings.offline:
        run(install, advice=_OFFLINE.format(wheels=wheels))
    elif _succeeds(install):
        say(f"Installed {requirements.name} from {wheels}")
    else:
        download = [*pip, "--retries", "2", "--timeout", "20", "download", *locked, "-d", wheels]
        run(download, advice=_ONLINE.format(wheels=wheels))
        run(install)


def reenter(script: Path) -> None:
    """Continue this command inside `.venv`. Does not return."""
    arguments = [str(PYTHON), str(script), *sys.argv[1:]]
    if os.name == "nt":  # execv there would return to the shell before the work is done
        raise SystemExit(subprocess.run(arguments, check=False).returncode)
    os.execv(PYTHON, arguments)


def _succeeds(command: list[str | Path]) -> bool:
    """Try quietly: a miss in the cache is no news."""
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


_ONLINE = (
    "Python packages come from the package index that pip is configured for; is it reachable?\n"
    "Wheels put into {wheels} are used without a network, if their sha256 is the locked one."
)
_OFFLINE = (
    "With --offline only {wheels} is used, and something is missing there.\n"
    "Run once without --offline, or point GLASSNET_CACHE at a filled cache."
)
