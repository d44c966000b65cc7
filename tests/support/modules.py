"""The modules that start Python and speak to it, as they stand in web/: for pages and workers that
have nothing else of the site."""

from __future__ import annotations

from make.settings import WEB

MODULES = sorted(
    path.relative_to(WEB).as_posix()
    for room in ("python", "wire")
    for path in (WEB / room).glob("*.js")
    if path.stem not in ("places", "worker")  # these need what only the build tells
)
