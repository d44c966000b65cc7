"""Programs of the build that run in the visitors' own interpreter, under Node (run.mjs): what they
make is the same on every machine, whatever its processor, its load, its Python and its zlib."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .console import run
from .kernel import BUILT
from .node import Node
from .settings import MAKE, NODE_MODULES, ROOT, SITE

CORE = NODE_MODULES / "pyodide"
RUN = MAKE / "run.mjs"
# All that such a program's result depends on, beside itself, the package and its input.
PARTS = [RUN, MAKE / "arithmetic.py", MAKE / "pins.toml", BUILT / "simd128.wasm"]


def run_module(
    node: Node, module: str, folders: Mapping[str, Path], *words: str | Path, advice: str = ""
) -> None:
    """Run `python -m MODULE WORDS…` in there. folders: what it finds at /NAME, by name. A wheel
    among the words is installed."""
    places = [f"{name}={path}" for name, path in folders.items()]
    run([node.program, RUN, CORE, ROOT, module, *places, *words], env=node.env, advice=advice)


def numpy() -> Path:
    """The wheel of the visitors' numpy, in the site."""
    lock = json.loads((CORE / "pyodide-lock.json").read_text(encoding="utf-8"))
    return SITE / "wheels" / str(lock["packages"]["numpy"]["file_name"])


def gzipped(node: Node, files: Mapping[str, bytes], level: int) -> dict[str, bytes]:
    """Files compressed by the visitors' zlib, by name."""
    with tempfile.TemporaryDirectory() as name:
        raw, packed = Path(name, "raw"), Path(name, "packed")
        raw.mkdir()
        packed.mkdir()
        for file, data in files.items():
            (raw / file).write_bytes(data)
        run_module(node, "make.pack", {"raw": raw, "packed": packed}, str(level))
        return {file: (packed / file).read_bytes() for file in files}
