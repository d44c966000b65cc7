"""Third-party files pinned in pins.toml; all others are pinned by lock files."""

from __future__ import annotations

import hashlib
import tomllib
from typing import Any

from .console import BuildError
from .settings import MAKE

PINS: dict[str, Any] = tomllib.loads((MAKE / "pins.toml").read_text(encoding="utf-8"))


def verify(what: str, data: bytes, sha256: str, advice: str) -> bytes:
    """`data` itself if its sha256 is right; else a BuildError that names the file."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise BuildError(
            f"{what} is damaged or another version: sha256 {found} instead of {sha256}.\n{advice}"
        )
    return data
