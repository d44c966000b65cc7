"""The first moments of a visit, rehearsed: a session that trains, shows, fails and goes on.

What is imported on the way is what the start needs; everything else of the standard library can
wait. Runs inside Pyodide while the site is built.
"""

import sys


def imported() -> str:
    """The names of all modules that a visit's first moments import, one a line."""
    train()
    return "\n".join(sorted(sys.modules))


def train() -> None:
    """Every kind of command once, on a handful of blank digits."""
    import numpy as np

    import glassnet_bridge.rest
    from glassnet_bridge import Session

    glassnet_bridge.rest.install(bytes, sha256="", modules=())
    session = Session()

    def do(kind: str, **message: object) -> None:
        failure = session.handle({"type": kind, **message})
        assert failure is None, failure["traceback"]

    for split in ("train", "test"):
        place = {"name": "mnist", "split": split, "start": 0, "count": 20, "total": 20}
        pixels = np.zeros(20 * 28 * 28, np.uint8)
        labels = (np.arange(20) % 10).astype(np.uint8)
        do("data", **place, rows=28, columns=28, images=pixels, labels=labels)
    do("watch", watch={"digit": {"split": "test", "index": 0}, "weights": True})
    assert session.handle({"type": "configure", "config": {"batch": 0}}) is not None
    do("configure", config={"epochs": 1, "batch": 10})
    do("start")
    while session.busy:
        assert session.advance(5) is None
        assert session.frame() is not None
