"""The elements for npm: the public script with all that it may ask for, checked by npm and Node."""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from ..bundle import FRONT
from ..console import BuildError, output
from ..node import Node
from ..settings import MAKE, ROOT, SITE
from .licences import third_party
from .package import project

NEEDED = [FRONT, "frame.html", "room.html", "glassnet.d.ts", "custom-elements.json"]
# Of the site: what is for its host, or for others' Pyodide. Its pages come along: figures lead
# to them, and look up the lines of the source.
LEFT_OUT = ("_headers", ".nojekyll", "wheels/")
MAPS = ".map"

# Imported where there is no document, it does nothing and lets the program end.
TRIED = """
const names = () => Object.getOwnPropertyNames(globalThis).join();
const before = names();
const { define } = await import('glassnet');
if (typeof define !== 'function') throw new Error('glassnet exports no define()');
if (names() !== before) throw new Error('glassnet left a global');
import.meta.resolve('glassnet/custom-elements.json');
"""


def make(folder: Path, program: Node) -> Path:
    """The archive, in a folder; the site must be built."""
    with tempfile.TemporaryDirectory() as name:
        tree = staged(Path(name, "package"))
        archive = packed(tree, folder, program)
        check_contents(archive, tree)
        try_out(archive, Path(name, "user"), program)
    return archive


def staged(tree: Path) -> Path:
    """All files of the archive, in a folder of their own."""
    for path in wanted():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SITE / path, tree / path)
    (tree / "package.json").write_text(json.dumps(described(), indent=2) + "\n", encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", tree)
    shutil.copy(MAKE / "release" / "elements.md", tree / "README.md")
    (tree / "THIRD-PARTY.txt").write_text(third_party(), encoding="utf-8")
    for made in tree.rglob("*"):
        made.chmod(0o755 if made.is_dir() else 0o644)  # whatever the umask: npm packs the modes
    return tree


def wanted() -> list[str]:
    """What of the site goes into it, in order."""
    every = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*") if path.is_file())
    if missing := set(NEEDED).difference(every):
        raise BuildError(f"{SITE} has no {', '.join(sorted(missing))}: it is not built.")
    return [path for path in every if not path.startswith(LEFT_OUT) and not path.endswith(MAPS)]


def described() -> dict[str, Any]:
    """The package.json of the archive; its version is the Python package's."""
    told = project()
    return {
        "name": told["name"],
        "version": told["version"],
        "description": "A neural network you can see through: custom elements, Python and all.",
        "keywords": ["custom-elements", "web-components", *told["keywords"]],
        "license": told["license"],
        "type": "module",
        "exports": {
            ".": {"types": "./glassnet.d.ts", "default": f"./{FRONT}"},
            "./*": "./*",
        },
        "main": f"./{FRONT}",
        "types": "./glassnet.d.ts",
        "customElements": "custom-elements.json",
        "sideEffects": True,  # it defines elements, which is why one imports it
    }


def packed(tree: Path, folder: Path, program: Node) -> Path:
    """npm's own archive, which is the same bytes each time."""
    command = [*program.npm, "pack", "--json", "--ignore-scripts", "--pack-destination", folder]
    advice = "npm could not pack the elements."
    told = json.loads(output([*command, tree], cwd=folder, env=program.env, advice=advice))
    return folder / str(told[0]["filename"])


def check_contents(archive: Path, tree: Path) -> None:
    """It holds what was staged, nothing else; package.json names only what is there."""
    with tarfile.open(archive) as opened:
        names = {member.name.removeprefix("package/") for member in opened.getmembers()}
    there = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    for differing, words in ((there - names, "lacks"), (names - there, "should not hold")):
        if differing:
            raise BuildError(f"{archive.name} {words} {', '.join(sorted(differing))}.")
    told = described()
    entry = told["exports"]["."]
    for path in (told["main"], told["types"], told["customElements"], *entry.values()):
        if path.removeprefix("./") not in names:
            raise BuildError(f"{archive.name}: package.json names {path}, which is not in it.")
    manifest = json.loads((tree / told["customElements"]).read_text(encoding="utf-8"))
    for module in manifest["modules"]:
        if module["path"] not in names:
            raise BuildError(
                f"{archive.name}: the manifest names {module['path']}: it is not there."
            )


def try_out(archive: Path, folder: Path, program: Node) -> None:
    """Install it as a user would, and import it in Node."""
    folder.mkdir()
    user = {"name": "user", "private": True, "type": "module"}
    (folder / "package.json").write_text(json.dumps(user), encoding="utf-8")
    install = [*program.npm, "install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"]
    output([*install, archive], cwd=folder, env=program.env, advice="npm could not install it.")
    told = output(
        [program.program, "--input-type=module", "--eval", TRIED],
        cwd=folder,
        env=program.env,
        advice=f"{archive.name} cannot be imported in Node.",
    )
    if told:
        raise BuildError(f"{archive.name}, imported in Node, says something: {told.strip()}")
