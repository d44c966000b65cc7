"""Removing what the build made. The cache, shared by all checkouts, goes only when asked for."""

from __future__ import annotations

import shutil

from .console import say
from .settings import DIST, NODE_MODULES, SITE, STAMPS, VENV, Settings


def clean(everything: bool, cache: bool, settings: Settings) -> None:
    """Remove what was made; with `everything` also the tools; with `cache` also the downloads."""
    folders = [SITE, DIST, STAMPS]
    if everything:
        folders += [VENV, NODE_MODULES]
    if cache:  # only what we put there: the folder may be one that somebody keeps other things in
        folders += [settings.cache / name for name in ("wheels", "npm", "parts")]
    for folder in folders:
        if folder.exists():
            say(f"Removing {folder}")
            shutil.rmtree(folder)
