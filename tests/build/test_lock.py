"""Our trimmed lock file against the field's own tool, in a Python that can run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from make import newer
from make.settings import NODE_MODULES
from support.required import required


def test_pyodide_build_adds_the_same_entries(site: Path, tmp_path: Path) -> None:
    """`pyodide lockfile add-wheels` on Pyodide's whole lock file makes the entries we made."""
    python = os.environ.get(newer.VARIABLE)
    if not python:
        required("pyodide-build", "`python3 build.py test build` gets it for Python 3.12 or newer")
    folder = site / "wheels"
    wheels = []
    for path in folder.glob("glassnet*.whl"):
        wheels.append(shutil.copy(path, tmp_path / path.name))
    whole = tmp_path / "pyodide-lock.json"
    shutil.copy(NODE_MODULES / "pyodide" / "pyodide-lock.json", whole)
    made = tmp_path / "made.json"
    command = [python, "-m", "pyodide_cli", "lockfile", "add-wheels", "--input", str(whole)]
    done = subprocess.run(
        [*command, "--output", str(made), *map(str, wheels)],
        cwd=tmp_path,  # not where our build.py would pass for the package "build"
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    theirs = json.loads(made.read_text(encoding="utf-8"))["packages"]
    ours = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    for name in ("numpy", "glassnet", "glassnet-bridge"):
        for field, value in ours[name].items():
            assert theirs[name].get(field, value) == value, (name, field)
        assert {"name", "version", "file_name", "sha256", "depends"} <= set(theirs[name])
