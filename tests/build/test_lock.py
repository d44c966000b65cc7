"""Our trimmed lock file against the field's own tool, where the host's Python can run it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from make.settings import NODE_MODULES


@pytest.mark.skipif(sys.version_info < (3, 12), reason="pyodide-build needs Python 3.12")
def test_pyodide_build_adds_the_same_entries(site: Path, tmp_path: Path) -> None:
    """`pyodide lockfile add-wheels` on Pyodide's whole lock file makes the entries we made."""
    folder = site / "wheels"
    wheels = []
    for path in folder.glob("glassnet*.whl"):
        wheels.append(shutil.copy(path, tmp_path / path.name))
    whole = tmp_path / "pyodide-lock.json"
    shutil.copy(NODE_MODULES / "pyodide" / "pyodide-lock.json", whole)
    made = tmp_path / "made.json"
    command = [sys.executable, "-m", "pyodide_cli", "lockfile", "add-wheels", "--input", str(whole)]
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
