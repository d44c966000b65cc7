"""Third-party files: several places are tried in order, and only the right bytes are taken.

Every file is known by its sha256 before it is looked for, so it does not matter where it comes
from. When no place has it, the error lists each one with the reason.
"""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit
from urllib.request import getproxies

from .console import BuildError, say
from .settings import Settings

CONNECT_SECONDS = 4  # a closed network should be noticed quickly
READ_SECONDS = 20  # without a single byte


class Unavailable(Exception):
    """A source cannot give the file; the text is the reason."""


@dataclass(frozen=True)
class Source:
    """A place where a file may be. read: its bytes, or Unavailable or OSError with the reason."""

    name: str
    read: Callable[[], bytes]
    network: bool = True


def fetch(what: str, sha256: str, sources: Sequence[Source], advice: str, offline: bool) -> bytes:
    """The bytes of `what` from the first source that has them unharmed; BuildError if none has."""
    reasons = []
    for source in sources:
        if source.network and offline:
            reasons.append(f"{source.name}: not asked, because of --offline")
            continue
        try:
            data = source.read()
        except (Unavailable, OSError) as error:
            reasons.append(f"{source.name}: {error}")
            continue
        found = hashlib.sha256(data).hexdigest()
        if found == sha256:
            say(f"{what}: from {source.name}")
            return data
        reasons.append(f"{source.name}: damaged or another version, sha256 {found}")
    listed = "\n".join(f"  - {reason}" for reason in reasons)
    raise BuildError(f"{what} (sha256 {sha256}) could not be had.\nTried:\n{listed}\n{advice}")


def cached(settings: Settings, name: str) -> Path:
    """Where the cache keeps a downloaded file."""
    return settings.cache / "parts" / name


def keep(path: Path, data: bytes) -> None:
    """Write a file in one step, so that nobody ever sees half of it: not even a build in another
    checkout that keeps the same file at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        partial = Path(file.name)
        try:
            file.write(data)
            file.close()
            partial.chmod(0o644)  # a cache may be shared by people, too
            partial.replace(path)
        except BaseException:
            file.close()
            partial.unlink(missing_ok=True)
            raise


def file_source(name: str, path: Path) -> Source:
    """A file on this machine."""

    def read() -> bytes:
        if not path.is_file():
            raise Unavailable("not there")
        return path.read_bytes()

    return Source(f"{name} ({path})", read, network=False)


def url_source(url: str) -> Source:
    """A file on the web."""
    return Source(url, lambda: download(url))


def download(url: str) -> bytes:
    """The bytes at `url`; Unavailable, within seconds, if the host cannot be reached."""
    import requests  # here, so that this file can be read before the environment is filled

    require_reachable(url)
    try:
        response = requests.get(url, timeout=(CONNECT_SECONDS, READ_SECONDS))
    except requests.RequestException as error:
        raise Unavailable(_reason(error)) from error
    if not response.ok:
        raise Unavailable(f"the server answered {response.status_code} {response.reason}")
    return response.content


def require_reachable(url: str) -> None:
    """Unavailable if the host of `url` takes no connection within CONNECT_SECONDS.

    Looking up a name has no time limit of its own, so it happens in a thread we can leave behind.
    Behind a proxy nothing can be told in advance, and nothing is.
    """
    address = urlsplit(url)
    if address.scheme in getproxies() or not address.hostname:
        return
    host, port = address.hostname, address.port or (443 if address.scheme == "https" else 80)
    outcome: list[str] = []

    def connect() -> None:
        try:
            socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
            outcome.append("")
        except OSError as error:
            outcome.append(str(error))

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)
    if not outcome:
        raise Unavailable(f"{host} did not answer within {CONNECT_SECONDS} s")
    if outcome[0]:
        raise Unavailable(f"{host} cannot be reached ({outcome[0]})")


def _reason(error: Exception) -> str:
    """The last, most telling part of a long chain of errors."""
    return str(error).rsplit(": ", 1)[-1].strip("'\")") or type(error).__name__
