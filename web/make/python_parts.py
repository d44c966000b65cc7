"""Everything Python in the site: interpreter, standard library, numpy, our packages.

The parts come from where they are published, are checked, and are compiled to bytecode by the
interpreter they are for (web/make/start). Each file's name carries a hash of its content, and a
manifest gives the length and sha256 of all, so that the page can tell a damaged file from a good
one, and a visitor who comes back fetches only what has changed.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from . import numpy_wheel, stamp
from .console import output, run
from .interpreter import CORE, RUN, gzipped
from .node import Node
from .pins import PINS, verify
from .settings import BRIDGE, MAKE, PYLIB, SITE, WEB, Settings

FOLDER = SITE / "python"
WHEELS = SITE / "wheels"
START = MAKE / "start"

# As they are; hosts compress them on the way. A browser keeps the interpreter's compiled code only
# if the server's response is what it compiles, so that one must not be packed.
PLAIN = ["pyodide.asm.wasm", "pyodide.mjs", "pyodide.asm.mjs", "pyodide-lock.json"]
PACKED = ["stdlib.zip", "numpy.tar", "glassnet.tar"]  # hosts would send them as they are
# Compressed too, and fetched only when one of their modules is asked for. Those of numpy are put
# where the others lie, for there are libraries among them.
LATER = {"rest.zip": {}, "numpy-rest.zip": {"below": "/lib/python3.14/site-packages"}}
LEVEL = 9  # of gzip
ZIP_EPOCH = "315532800"  # 1980-01-01, the earliest a zip can say: the same bytes on any day

_LOCK_FIELDS = ["name", "version", "file_name", "install_dir", "sha256"]
_LOCK_FIELDS += ["package_type", "imports", "depends", "unvendored_tests"]


def make(program: Node, settings: Settings) -> str:
    """Fill `_site/python/`; returns the manifest's path relative to the site."""
    inputs = [PYLIB / "src", BRIDGE / "src", START, MAKE / "python_parts.py", MAKE / "pins.toml"]
    inputs += [RUN, MAKE / "pack.py"]
    key = stamp.digest(*inputs, WEB / "python" / "archive.js", WEB / "package-lock.json")
    done: str | None = stamp.read("python", key)
    if done is not None:
        return done
    with tempfile.TemporaryDirectory() as name:
        wheels, parts = Path(name, "wheels"), Path(name, "parts")
        wheels.mkdir()
        parts.mkdir()
        collect(wheels, settings)
        run(
            [program.program, START / "compile.mjs", CORE, wheels, parts],
            env=program.env,
            advice="Python's parts could not be compiled by their own interpreter under Node.",
        )
        written = publish(wheels, parts, program)
    path = f"{FOLDER.name}/{written[-1].name}"
    stamp.write("python", key, written, path)
    return path


def collect(wheels: Path, settings: Settings) -> None:
    """Check the core; put the three wheels and the trimmed lock file into an empty folder."""
    for name, sha256 in PINS["pyodide"]["files"].items():
        path = CORE / name
        advice = "Delete web/node_modules and run the build again."
        verify(f"{path}", path.read_bytes(), sha256, advice)
    lock = json.loads((CORE / "pyodide-lock.json").read_text(encoding="utf-8"))
    numpy = lock["packages"]["numpy"]
    wheel = numpy_wheel.obtain(numpy["file_name"], numpy["sha256"], settings)
    (wheels / numpy["file_name"]).write_bytes(wheel)
    ours = [build_wheel(PYLIB, wheels), build_wheel(BRIDGE, wheels)]
    trim_lock(CORE / "pyodide-lock.json", ours)


