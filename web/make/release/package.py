"""The Python package for PyPI: its wheel and its source, checked as pip and a user would."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import shutil
import sys
import tarfile
import tempfile
import tomllib
from email.parser import HeaderParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from .. import venv, widget
from ..console import BuildError, output, run
from ..python_parts import ZIP_EPOCH
from ..settings import MAKE, PYLIB, ROOT, SITE, Settings
from .licences import in_scripts

# What the build makes for notebooks, and whose work is in it; relative to `pylib/src`.
NOTEBOOK = "glassnet/notebook"
BUILT = {f"{NOTEBOOK}/{widget.ENTRY}", f"{NOTEBOOK}/LICENSES.txt"}

# Nothing but numpy comes with it, and a network of it answers.
TRIED = """
import sys
import glassnet as gn

assert gn.__version__ == sys.argv[1], f"glassnet says that it is {gn.__version__}"
network = gn.Network([gn.Dense(3), gn.Dense(2)], shape=(4,), seed=1)
assert "render" in gn.notebook.module.text()
assert network.predict([[0, 1, 0, 1]]).shape == (1, 2)
"""


def project() -> dict[str, Any]:
    """What `pylib/pyproject.toml` says of the package."""
    text = (PYLIB / "pyproject.toml").read_text(encoding="utf-8")
    told: dict[str, Any] = tomllib.loads(text)["project"]
    return told


def make(folder: Path, settings: Settings) -> list[Path]:
    """The wheel and the source archive, in a folder."""
    with tempfile.TemporaryDirectory() as name:
        tree = staged(Path(name, "pylib"))
        wheel, source = built(tree, folder, "wheel"), built(tree, folder, "sdist")
        check_wheel(wheel)
        check_source(source, wheel, Path(name, "again"))
        try_out(wheel, Path(name, "fresh"), settings)
    return [wheel, source]


def staged(tree: Path) -> Path:
    """The package as it is published: with the licence, which lies at the top of the repository,
    and the module for notebooks, which the site has."""
    shutil.copytree(PYLIB, tree, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", ".*"))
    shutil.copy(ROOT / "LICENSE", tree)
    shutil.copy(SITE / widget.ENTRY, tree / "src" / NOTEBOOK)
    (tree / "src" / NOTEBOOK / "LICENSES.txt").write_text(in_scripts(), encoding="utf-8")
    return tree


def built(tree: Path, folder: Path, kind: str) -> Path:
    """A project's "wheel" or "sdist", the same bytes each time; returns its path in `folder`."""
    code = f"import sys, flit_core.buildapi as flit; print(flit.build_{kind}(sys.argv[1]))"
    advice = f"The package metadata in {PYLIB / 'pyproject.toml'} could not be built."
    environment = {"SOURCE_DATE_EPOCH": ZIP_EPOCH}
    command: list[str | Path] = [sys.executable, "-c", code, folder]
    return folder / output(command, cwd=tree, env=environment, advice=advice).strip()


def files() -> set[str]:
    """The modules and data of the package as it is published, relative to `pylib/src`."""
    source = PYLIB / "src"
    found = (path.relative_to(source) for path in source.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if not _made(path)} | BUILT


def _made(path: Path) -> bool:
    """Whether Python or a tool wrote it by the way."""
    return any(
        part == "__pycache__" or part.startswith(".") or part.endswith(".egg-info")
        for part in path.parts
    )


def check_wheel(wheel: Path) -> None:
    """Its files are the package's, each with its sha256, and its metadata are the project's."""
    told = project()
    info = f"{told['name']}-{told['version']}.dist-info"
    with ZipFile(wheel) as archive:
        data = {name: archive.read(name) for name in archive.namelist()}
    about = {f"{info}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt")}
    about.add(f"{info}/licenses/LICENSE")
    _same(wheel, set(data), files() | about)
    recorded = {row[0]: row[1] for row in csv.reader(io.StringIO(data[f"{info}/RECORD"].decode()))}
    _same(wheel, set(recorded), set(data))
    for name, digest in recorded.items():
        found = base64.urlsafe_b64encode(hashlib.sha256(data[name]).digest()).decode().rstrip("=")
        if not name.endswith("/RECORD") and digest != f"sha256={found}":
            raise BuildError(f"{wheel.name}: {name} is not what RECORD says it is.")
    check_metadata(wheel, data[f"{info}/METADATA"].decode(), told)
    if b"py3-none-any" not in data[f"{info}/WHEEL"]:
        raise BuildError(f"{wheel.name} is not for every Python: {info}/WHEEL")


