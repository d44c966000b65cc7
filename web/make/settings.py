"""Where things are, and what this run of the build was asked to do. Nothing here does anything."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
MAKE = WEB / "make"
PYLIB = ROOT / "pylib"
BRIDGE = WEB / "python" / "bridge"
TESTS = ROOT / "tests"
NODE_MODULES = WEB / "node_modules"

VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
SITE = ROOT / "_site"
DIST = ROOT / "dist"  # a release's archives

PYTHON_MINIMUM = (3, 11)
NODE_MINIMUM = 20


@dataclass(frozen=True)
class Settings:
    """The options that every command shares.

    offline: nothing is fetched, only what is cached or on this machine is used.
    mnist: a folder with the four IDX files, gzipped or not; None to look elsewhere.
    parts: a folder with third-party files fetched by hand (numpy's wheel for Pyodide).
    address: where the site will be; None if that is not known.
    cache: what was downloaded once, shared by all checkouts.
    """

    offline: bool
    mnist: Path | None
    parts: Path | None
    cache: Path
    address: str | None = None


def settings(
    offline: bool = False, mnist: str | None = None, address: str | None = None
) -> Settings:
    """Settings from the command line's options, then the environment, then the defaults."""
    return Settings(
        offline=offline,
        mnist=_folder(mnist or os.environ.get("GLASSNET_MNIST")),
        parts=_folder(os.environ.get("GLASSNET_PARTS")),
        cache=_folder(os.environ.get("GLASSNET_CACHE")) or Path.home() / ".cache" / "glassnet",
        address=address or os.environ.get("GLASSNET_ADDRESS") or None,
    )


def _folder(name: str | None) -> Path | None:
    return Path(name).expanduser().resolve() if name else None