def publish(wheels: Path, parts: Path, program: Node) -> list[Path]:
    """Write all parts, and the manifest last, into the site; returns what was written.

    The wheels go there too, with the lock file that names them. No page of ours fetches those:
    they are for other people's pages, whose Pyodide then has glassnet as one more package.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    WHEELS.mkdir(parents=True, exist_ok=True)
    written = [WHEELS / path.name for path in wheels.iterdir()]
    for path in written:
        path.write_bytes((wheels / path.name).read_bytes())
    places = {path.name: path for folder in (CORE, parts, wheels) for path in folder.iterdir()}
    named = {name: places[name].read_bytes() for name in [*PLAIN, *PACKED, *LATER]}
    packed = gzipped(program, named, LEVEL)
    files = [_publish_part(places[name]) | {"wire": len(packed[name])} for name in PLAIN]
    files += [_publish_part(places[name], packed[name]) for name in PACKED]
    starting = _modules(parts / "numpy.tar")
    later = [
        _publish_part(places[name], packed[name])
        | {"modules": _roots(_modules(places[name]), starting)}
        | more
        for name, more in LATER.items()
    ]
    manifest = {"version": 2, "versions": versions(wheels), "files": files, "later": later}
    text = json.dumps(manifest, indent=1) + "\n"
    written += [FOLDER / part["file"] for part in files + later]
    written.append(FOLDER / f"manifest-{_hash(text.encode())[:12]}.json")
    written[-1].write_text(text, encoding="utf-8")
    return written


def _publish_part(path: Path, packed: bytes | None = None) -> dict[str, Any]:
    """Write one part, or its packed form, under a name that carries its hash; returns its entry in
    the manifest."""
    data = packed or path.read_bytes()
    name = f"{path.stem}-{_hash(data)[:12]}{path.suffix}" + (".gz" if packed else "")
    (FOLDER / name).write_bytes(data)
    entry = {"name": path.name, "file": name, "bytes": len(data), "sha256": _hash(data)}
    return entry | ({"encoding": "gzip"} if packed else {})


def _modules(path: Path) -> set[str]:
    """The names of the modules and packages in an archive."""
    if path.suffix == ".tar":
        with tarfile.open(path) as tar:
            names = tar.getnames()
    else:
        with ZipFile(path) as archive:
            names = archive.namelist()
    files = (name.rpartition("/") for name in names if name.endswith((".pyc", ".so")))
    found = (f"{folder}/{file.partition('.')[0]}".strip("/") for folder, _, file in files)
    return {name.replace("/", ".").removesuffix(".__init__") for name in found}


def _roots(modules: set[str], starting: set[str]) -> list[str]:
    """The fewest names that, with all below them, are these modules and none of `starting`."""

    def root(name: str) -> str:
        parts = name.split(".")
        above = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
        return next(one for one in above if one not in starting)

    return sorted({root(name) for name in modules})


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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

    whole = json.loads(lock.read_text(encoding="utf-8"))
    info = whole["info"]
    start = {
        # What pyodide-lock for Python 3.11 still asks for and later versions leave out.
        "info": {"version": "0.0.0", **info},
        "packages": {"numpy": whole["packages"]["numpy"]},
    }
    folder = wheels[0].parent
    trimmed = folder / "pyodide-lock.json"
    trimmed.write_text(json.dumps(start), encoding="utf-8")
    spec = add_wheels_to_spec(PyodideLockSpec.from_json(trimmed), wheels, base_path=folder)
    # Its versions differ in the optional fields they write; these are enough for Pyodide.
    packages = {
        name: {field: getattr(package, field) for field in _LOCK_FIELDS}
        for name, package in sorted(spec.packages.items())
    }
    trimmed.write_text(
        json.dumps({"info": info, "packages": packages}, indent=1) + "\n", encoding="utf-8"
    )


def versions(wheels: Path) -> dict[str, str]:
    """What a visitor gets, by name."""
    lock = json.loads((wheels / "pyodide-lock.json").read_text(encoding="utf-8"))
    project = tomllib.loads((PYLIB / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "pyodide": PINS["pyodide"]["version"],
        "numpy": lock["packages"]["numpy"]["version"],
        "glassnet": project["version"],
    }
