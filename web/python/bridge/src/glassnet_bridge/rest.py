"""The part of the standard library that a visit's start leaves out, brought when it is asked for.

`stdlib.zip` holds what the first training step imports; `rest.zip` holds all other modules, and
is fetched at the first import of one of them: by a visitor's own code, as a rule, or never.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

START = "/lib/python314.zip"
REST = "/lib/python314-rest.zip"


class Rest(MetaPathFinder):
    """Asked last, after every other finder has failed.

    Args:
        fetch: gives the compressed archive's bytes, or a page's buffer of them, at once.
        sha256: of those bytes, in hex.
        modules: the names of the archive's top-level modules and packages.
        start, rest: where the archive of the start lies, and where the rest is to lie.
    """

    def __init__(
        self,
        fetch: Callable[[], Any],
        sha256: str,
        modules: Iterable[str],
        start: str = START,
        rest: str = REST,
    ) -> None:
        self._fetch, self._sha256, self._modules = fetch, sha256, frozenset(modules)
        self._start, self._rest = start, rest

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module of the rest lies; None for one that is not part of it.

        Raises:
            ImportError: the archive could not be fetched, or is damaged.
        """
        if path is None:
            places = [self._rest] if name in self._modules else []
        else:  # a module of a package: its folder is continued in the rest
            places = [
                place.replace(self._start, self._rest, 1)
                for place in path
                if place.startswith(self._start)
            ]
        if not places:
            return None
        if not Path(self._rest).exists():
            self._bring(name)
        return PathFinder.find_spec(name, places, target)

    def _bring(self, name: str) -> None:
        try:
            data = self._fetch()
            data = data.to_bytes() if hasattr(data, "to_bytes") else data
        except Exception as error:
            raise ImportError(f"{name}: its archive could not be fetched: {error}") from error
        if hashlib.sha256(data).hexdigest() != self._sha256:
            raise ImportError(f"{name}: its archive is damaged (its checksum differs)")
        Path(self._rest).write_bytes(zlib.decompress(data, wbits=31))


def install(fetch: Callable[[], Any], sha256: str, modules: Iterable[str]) -> None:
    """Let imports find the rest of the standard library from now on."""
    sys.meta_path.append(Rest(fetch, sha256, modules))
