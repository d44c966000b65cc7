"""A static web server for the built site: right types, caching and security headers, no more."""

from __future__ import annotations

import errno
import os
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from .console import BuildError, say
from .headers import common, headers

PORT = 8000
HOST = "127.0.0.1"
TRIES = 20


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with a file below `root`, which appears under `prefix`."""

    protocol_version = "HTTP/1.1"
    root: ClassVar[Path]
    prefix: ClassVar[str] = "/"
    verbose: ClassVar[bool] = True

    def do_GET(self) -> None:
        self.answer(body=True)

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def answer(self, body: bool) -> None:
        """Send the file, 304 if the browser has it, or 404 with the name that was not found."""
        name = self.file_name()
        found = self.content(name) if name is not None else None
        if name is None or found is None:
            fields = {"Content-Type": "text/plain; charset=utf-8", **common()}
            self.send(404, fields, self.not_found(), body)
            return
        data, tag = found
        fields = {**self.fields(name, data), "ETag": tag}
        if self.headers.get("If-None-Match") == tag:
            self.send(304, fields, b"", body)
        else:
            self.send(200, fields, data, body)

    def fields(self, name: str, data: bytes) -> dict[str, str]:
        """The response headers of a file of the site."""
        return headers(name, data)

    def content(self, name: str) -> tuple[bytes, str] | None:
        """The bytes of a site's file, and a tag that changes with them; None if there is none."""
        try:
            path = (self.root / name).resolve()
            if not path.is_relative_to(self.root) or not path.is_file():
                return None
            stat = path.stat()
        except OSError:  # a name that no file system takes, such as one of 5,000 characters
            return None
        return path.read_bytes(), f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'

    def file_name(self) -> str | None:
        """The site's file that the address means, or None if it is outside `prefix`."""
        address = unquote(urlsplit(self.path).path)
        if not address.startswith(self.prefix) or "\0" in address:
            return None
        name = address.removeprefix(self.prefix)
        return f"{name}index.html" if name == "" or name.endswith("/") else name

    def not_found(self) -> bytes:
        return f"404: there is no {self.path} in this site.\n".encode()

    def send(self, status: int, fields: dict[str, str], data: bytes, body: bool) -> None:
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        if self.verbose:
            super().log_message(format, *args)


class Server(ThreadingHTTPServer):
    """One thread a connection; a port that somebody listens on is taken, on every system."""

    daemon_threads = True
    request_queue_size = 64  # a page asks for some forty files at once
    allow_reuse_address = os.name != "nt"  # there it would share the port

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves in the middle of an answer is no error."""
        import sys

        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def handler(site: Path, prefix: str = "/", verbose: bool = True) -> type[Handler]:
    """A handler class bound to a folder and to the path it appears under."""
    fields = {"root": site.resolve(), "prefix": prefix, "verbose": verbose}
    return type("SiteHandler", (Handler,), fields)


def open_server(bound: type[BaseHTTPRequestHandler], host: str, port: int) -> Server:
    """A server on `port` or, where that is taken (which it says), on one of the next."""
    for candidate in range(port, port + TRIES):
        try:
            server = Server((host, candidate), bound)
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise BuildError(f"{host} is not an address of this machine ({error}).") from error
            if error.errno == errno.EACCES:
                raise BuildError(
                    f"Port {candidate} needs more rights; try --port {PORT}."
                ) from error
            if error.errno not in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)):
                raise
            continue
        if candidate != port:
            say(f"Port {port} is taken; using {candidate}.")
        return server
    raise BuildError(f"Ports {port} to {port + TRIES - 1} are all taken; choose one with --port.")


def serve(site: Path, host: str, port: int) -> None:
    """Serve until interrupted."""
    server = open_server(handler(site), host, port)
    shown = "localhost" if host in ("", "0.0.0.0", "::") else host
    say(f"\nglassnet is at http://{shown}:{server.server_port}/   (Ctrl-C stops it)\n")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        say("\nStopped.")
    finally:
        server.server_close()