def check_metadata(archive: Path, text: str, told: dict[str, Any]) -> None:
    """What an index shows and pip obeys. text: of METADATA or PKG-INFO. told: by the project."""
    fields = HeaderParser().parsestr(text)
    wanted = {
        "Name": told["name"],
        "Version": told["version"],
        "Summary": told["description"],
        "Requires-Python": told["requires-python"],
        "License-Expression": told["license"],
        "License-File": "LICENSE",
        "Description-Content-Type": "text/markdown",
    }
    for name, value in wanted.items():
        if (fields[name] or "").partition(";")[0] != value:
            raise BuildError(f"{archive.name}: {name} is {fields[name]!r}, not {value!r}.")
    needed = fields.get_all("Requires-Dist") or []
    always = [one for one in needed if "extra ==" not in one]
    if always != told["dependencies"]:
        raise BuildError(f"{archive.name}: Requires-Dist is {always}, not {told['dependencies']}.")
    if (PYLIB / "README.md").read_text(encoding="utf-8").strip() not in fields.get_payload():
        raise BuildError(f"{archive.name}: its description is not pylib/README.md.")


def check_source(source: Path, wheel: Path, folder: Path) -> None:
    """The wheel can be built of it, to the byte, and nothing else lies in it."""
    folder.mkdir()
    with tarfile.open(source) as archive:
        names = {member.name for member in archive.getmembers() if member.isfile()}
        archive.extractall(folder, filter="data")
    top = source.name.removesuffix(".tar.gz")
    wanted = {f"src/{name}" for name in files()}
    wanted |= {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "PKG-INFO"}
    _same(source, names, {f"{top}/{name}" for name in wanted})
    check_metadata(source, (folder / top / "PKG-INFO").read_text(encoding="utf-8"), project())
    if built(folder / top, folder, "wheel").read_bytes() != wheel.read_bytes():
        raise BuildError(f"The wheel that {source.name} makes is not {wheel.name}.")


def try_out(wheel: Path, folder: Path, settings: Settings) -> None:
    """Install it into an environment of its own, import it, run its command."""
    run([sys.executable, "-m", "venv", "--without-pip", folder])
    programs = folder / venv.PYTHON.parent.name
    python = programs / venv.PYTHON.name
    numpy = folder / "numpy.txt"
    numpy.write_text(locked("numpy"), encoding="utf-8")
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    pip += ["--python", python, "install", "--no-compile"]
    kept: list[str | Path] = ["--no-index", "--find-links", settings.cache / "wheels"]
    run([*pip, *kept, "--require-hashes", "-r", numpy], advice=_NUMPY)
    run([*pip, "--no-index", wheel], advice="The wheel could not be installed beside numpy.")
    version = project()["version"]
    output([python, "-I", "-c", TRIED, version], advice=f"{wheel.name} does not work.")
    command = programs / ("glassnet.exe" if programs.name == "Scripts" else "glassnet")
    if f"glassnet {version}" not in output([command, "--version"], advice="The command fails."):
        raise BuildError(f"`glassnet --version` of {wheel.name} does not say {version}.")


def locked(name: str) -> str:
    """The lines of the build's locked requirements about one package, sums and all."""
    text = (MAKE / "requirements.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{name}==(?:.*\\\n)*.*\n", text, re.MULTILINE)
    if not found:
        raise BuildError(f"{MAKE / 'requirements.txt'} locks no {name}.")
    return found[0]


def _same(archive: Path, found: set[str], wanted: set[str]) -> None:
    """BuildError, with the names, where an archive holds other files than it should."""
    for names, words in ((wanted - found, "lacks"), (found - wanted, "should not hold")):
        if names:
            raise BuildError(f"{archive.name} {words} {', '.join(sorted(names))}.")


_NUMPY = (
    "The build keeps numpy's wheel in its cache (GLASSNET_CACHE), and it is gone from there.\n"
    "Run `python3 build.py clean --all`, then build again: it comes back."
)
