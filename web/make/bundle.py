"""JavaScript and style sheets, bundled by esbuild into files whose names carry their hash.

Three times: scripts that stand alone (workers, charts); the pages and figures, which learn of those
and of all other parts through the constant `__ASSETS__`; and the public script at the site's root,
which learns of the figures. Each is told where the root is, seen from it.
Pages learn of the bounds and defaults of what can be set through `__OPTIONS__`, and of the figures
that have a folder of their own (embed/) through `__EMBEDS__`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from . import node
from .console import output
from .node import Node
from .settings import SITE, WEB

ASSETS = SITE / "assets"
GUARD = "pages/guard.js"  # watches over the others, so it must not need one of them
# What these share with others would cut the others' chunks into smaller ones.
APART = ["pages/watch.js", "pages/sweep.js"]
EARLY = "pages/early.js"  # starts Python's worker before the others are there
LANGUAGE = "./kit/navigator.js"  # in the place of the global, for libraries
FRONT = "glassnet.js"  # of the site's root, for other people's pages
POSTERS = "posters.js"  # beside it: which pictures there are
FIGURES = {  # the elements that it knows
    "glass-train": "figures/train/glass-train.js",
    "glass-network": "figures/network/glass-network.js",
    "glass-browse": "figures/browse/glass-browse.js",
    "glass-race": "figures/race/glass-race.js",
}
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
    imports: for an output, the other outputs it cannot start without; files: everything written;
    integrity: of the scripts and style sheets among the outputs, as HTML has it."""

    entries: dict[str, str]
    imports: dict[str, list[str]]
    files: list[Path]
    integrity: dict[str, str] = field(default_factory=dict)

    def __or__(self, other: Bundle) -> Bundle:
        """Both as one."""
        return Bundle(
            self.entries | other.entries,
            self.imports | other.imports,
            self.files + other.files,
            self.integrity | other.integrity,
        )

    def needed(self, module: str) -> set[str]:
        """All modules that `module` imports statically, directly or through others."""
        found: set[str] = set()
        waiting = [module]
        while waiting:
            for path in self.imports.get(waiting.pop(), []):
                if path not in found:
                    found.add(path)
                    waiting.append(path)
        return found


def alone(program: Node, entries: list[str]) -> Bundle:
    """Modules of one file each: a worker must start where it cannot import another, and what is
    fetched later is checked as one file before it runs."""
    return _esbuild(program, entries, {}, [f"--inject:{LANGUAGE}"])


def pages(
    program: Node,
    entries: list[str],
    assets: Mapping[str, Any],
    options: Mapping[str, Any],
    letters: Mapping[str, Any],
    embeds: Sequence[Mapping[str, Any]],
) -> Bundle:
    """The modules, style sheets and files that pages refer to, and the figures; common code goes
    into chunks, and that of the pages that stand apart into others. assets: the table of parts.
    options: what the package declares of its options. letters: those of the package, and what has
    been learned of them. embeds: the canonical figures, each of which has a folder of its own."""
    told = {**constants(assets, options, embeds), "__ROOT__": "../"}
    told["__LETTERS__"] = json.dumps(letters)  # as text: see `constants`
    apart = [entry for entry in entries if entry in APART]
    shared = [entry for entry in entries if entry not in APART]
    made = _esbuild(program, [*shared, *FIGURES.values()], told, ["--splitting"])
    return made | _esbuild(program, apart, told, ["--splitting"]) if apart else made


def constants(
    assets: Mapping[str, Any], options: Mapping[str, Any], embeds: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What figures are told, wherever they are; see `pages`. esbuild puts all constants that are
    objects into one chunk, which every page then fetches: a large one of few pages is text."""
    told = {"__ASSETS__": assets, "__TOKENS__": _tokens()}
    run, lr = options["run"], options["optimizers"]["sgd"]["lr"]  # those of fields, of them all
    fields = {"run": {name: run[name] for name in ("batch", "seed", "epochs")}}
    fields |= {"optimizers": {"sgd": {"lr": lr}}}
    fields |= {"defaults": {"optimizer": {"lr": options["defaults"]["optimizer"]["lr"]}}}
    return told | {"__OPTIONS__": fields, "__EMBEDS__": json.dumps(embeds)}


def text(program: Node, entry: str, told: Mapping[str, Any] | None = None) -> str:
    """One module by itself, as text. told: constants for it."""
    command: list[str | Path] = [node.tool("esbuild"), entry, "--bundle", "--minify"]
    command += ["--format=iife", "--target=es2022", "--log-level=warning"]
    command += _constants(told or {})
    advice = "esbuild could not bundle the pages."
    return output(command, cwd=WEB, env=program.env, advice=advice)


def front(
    program: Node, figures: Mapping[str, Any], digits: int, embeds: Sequence[Mapping[str, Any]]
) -> Bundle:
    """The public script, under its plain name, and what it fetches by one. figures: by tag, the
    modules it needs. digits: bytes of all of them. embeds: figures that there are pictures of."""
    told = {"__FIGURES__": figures, "__ROOT__": "./", "__DIGITS__": digits}
    posters = root(program, f"embed/{POSTERS}", {"__EMBEDS__": json.dumps(embeds)})
    return root(program, FRONT, told) | posters


def root(program: Node, entry: str, told: Mapping[str, Any], options: Sequence[str] = ()) -> Bundle:
    """A script that must lie at the site's root, under its own name. told: constants for it."""
    return _esbuild(program, [entry], told, ["--entry-names=[name]", *options], SITE)


def _tokens() -> str:
    """The design tokens as figures take them along, without comments."""
    text = re.sub(
        r"/\*.*?\*/",
        "",
        (WEB / "styles" / "tokens.css").read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    return re.sub(r"\s+", " ", text).strip()


def _esbuild(
    program: Node,
    entries: list[str],
    told: Mapping[str, Any],
    options: Sequence[str] = (),
    folder: Path = ASSETS,
) -> Bundle:
    """Bundle `entries` into `folder`. told: constants for the scripts."""
    options = [*options, *_constants(told)]
    with TemporaryDirectory() as temporary:
        report = Path(temporary) / "meta.json"
        command: list[str | Path] = [node.tool("esbuild"), *entries, *_OPTIONS, *options]
        command += [f"--outdir={folder}", f"--metafile={report}"]
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
    files = [(WEB / path).resolve() for path in outputs]
    code = [path for path in files if path.suffix in (".js", ".css")]
    sums = {path.relative_to(SITE).as_posix(): integrity_of(path.read_bytes()) for path in code}
    return Bundle(entry_points, imports, files, sums)


def _constants(told: Mapping[str, Any]) -> list[str]:
    return [f"--define:{name}={json.dumps(value)}" for name, value in told.items()]


def integrity_of(data: bytes) -> str:
    """What a file must be, as HTML and `fetch` have it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()


def _in_site(path: str) -> str:
    """esbuild tells paths relative to web/; the site's are relative to its root."""
    return (WEB / path).resolve().relative_to(SITE).as_posix()
