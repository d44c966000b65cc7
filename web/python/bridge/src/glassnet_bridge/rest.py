"""What a visit's start leaves out of the standard library and of numpy, brought when asked for.

`stdlib.zip` and `numpy.tar` hold what the first training step imports; `rest.zip` and
`numpy-rest.zip` hold all other modules, and are fetched at the first import of one of them: by a
visitor's own code, by a map of the digits, or never.
"""

from __future__ import annotations

import hashlib
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from importlib import invalidate_caches
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

START = "/lib/python314.zip"
REST = "/lib/python314-rest.zip"


class Later(MetaPathFinder):
    """Asked last, after every other finder has failed.

    Args:
        fetch: gives the compressed archive's bytes, or a page's buffer of them, at once.
        sha256: of those bytes, in hex.
        modules: names of modules and packages in the archive, which has all below them as well.
    """

    def __init__(self, fetch: Callable[[], Any], sha256: str, modules: Iterable[str]) -> None:
        self._fetch, self._sha256, self._modules = fetch, sha256, frozenset(modules)

    def _bring(self, name: str) -> bytes:
        """The archive. Raises ImportError, naming who asked: it does not come, or is damaged."""
        try:
            data = self._fetch()
            data = data.to_bytes() if hasattr(data, "to_bytes") else data
        except Exception as error:
            raise ImportError(f"{name}: its archive could not be fetched: {error}") from error
        if hashlib.sha256(data).hexdigest() != self._sha256:
            raise ImportError(f"{name}: its archive is damaged (its checksum differs)")
        return zlib.decompress(data, wbits=31)


class Rest(Later):
    """Of the standard library: an archive beside the one of the start, which it continues.

    Args:
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
        super().__init__(fetch, sha256, modules)
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
            Path(self._rest).write_bytes(self._bring(name))
        return PathFinder.find_spec(name, places, target)


class Unpacked(Later):
    """Of a package with libraries, which no archive can be linked from: put beside its other files.

    Args:
        folder: of packages.
    """

    def __init__(
        self, fetch: Callable[[], Any], sha256: str, modules: Iterable[str], folder: str
    ) -> None:
        super().__init__(fetch, sha256, modules)
        self._folder, self._there = folder, False

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As `Rest.find_spec`."""
        parts = name.split(".")
        if not any(".".join(parts[:n]) in self._modules for n in range(1, len(parts) + 1)):
            return None
        if not self._there:
            with ZipFile(io.BytesIO(self._bring(name))) as archive:
                archive.extractall(self._folder)
            self._there = True
            invalidate_caches()  # folders are looked into again
        return PathFinder.find_spec(name, path, target)


def install(fetch: Callable[[], Any], sha256: str, modules: Iterable[str], below: str = "") -> None:
    """Let imports find what the start leaves out from now on. below: the folder it is put into."""
    finder = Unpacked(fetch, sha256, modules, below) if below else Rest(fetch, sha256, modules)
    sys.meta_path.append(finder)
