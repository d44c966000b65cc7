"""A Python that is newer than the one the build runs in, for a tool that asks for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import stamp, venv
from .settings import TESTS, VENV, Settings

VARIABLE = "GLASSNET_PYODIDE_BUILD"  # a Python that has pyodide-build
LOCKED = TESTS / "pyodide_build.txt"
MINIMUM = (3, 12)
_PLACES = [".pyenv/versions/3.*", ".local/share/uv/python/cpython-3.*", "/opt/python/*"]
_PLACES += ["/Library/Frameworks/Python.framework/Versions/3.*"]


def python() -> Path | None:
    """A Python of at least MINIMUM that starts: this one, one on PATH, or where managers of several
    Pythons keep theirs."""
    if sys.version_info >= MINIMUM:
        return Path(sys.executable)
    return next((path for path in _candidates() if _new_enough(path)), None)


def pyodide_build(settings: Settings) -> Path | None:
    """The Python of an environment in the cache that has pyodide-build; None where no Python is new
    enough. BuildError if the packages are not to be had."""
    base = python()
    if base is None:
        return None
    key = stamp.digest(LOCKED, str(base))[:12]
    folder = settings.cache / "environments" / f"pyodide-build-{key}"
    made = folder / venv.PYTHON.relative_to(VENV)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as name:
            new = Path(name, "environment")
            venv.make(new, base)
            venv.fill(new / made.relative_to(folder), LOCKED, settings)
            try:
                new.rename(folder)  # whole, or not at all; `python -m` does not mind the move
            except OSError:
                if not folder.exists():  # else another checkout was quicker
                    raise
    return made


def _candidates() -> Iterator[Path]:
    names = [f"python3.{minor}" for minor in range(20, MINIMUM[1] - 1, -1)] + ["python3"]
    for name in names:
        if found := shutil.which(name):
            yield Path(found)
    program = "python.exe" if os.name == "nt" else "bin/python3"
    for place in _PLACES:
        root = Path("/") if place.startswith("/") else Path.home()
        yield from (path / program for path in sorted(root.glob(place.lstrip("/")), reverse=True))


def _new_enough(path: Path) -> bool:
    code = f"import sys, venv; sys.exit(sys.version_info < {MINIMUM})"
    try:
        return subprocess.run([path, "-c", code], check=False, capture_output=True).returncode == 0
    except OSError:
        return False
