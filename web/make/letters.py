"""The letters that come with the package, for the pages: they are drawn before Python is there, and
are in no second place."""

from __future__ import annotations

from .settings import PYLIB

FOLDER = PYLIB / "src" / "glassnet" / "data" / "letters"


def read() -> dict[str, dict[str, str]]:
    """`whole` and `damaged`: texts by the names of their files, in the package's order."""
    return {
        kind: {path.name: path.read_text("utf-8") for path in sorted((FOLDER / kind).iterdir())}
        for kind in ("whole", "damaged")
    }
