"""A web server for the built site and for the runs that are followed.

It listens on this machine alone, unless told otherwise, and answers about runs only those who name
this machine in their request (a page of another site that has got itself our address does not) and,
where others can reach it, bring the token.
"""

from __future__ import annotations

import hmac
import json
import mimetypes
import os
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from glassnet.data.dataset import Dataset
from glassnet.errors import GlassnetError
from glassnet.following.following import Following
from glassnet.following.look import look
from glassnet.run_folder import WEIGHTS

NEWS, LOOK, KEPT = "/runs/news", "/runs/look", "/runs/weights"
TOKEN = "X-Glassnet-Token"
OURS = {"X-Glassnet-Runs": "1"}  # by which the page knows this server
WAIT_S = 10.0  # that a question for news is kept, if there is none
LOOPBACK = ("127.0.0.1", "localhost", "::1")
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}
TYPES |= {".gz": "application/octet-stream", ".ts": "text/plain"}  # the page unpacks it itself

Json = dict[str, Any]


class WatchServer(ThreadingHTTPServer):
    """Serves until `shutdown`.

    Args:
        following: the runs.
        site: the folder of the built site.
        data: what networks are measured on, if there is any.
        host, port: where it listens; port 0: any that is free.
        token: who does not bring it is told nothing of runs; None: this machine alone is served.
    """

    daemon_threads = True
    request_queue_size = 64  # a page asks for some forty files at once
    allow_reuse_address = os.name != "nt"  # there it would share the port

    def __init__(
        self,
        following: Following,
        site: Path,
        data: Dataset | None,
        host: str,
        port: int,
        token: str | None,
    ) -> None:
        self.following, self.site, self.data, self.token = following, site.resolve(), data, token
        self.rules = header_rules(self.site)
        self._looks: dict[str, tuple[int, Json]] = {}  # by run: when its network was kept, and it
        self._looking = threading.Lock()
        super().__init__((host, port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves in the middle of an answer is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def look(self, name: str) -> Json:
        """As `look`, of a run by name; computed once for each network that is kept.

        Raises:
            KeyError: there is no such run.
            GlassnetError, OSError: there is no whole network in it.
        """
        folder = self.following.runs[name].folder
        with self._looking:  # one at a time: they share the processor with the runs themselves
            kept = (folder / WEIGHTS).stat().st_mtime_ns
            if self._looks.get(name, (0,))[0] != kept:
                self._looks[name] = kept, look(folder, self.data)
            return self._looks[name][1]


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    server: WatchServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A file of the site, or something of the runs."""
        asked = {NEWS: self._news, LOOK: self._look, KEPT: self._kept}
        try:
            address = urlsplit(self.path)
            if address.path not in asked:
                self._file(unquote(address.path))
            elif refusal := self._refusal():
                self._say(403, refusal)
            else:
                query = parse_qs(address.query)
                asked[address.path]({key: values[0] for key, values in query.items()})
        except (KeyError, ValueError) as error:
            self._say(404, f"no such thing: {error}")
        except ConnectionError:
            raise  # the browser has left
        except (GlassnetError, OSError) as error:
            self._say(404, str(error))

    do_HEAD = do_GET

    def _refusal(self) -> str | None:
        """Why this request is told nothing of runs; None if it is."""
        token = self.server.token
        if token is None:
            host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
            return None if host in LOOPBACK else f"{host} is not this machine's own address"
        brought = self.headers.get(TOKEN, "")
        right = hmac.compare_digest(brought.encode(), token.encode())
        return None if right else "the token is missing, or another"

    def _news(self, query: dict[str, str]) -> None:
        self._tell(self.server.following.news(int(query.get("after", "0")), WAIT_S))

    def _look(self, query: dict[str, str]) -> None:
        self._tell(self.server.look(query["run"]))

    def _kept(self, query: dict[str, str]) -> None:
        folder = self.server.following.runs[query["run"]].folder
        self._send(200, "application/octet-stream", (folder / WEIGHTS).read_bytes())

    def _file(self, path: str) -> None:
        name = path[1:] + ("index.html" if path.endswith("/") else "")
        file = (self.server.site / name).resolve()
        if not file.is_relative_to(self.server.site) or not file.is_file():
            self._say(404, f"there is no {path} in this site")
            return
        data = file.read_bytes()
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain"
        if kind.startswith("text/"):
            kind += "; charset=utf-8"
        self._send(200, kind, data, self.server.rules(path))

    def _tell(self, document: Json) -> None:
        data = json.dumps(document, allow_nan=False, separators=(",", ":")).encode()
        self._send(200, "application/json", data)

    def _say(self, status: int, text: str) -> None:
        self._send(status, "text/plain; charset=utf-8", f"{text}\n".encode())

    def _send(
        self, status: int, kind: str, data: bytes, fields: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        known = OURS if self.path.startswith("/runs/") else {}
        told = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", **known}
        told |= fields or {}
        for name, value in told.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing of each request."""


def header_rules(site: Path) -> Callable[[str], dict[str, str]]:
    """What the site's own `_headers` says: for a path, the response headers of its file."""
    rules: list[tuple[str, dict[str, str]]] = []
    file = site / "_headers"
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        if line.startswith("/"):
            rules.append((line.strip(), {}))
        elif rules and ":" in line:
            name, _, value = line.partition(":")
            rules[-1][1][name.strip()] = value.strip()

    def fits(rule: str, path: str) -> bool:
        return path.startswith(rule[:-1]) if rule.endswith("*") else path == rule

    def found(path: str) -> dict[str, str]:
        merged: dict[str, str] = {}
        for rule, fields in rules:
            if fits(rule, path):
                merged |= fields
        return merged

    return found
