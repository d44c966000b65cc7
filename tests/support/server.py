"""The site behind a real server, in a thread; a test may put answers of its own over files."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from make.serve import Handler, Server


@dataclass(frozen=True)
class Answer:
    """What the server says instead of the site's own file. headers: these win over the site's;
    stalled: it says nothing, for as long as this answer is in the overlay."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    stalled: bool = False


@dataclass(frozen=True)
class SiteServer:
    """A running server. url: of the site's root, with a slash at its end. overlay: answers by the
    file's path in the site; they may be changed while it runs. requested: the files asked for."""

    url: str
    overlay: dict[str, Answer]
    requested: list[str]


@contextmanager
def running(
    site: Path, overlay: Mapping[str, Answer] | None = None, prefix: str = "/"
) -> Iterator[SiteServer]:
    """Serve `site` under `prefix`, with the headers of the real server."""
    answers = dict(overlay or {})
    requested: list[str] = []

    class OverlayHandler(Handler):
        root = site.resolve()
        verbose = False

        def answer(self, body: bool) -> None:
            name = self.file_name()
            if name is not None:
                requested.append(name)
            if name is None or name not in answers:
                super().answer(body)
                return
            chosen = answers[name]
            if chosen.stalled:
                while answers.get(name) is chosen:
                    time.sleep(0.02)
                super().answer(body)
                return
            self.send(
                chosen.status,
                {**self.fields(name, chosen.body), **chosen.headers},
                chosen.body,
                body,
            )

    OverlayHandler.prefix = prefix
    server = Server(("127.0.0.1", 0), OverlayHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield SiteServer(f"http://127.0.0.1:{server.server_port}{prefix}", answers, requested)
    finally:
        answers.clear()
        server.shutdown()
        server.server_close()
        thread.join()
