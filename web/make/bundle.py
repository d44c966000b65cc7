"""JavaScript and style sheets, bundled by esbuild into files whose names carry their hash.

The workers first, then the pages: they learn the workers' names, and those of the Python parts,
the data and the shipped network, through the constant `__ASSETS__`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from . import node
from .console import output
from .node import Node
from .settings import SITE, WEB

ASSETS = SITE / "assets"
WORKERS = {"worker": "python/worker.js", "wall": "pictures/wall.js"}
FILES = ["svg", "png", "jpg", "webp", "ico", "woff2"]  # taken along as they are

_OPTIONS = [
    "--bundle",
    "--format=esm",
    "--target=es2022",
    "--minify",
    "--sourcemap",
    "--legal-comments=eof",
    "--log-level=warning",
    "--entry-names=[name]-[hash]",
    "--chunk-names=chunk-[hash]",
    "--asset-names=[name]-[hash]",
    *(f"--loader:.{extension}=copy" for extension in FILES),
]


@dataclass(frozen=True)
class Bundle:
    """What esbuild made. entries: output by entry point (relative to web), both as in the site;
    imports: for an output, the other outputs it cannot start without; files: everything written."""

    entries: dict[str, str]
    imports: dict[str, list[str]]
    files: list[Path]


def workers(program: Node) -> Bundle:
    """The workers' modules, one file each: one must start where it cannot import another."""
    return _esbuild(program, list(WORKERS.values()), [])


def pages(program: Node, entries: list[str], assets: dict[str, str]) -> Bundle:
    """The modules, style sheets and files that pages refer to; common code goes into chunks."""
    define = f"--define:__ASSETS__={json.dumps(assets)}"
    return _esbuild(program, entries, ["--splitting", define])


def _esbuild(program: Node, entries: list[str], options: list[str]) -> Bundle:
    with TemporaryDirectory() as folder:
        report = Path(folder) / "meta.json"
        command: list[str | Path] = [node.tool("esbuild"), *entries, *_OPTIONS, *options]
        command += [f"--outdir={ASSETS}", f"--metafile={report}"]
        output(command, cwd=WEB, env=program.env, advice="esbuild could not bundle the pages.")
        outputs: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["outputs"]
    entry_points: dict[str, str] = {}
    imports: dict[str, list[str]] = {}
    for path, made in outputs.items():
        imports[_in_site(path)] = [
            _in_site(item["path"]) for item in made["imports"] if item["kind"] == "import-statement"
        ]
        if "entryPoint" in made:
            entry_points[made["entryPoint"]] = _in_site(path)
    return Bundle(entry_points, imports, [(WEB / path).resolve() for path in outputs])


def _in_site(path: str) -> str:
    """esbuild tells paths relative to web/; the site's are relative to its root."""
    return (WEB / path).resolve().relative_to(SITE).as_posix()
