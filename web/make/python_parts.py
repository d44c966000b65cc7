"""Everything Python in the site: interpreter, standard library, numpy, our wheels, their lock file.

They share one folder whose name carries a hash of all of them, beside a manifest that gives the
length and sha256 of each, so that the page can tell a damaged file from a good one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from . import numpy_wheel, stamp
from .console import output
from .pins import PINS, verify
from .settings import BRIDGE, MAKE, NODE_MODULES, PYLIB, SITE, WEB, Settings

PACKAGES = ["numpy", "glassnet", "glassnet_bridge"]
ZIP_EPOCH = "315532800"  # 1980-01-01, the earliest a zip can say: the same bytes on any day

_LOCK_FIELDS = ["name", "version", "file_name", "install_dir", "sha256"]
_LOCK_FIELDS += ["package_type", "imports", "depends", "unvendored_tests"]


def make(settings: Settings) -> str:
    """Fill `_site/python-HASH/`; returns the manifest's path relative to the site."""
    key = stamp.digest(PYLIB, BRIDGE, MAKE, WEB / "package-lock.json")
    done: str | None = stamp.read("python", key)
    if done is not None:
        return done
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collect(folder, settings)
        manifest = json.dumps(describe(folder), indent=1) + "\n"
        final = SITE / f"python-{hashlib.sha256(manifest.encode()).hexdigest()[:12]}"
        (folder / "manifest.json").write_text(manifest)
        shutil.rmtree(final, ignore_errors=True)
        shutil.copytree(folder, final)
    path = f"{final.name}/manifest.json"
    stamp.write("python", key, final.iterdir(), path)
    return path


def collect(folder: Path, settings: Settings) -> None:
    """Put the core, the three wheels and the trimmed lock file into an empty folder."""
    core = NODE_MODULES / "pyodide"
    for name, sha256 in PINS["pyodide"]["files"].items():
        data = (core / name).read_bytes()
        verify(f"{core / name}", data, sha256, "Delete web/node_modules and run the build again.")
        if name != "pyodide-lock.json":
            (folder / name).write_bytes(data)
    lock = json.loads((core / "pyodide-lock.json").read_text())
    numpy = lock["packages"]["numpy"]
    wheel = numpy_wheel.obtain(numpy["file_name"], numpy["sha256"], settings)
    (folder / numpy["file_name"]).write_bytes(wheel)
    ours = [build_wheel(PYLIB, folder), build_wheel(BRIDGE, folder)]
    trim_lock(core / "pyodide-lock.json", ours)


def build_wheel(project: Path, folder: Path) -> Path:
    """A pure-Python project's wheel, the same bytes each time; returns its path in `folder`."""
    code = "import sys, flit_core.buildapi as flit; print(flit.build_wheel(sys.argv[1]))"
    name = output(
        [sys.executable, "-c", code, folder],
        cwd=project,
        env={"SOURCE_DATE_EPOCH": ZIP_EPOCH},
        advice=f"The package metadata in {project / 'pyproject.toml'} could not be built.",
    )
    return folder / name.strip()


def trim_lock(lock: Path, wheels: list[Path]) -> None:
    """Write, beside our wheels, Pyodide's lock file with nothing in it but numpy and them."""
    from pyodide_lock import PyodideLockSpec
    from pyodide_lock.utils import add_wheels_to_spec

    whole = json.loads(lock.read_text())
    info = whole["info"]
    start = {
        # What pyodide-lock for Python 3.11 still asks for and later versions leave out.
        "info": {"version": "0.0.0", **info},
        "packages": {"numpy": whole["packages"]["numpy"]},
    }
    folder = wheels[0].parent
    trimmed = folder / "pyodide-lock.json"
    trimmed.write_text(json.dumps(start))
    spec = add_wheels_to_spec(PyodideLockSpec.from_json(trimmed), wheels, base_path=folder)
    # Its versions differ in the optional fields they write; these are enough for Pyodide.
    packages = {
        name: {field: getattr(package, field) for field in _LOCK_FIELDS}
        for name, package in sorted(spec.packages.items())
    }
    trimmed.write_text(json.dumps({"info": info, "packages": packages}, indent=1) + "\n")


def describe(folder: Path) -> dict[str, Any]:
    """The manifest: versions, what to load, and the length and sha256 of every file."""
    lock = json.loads((folder / "pyodide-lock.json").read_text())
    project = tomllib.loads((PYLIB / "pyproject.toml").read_text())["project"]
    return {
        "version": 1,
        "versions": {
            "pyodide": PINS["pyodide"]["version"],
            "numpy": lock["packages"]["numpy"]["version"],
            "glassnet": project["version"],
        },
        "packages": PACKAGES,
        "files": [
            {
                "name": path.name,
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in sorted(folder.iterdir())
        ],
    }
