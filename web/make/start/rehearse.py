"""The first moments of a visit, rehearsed: a host that trains, shows, fails and goes on.

What is imported on the way is what the start needs; everything else of the standard library can
wait. Runs inside Pyodide while the site is built.
"""

import sys


def imported() -> str:
    """The names of all modules that a visit's first moments import, one a line."""
    train()
    return "\n".join(sorted(sys.modules))


def train() -> None:
    """Every kind of request of a first visit once, on a handful of blank digits."""
    import numpy as np

    import glassnet_bridge.rest
    from glassnet_bridge import Host

    glassnet_bridge.rest.install(bytes, sha256="", modules=())
    host = Host()

    def ask(kind: str, **message: object) -> None:
        answer = host.handle({"type": kind, **message})
        assert "failure" not in answer, answer["failure"]["traceback"]

    for split in ("train", "test"):
        place = {"name": "mnist", "split": split, "start": 0, "count": 20, "total": 20}
        pixels = np.zeros(20 * 28 * 28, np.uint8)
        labels = (np.arange(20) % 10).astype(np.uint8)
        ask("data", set="digits", **place, rows=28, columns=28, images=pixels, labels=labels)
    assert "failure" in host.handle({"type": "create", "config": {"batch": 0}})
    ask("create", run="run", set="digits", config={"epochs": 1, "batch": 10})
    names = ["x", "layers.*.a", "layers.*.weight", "layers.*.bias"]
    watch = {"digit": {"split": "test", "index": 0}, "arrays": names}
    ask("watch", reader="page", run="run", **watch)
    ask("start", run="run")
    ask("state", run="run")
    while host.busy:
        assert host.silence >= 0
        assert host.advance(5) is None
        for told in host.frames() or []:
            host.acknowledge("page", told["frame"]["id"])
