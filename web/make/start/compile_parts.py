"""The interpreter's parts as bytecode: what a visit needs at once, and what can wait.

Pyodide ships its standard library and numpy as source, which every visitor's interpreter would
compile again at every start: more than half of the whole start. Runs inside Pyodide, whose own
bytecode this has to be. Nothing is compressed here: the archives are compressed whole, for the
wire, and opened by the browser.
"""

import importlib.util
import io
import marshal
import tarfile
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]
from pathlib import Path, PurePosixPath

from later import changed  # type: ignore[import-not-found]  # it lies beside it there

OURS = ("glassnet", "glassnet_bridge")

# numpy without what no page can use: its tests, type stubs, C headers and Fortran compiler.
UNUSED_FOLDERS = {"tests", "include", "f2py", "_pyinstaller", "distutils"}
UNUSED_SUFFIXES = {".pyi", ".h", ".c", ".pxd", ".pyx", ".a", ".build", ".typed"}


def packages(wheels: str, out: str) -> None:
    """numpy.tar and glassnet.tar, with all that is in the wheels in a folder."""
    found = {path.name.split("-")[0]: path for path in Path(wheels).glob("*.whl")}
    write_tar(Path(out, "numpy.tar"), numpy_files(found.pop("numpy")))
    ours = [file for name in sorted(found) for file in our_files(found[name])]
    write_tar(Path(out, "glassnet.tar"), ours)


def split_numpy(wheels: str, out: str, used: str) -> None:
    """numpy.tar with the modules in `used` (one a line), numpy-rest.zip with everything else."""
    (wheel,) = Path(wheels).glob("numpy-*.whl")
    wanted = set(used.split())
    parts: dict[bool, list[tuple[str, bytes]]] = {True: [], False: []}
    for name, data in numpy_files(wheel):
        about = name.endswith(".dist-info/METADATA")  # what tells its version
        parts[about or module_of(name) in wanted].append((name, data))
    write_tar(Path(out, "numpy.tar"), parts[True])
    write_zip(Path(out, "numpy-rest.zip"), parts[False])


def numpy_files(wheel: Path) -> list[tuple[str, bytes]]:
    """numpy as bytecode only, without docstrings, and with the changes of later.py."""
    files = []
    for name, data in members(wheel):
        path = PurePosixPath(name)
        if UNUSED_FOLDERS & set(path.parts) or path.suffix in UNUSED_SUFFIXES:
            continue
        if path.suffix == ".py":
            files.append((f"{name}c", bytecode(changed(name, data), name, strip=True)))
        else:
            files.append((name, data))
    return files


def our_files(wheel: Path) -> list[tuple[str, bytes]]:
    """Our packages as source, which the pages show, and as bytecode beside it."""
    files = []
    for name, data in members(wheel):
        files.append((name, data))
        if name.endswith(".py"):
            installed = f"/lib/python3.14/site-packages/{name}"
            cached = importlib.util.cache_from_source(name)
            files.append((cached, bytecode(data, installed, strip=False)))
    return files


def standard_library(archive: str, out: str, used: str) -> None:
    """stdlib.zip with the modules in `used` (one a line), rest.zip with all others."""
    wanted = set(used.split())
    start: list[tuple[str, bytes]] = []
    rest: list[tuple[str, bytes]] = []
    for name, data in members(Path(archive)):
        if not name.endswith(".py"):
            rest.append((name, data))
            continue
        part = start if module_of(name) in wanted else rest
        part.append((f"{name}c", bytecode(data, f"/lib/python314.zip/{name}", strip=True)))
    write_zip(Path(out, "stdlib.zip"), start)
    write_zip(Path(out, "rest.zip"), rest)


def module_of(path: str) -> str:
    """The name of a module by its file: a/b.py, a/b/__init__.pyc, a/b.cpython-314-wasm32.so."""
    folder, _, file = path.rpartition("/")
    name = f"{folder}/{file.partition('.')[0]}" if folder else file.partition(".")[0]
    return name.replace("/", ".").removesuffix(".__init__")


def members(archive: Path) -> list[tuple[str, bytes]]:
    """A zip's files, by name."""
    with zipfile.ZipFile(archive) as opened:
        names = sorted(name for name in opened.namelist() if not name.endswith("/"))
        return [(name, opened.read(name)) for name in names]


def bytecode(source: bytes, filename: str, strip: bool) -> bytes:
    """A .pyc that is never checked against its source; `strip` drops docstrings and asserts."""
    code = compile(source, filename, "exec", dont_inherit=True, optimize=2 if strip else 0)
    assert marshal.loads(marshal.dumps(code)) == code
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), False))


def write_tar(path: Path, files: list[tuple[str, bytes]]) -> None:
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def write_zip(path: Path, files: list[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
