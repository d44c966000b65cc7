"""A server of the built site and of the bench's own pages, that notes every byte it sends."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.line import Line
from make.headers import FOREVER
from make.serve import Handler, Server


@dataclass(frozen=True)
class Sent:
    """One answer. at: seconds since 1970, when it was asked for. body: b"" for "not modified"."""

    name: str
    at: float
    body: bytes

    @property
    def wire(self) -> int:
        """Bytes as a static host sends them: gzipped, if that makes them fewer."""
        key = (self.name, len(self.body))
        if key not in _SIZES:
            _SIZES[key] = min(len(self.body), len(gzip.compress(self.body, 6)))
        return _SIZES[key]


_SIZES: dict[tuple[str, int], int] = {}


@dataclass
class BenchServer:
    """url: of the root, with a slash at its end. sent: what was sent so far; clear it at will.

    files: the bench's own, by name: bytes, or a path. They have no security policy, as other
    people's pages have none, and stay in the browser's cache.
    """

    url: str
    files: dict[str, bytes | Path]
    sent: list[Sent] = field(default_factory=list)


@contextmanager
def running(
    site: Path, files: Mapping[str, bytes | Path], line: Line | None = None
) -> Iterator[BenchServer]:
    """Serve `site`, and `files` over it; over a slow line, if one is given."""
    bench = BenchServer("", dict(files))

    class BenchHandler(Handler):
        root = site.resolve()
        verbose = False

        def content(self, name: str) -> tuple[bytes, str] | None:
            if name not in bench.files:
                return super().content(name)
            own = bench.files[name]
            return own if isinstance(own, bytes) else own.read_bytes(), f'"{name}"'

        def fields(self, name: str, data: bytes) -> dict[str, str]:
            fields = super().fields(name, data)
            if name in bench.files:
                del fields["Content-Security-Policy"]
                fields["Cache-Control"] = "no-cache" if name.endswith(".html") else FOREVER
            return fields

        def send(self, status: int, fields: dict[str, str], data: bytes, body: bool) -> None:
            sent = Sent(self.file_name() or self.path, time.time(), data)
            bench.sent.append(sent)
            if line is None:
                super().send(status, fields, data, body)
                return
            wire = sent.wire
            time.sleep(max(0.0, sent.at + line.latency - time.time()))
            super().send(status, fields, data, body=False)
            if body:
                line.send(self.wfile, data, wire)

    if line is not None:
        _weigh(site, files)
    server = Server(("127.0.0.1", 0), BenchHandler)
    options: dict[str, Any] = {"poll_interval": 0.05}
    thread = threading.Thread(target=server.serve_forever, kwargs=options)
    thread.start()
    bench.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield bench
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _weigh(site: Path, files: Mapping[str, bytes | Path]) -> None:
    """Compress everything once, so that nobody waits for it later."""
    for path in site.rglob("*"):
        if path.is_file() and path.suffix != ".map":
            _ = Sent(path.relative_to(site).as_posix(), 0, path.read_bytes()).wire
    for name, own in files.items():
        _ = Sent(name, 0, own if isinstance(own, bytes) else own.read_bytes()).wire
