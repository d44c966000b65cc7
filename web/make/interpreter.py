"""Programs of the build that run in the visitors' own interpreter, under Node (run.mjs): what they
make is the same on every machine, whatever its processor, its load, its Python and its zlib."""

from __future__ import annotations

import json
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
    node: Node, module: str, folders: Mapping[str, Path], *words: str, advice: str = ""
) -> None:
    """Run `python -m MODULE WORDS…` in there. folders: what it finds at /NAME, by name."""
    lock = json.loads((CORE / "pyodide-lock.json").read_text(encoding="utf-8"))
    numpy = SITE / "wheels" / lock["packages"]["numpy"]["file_name"]
    places = [f"{name}={path}" for name, path in folders.items()]
    command = [node.program, RUN, CORE, numpy, ROOT, module, *places, *words]
    run(command, env=node.env, advice=advice)
